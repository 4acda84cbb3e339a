import { z } from "zod";
import {
  RULE_ACTIONS,
  RULE_FAILS,
  RULE_MODES,
  RULE_STAGES,
  RULE_TYPES,
  type RuleStage,
} from "./guardrail-verdict.ts";
import { instantOutput } from "./instants.ts";
import { adminOperations } from "./operation.ts";
import { listQuery } from "./paging.ts";
import { idParams } from "./params.ts";
import { expectedVersion } from "./stale.ts";

/** Guardrail rules: what is looked for in requests and answers, and what happens then. */
export const STAGE_CHOICES = [...RULE_STAGES, "both"] as const;
export type StageChoice = (typeof STAGE_CHOICES)[number];

const BOTH: readonly RuleStage[] = ["pre", "post"];

/** The stages that a choice stands for: `both` is the request and the answer. */
export function stagesOf(choice: StageChoice): RuleStage[] {
  return choice === "both" ? [...BOTH] : [choice];
}

/** The choice that stands for these stages. */
export function stageChoiceOf(stages: readonly RuleStage[]): StageChoice {
  return BOTH.every((stage) => stages.includes(stage)) ? "both" : (stages[0] ?? "pre");
}

const ruleName = z
  .string()
  .trim()
  .min(1)
  .max(80)
  // It stands in quotes in a response header.
  .regex(/^[^\p{Cc}"\\]+$/u, "must hold no quotes, backslashes or control characters");

const ruleScopeInput = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("organization") }),
  z.strictObject({ kind: z.literal("team"), id: z.uuid() }),
  z.strictObject({ kind: z.literal("key"), id: z.uuid() }),
  z.strictObject({ kind: z.literal("alias"), name: z.string().min(1).max(256) }),
]);

const ruleFields = {
  description: z.string().trim().max(500).nullable().optional(),
  mode: z.enum(RULE_MODES).optional().meta({
    description: "`shadow` finds and records, and changes nothing. New rules start in it.",
  }),
  scope: ruleScopeInput.optional().meta({
    description:
      "Whose requests it holds for; everybody's when left out. Rules of all scopes that fit a request apply to it together.",
  }),
  fail: z.enum(RULE_FAILS).optional().meta({
    description:
      "What a request goes by when the rule cannot say anything: `closed` (the default) refuses it.",
  }),
  priority: z.int().min(1).max(1_000_000).optional().meta({
    description: "Lower runs first. A new rule comes last when left out.",
  }),
  config: z.record(z.string(), z.unknown()).optional().meta({
    description: "What the type needs to know; `GET /guardrails/types` has its schema.",
  }),
  secret: z.string().min(1).max(4096).nullable().optional().meta({
    description:
      "A signing secret or an API key, for types that talk to another service. It is never shown again; a change of the service's address needs it anew.",
  }),
  message: z.string().trim().min(1).max(500).nullable().optional().meta({
    description: "What a caller is told who is blocked; the gateway's own words when null.",
  }),
};

const stage = z.enum(STAGE_CHOICES).meta({
  description:
    "`pre` before anything is sent, `during` beside the upstream, `post` on the answer, `both` for pre and post.",
});
const action = z.enum(RULE_ACTIONS).meta({
  description:
    "`redact` leaves a label in place of what was found; `mask` sends a placeholder and gives the caller the original back.",
});

export const guardrailCreate = z
  .strictObject({ name: ruleName, type: z.enum(RULE_TYPES), stage, action, ...ruleFields })
  .meta({ id: "GuardrailRuleCreate" });
export type GuardrailCreate = z.infer<typeof guardrailCreate>;

export const guardrailUpdate = z
  .strictObject({
    name: ruleName.optional(),
    stage: stage.optional(),
    action: action.optional(),
    ...ruleFields,
    expected_version: expectedVersion,
  })
  .meta({ id: "GuardrailRuleUpdate" });
export type GuardrailUpdate = z.infer<typeof guardrailUpdate>;

