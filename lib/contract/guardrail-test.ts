import { z } from "zod";
import { chatMessage } from "./chat.ts";
import { guardrailCreate } from "./guardrail.ts";
import { GUARDRAIL_RESULTS, RULE_ACTIONS, RULE_STAGES } from "./guardrail-verdict.ts";
import { adminOperations } from "./operation.ts";
import { ruleVerdict } from "./rule-verdict.ts";

/** Trying rules out: on a made-up request, and on requests that were stored. */
const draft = guardrailCreate.partial({ name: true });

/** A rule that is not saved, or a saved one (`rule_id`) as a form would change it. */
const draftFields = {
  draft: draft.optional().meta({
    description: "A rule as it would be saved. It is tried as if it were enforced.",
  }),
  rule_id: z.uuid().optional().meta({
    description: "The saved rule that is meant, or that the draft would take the place of.",
  }),
};

export const guardrailTest = z
  .strictObject({
    messages: z.array(chatMessage).min(1).max(500).meta({
      description: "The messages of a chat request.",
    }),
    answer: z.string().max(1_000_000).optional().meta({
      description: "What a model would answer; the rules for answers read it.",
    }),
    model: z.string().min(1).max(256).optional().meta({
      description: "The name that the request asks for: rules of that alias apply.",
    }),
    key_id: z.uuid().optional().meta({ description: "As a request of this key." }),
    team_id: z.uuid().optional().meta({ description: "As a request of this team." }),
    ...draftFields,
    only: z.boolean().default(false).meta({
      description: "Whether to run the draft or the named rule alone.",
    }),
  })
  .meta({ id: "GuardrailTest" });
export type GuardrailTest = z.infer<typeof guardrailTest>;

const testText = z.object({
  side: z.enum(["request", "answer"]),
  path: z.string().meta({ description: "Where it stands, as `messages[0].content`." }),
  origin: z.string(),
  before: z.string(),
  after: z.string().meta({ description: "As it would be sent on." }),
  spans: z
    .array(z.object({ start: z.int(), end: z.int(), kind: z.string(), rule: z.string() }))
    .meta({ description: "What rules found in `before`: UTF-16 offsets, `end` exclusive." }),
});
export type TestText = z.infer<typeof testText>;

export const guardrailTestResult = z
  .object({
    result: z.enum(GUARDRAIL_RESULTS).nullable().meta({
      description: "All verdicts in one word; null when no rule applies.",
    }),
    blocked: z
      .object({
        stage: z.enum(RULE_STAGES),
        rule: z.string(),
        why: z.enum(["found", "failed"]).meta({
          description: "`failed`: nothing was found, but the rule has to be heard.",
        }),
        message: z.string().nullable().meta({
          description: "The rule's own words; null where the gateway uses its own.",
        }),
      })
      .nullable()
      .meta({ description: "What the caller would have been refused with." }),
    verdicts: z.array(ruleVerdict),
    texts: z.array(testText),
  })
  .meta({ id: "GuardrailTestResult" });
export type GuardrailTestResult = z.infer<typeof guardrailTestResult>;

const BACKTEST_MOST = 1000;

export const guardrailBacktest = z
  .strictObject({
    ...draftFields,
    limit: z.int().min(10).max(BACKTEST_MOST).default(200).meta({
      description: "So many of the latest stored requests.",
    }),
  })
  .refine(({ draft: given, rule_id: id }) => given !== undefined || id !== undefined, {
    message: "needs a draft or a rule_id",
    path: ["rule_id"],
  })
  .meta({ id: "GuardrailBacktest" });
export type GuardrailBacktest = z.infer<typeof guardrailBacktest>;

const backtestSample = z.object({
  request_id: z.uuid(),
  at: z.string(),
  stage: z.enum(RULE_STAGES),
  matches: z.int(),
  kinds: z.record(z.string(), z.int()),
  score: z.number().nullable(),
});
export type BacktestSample = z.infer<typeof backtestSample>;

export const guardrailBacktestResult = z
  .object({
    looked_at: z.int().meta({ description: "Stored requests that were opened." }),
    out_of_scope: z.int().meta({ description: "Of these, requests that the rule is not for." }),
    unreadable: z.int().meta({
      description: "Of these, requests whose text is cut, or does not open any more.",
    }),
    passed: z.int(),
    skipped: z.int().meta({ description: "Requests without any text for the rule to read." }),
    failed: z.int().meta({ description: "Requests that the rule could say nothing about." }),
    acted: z.int().meta({ description: "Requests that its action would have hit." }),
    action: z.enum(RULE_ACTIONS),
    matches: z.int(),
    kinds: z.record(z.string(), z.int()),
    samples: z.array(backtestSample),
    oldest_at: z.string().nullable().meta({ description: "When the oldest of them came in." }),
    more: z.boolean().meta({ description: "Whether older requests are stored too." }),
  })
  .meta({ id: "GuardrailBacktestResult" });
export type GuardrailBacktestResult = z.infer<typeof guardrailBacktestResult>;

/** What the console's backtest sends, one a line. */
export type BacktestEvent =
  | { type: "progress"; done: number; of: number; acted: number }
  | { type: "result"; result: GuardrailBacktestResult }
  | { type: "problem"; message: string };

export const GUARDRAIL_TEST_OPERATIONS = adminOperations("Guardrails", [
  {
    method: "post",
    path: "/guardrails/test",
    id: "testGuardrails",
    scope: "guardrail.test",
    summary: "Try rules on a request that nobody makes",
    description:
      "Runs the checks of the gateway. No model is asked for an answer, and nothing is logged or charged; rules that ask a model or a service do ask it. A draft needs `guardrail.set` too.",
    body: guardrailTest,
    answer: guardrailTestResult,
  },
  {
    method: "post",
    path: "/guardrails/backtest",
    id: "backtestGuardrail",
    scope: "guardrail.backtest",
    summary: "Run a rule over the latest stored requests",
    description:
      "Counts what it would have done. Only requests whose content is stored can be read; leaves an event in the audit log.",
    body: guardrailBacktest,
    answer: guardrailBacktestResult,
  },
]);