export const guardrailOrder = z
  .strictObject({
    ids: z.array(z.uuid()).min(1).max(1000).meta({
      description: "Every rule once, the one that runs first at the front.",
    }),
  })
  .meta({ id: "GuardrailOrder" });
export type GuardrailOrder = z.infer<typeof guardrailOrder>;

export const guardrailQuery = listQuery.extend({
  type: z.enum(RULE_TYPES).optional(),
  mode: z.enum(RULE_MODES).optional(),
});
export type GuardrailQuery = z.infer<typeof guardrailQuery>;

export const guardrailInfo = z
  .object({
    id: z.uuid(),
    name: z.string(),
    description: z.string().nullable(),
    type: z.enum(RULE_TYPES),
    stage: z.enum(STAGE_CHOICES),
    action: z.enum(RULE_ACTIONS),
    mode: z.enum(RULE_MODES),
    scope: z.union(ruleScopeInput.options),
    fail: z.enum(RULE_FAILS),
    priority: z.int(),
    config: z.record(z.string(), z.unknown()).nullable().meta({
      description: "Null for those who may not set rules: it can hold addresses.",
    }),
    secret: z.object({ set: z.boolean(), last4: z.string().nullable() }),
    message: z.string().nullable(),
    version: z.int().meta({ description: "Raised by every edit." }),
    created_at: instantOutput,
    updated_at: instantOutput,
  })
  .meta({ id: "GuardrailRule" });
export type GuardrailInfo = z.infer<typeof guardrailInfo>;

const guardrailList = z.object({ rules: z.array(guardrailInfo), total: z.int() });

/** What a type of rule is and takes. */
export const guardrailType = z
  .object({
    type: z.enum(RULE_TYPES),
    label: z.string(),
    description: z.string(),
    stages: z.array(z.enum(RULE_STAGES)),
    actions: z.array(z.enum(RULE_ACTIONS)),
    secret: z.object({ label: z.string(), required: z.boolean() }).nullable(),
    config_schema: z.record(z.string(), z.unknown()).meta({
      description: "JSON Schema of `config`.",
    }),
  })
  .meta({ id: "GuardrailType" });
export type GuardrailType = z.infer<typeof guardrailType>;

const TYPES_LIST = z.object({ types: z.array(guardrailType) });

export const GUARDRAIL_OPERATIONS = adminOperations("Guardrails", [
  {
    method: "get",
    path: "/guardrails/types",
    id: "listGuardrailTypes",
    scope: "guardrail.read",
    summary: "List the types of rules and what each takes",
    answer: TYPES_LIST,
  },
  {
    method: "get",
    path: "/guardrails/rules",
    id: "listGuardrailRules",
    scope: "guardrail.read",
    summary: "List rules in the order in which they run",
    query: guardrailQuery,
    answer: guardrailList,
  },
  {
    method: "post",
    path: "/guardrails/rules",
    id: "createGuardrailRule",
    scope: "guardrail.set",
    summary: "Create a rule",
    body: guardrailCreate,
    status: 201,
    answer: guardrailInfo,
  },
  {
    method: "get",
    path: "/guardrails/rules/{id}",
    id: "getGuardrailRule",
    scope: "guardrail.read",
    summary: "Show a rule",
    params: idParams,
    answer: guardrailInfo,
  },
  {
    method: "patch",
    path: "/guardrails/rules/{id}",
    id: "updateGuardrailRule",
    scope: "guardrail.set",
    summary: "Change a rule",
    params: idParams,
    body: guardrailUpdate,
    answer: guardrailInfo,
  },
  {
    method: "delete",
    path: "/guardrails/rules/{id}",
    id: "deleteGuardrailRule",
    scope: "guardrail.set",
    summary: "Delete a rule",
    params: idParams,
    status: 204,
  },
  {
    method: "post",
    path: "/guardrails/order",
    id: "orderGuardrailRules",
    scope: "guardrail.set",
    summary: "Set the order in which rules run",
    body: guardrailOrder,
    answer: guardrailList,
  },
]);
