import { getSecrets } from "#lib/auth/bootstrap.ts";
import { stagesOf } from "#lib/contract/guardrail.ts";
import type { GuardrailRule } from "#lib/contract/guardrail-rule.ts";
import type { GuardrailBacktest } from "#lib/contract/guardrail-test.ts";
import { Secret } from "#lib/crypto.ts";
import { getDb } from "#lib/db/client.ts";
import { compileRule } from "#lib/db/snapshot-rules.ts";
import { newId } from "#lib/ids.ts";
import type { Actor } from "./actor.ts";
import { assertSecretMayMove } from "./guardrail-rules.ts";
import { readShape } from "./guardrail-shape.ts";
import { requireRule } from "./guardrails.ts";
import { assertAllowed } from "./permission.ts";

/** What is to be tried: a draft, a saved rule, or a draft in the place of a saved one. */
export type TrialSubject = Pick<GuardrailBacktest, "draft" | "rule_id">;

/**
 * The rule of a trial, as if it were enforced; `undefined` when none is named. A draft is a rule that
 * somebody has made up, which may make the gateway ask any service: only who may set rules may try
 * one. Throws 400 naming the field that is at fault, and 404 for a saved rule that does not exist.
 */
export async function readTrialRule(
  actor: Actor,
  { draft, rule_id: id }: TrialSubject,
): Promise<GuardrailRule | undefined> {
  const stored = id === undefined ? undefined : await readStored(id);
  if (draft === undefined) {
    return stored;
  }
  assertAllowed(actor.principal, "guardrail.set");
  return ruleOfDraft(draft, stored);
}

function ruleOfDraft(
  draft: NonNullable<TrialSubject["draft"]>,
  stored: GuardrailRule | undefined,
): GuardrailRule {
  const { secret, config } = readSecretAndConfig(draft, stored);
  return {
    // Checks are kept by id and version, and a draft has neither.
    id: newId(),
    name: draft.name ?? stored?.name ?? "Draft",
    version: 1,
    type: draft.type,
    stages: stagesOf(draft.stage),
    action: draft.action,
    mode: "enforced",
    scope: draft.scope ?? stored?.scope ?? { kind: "organization" },
    fail: draft.fail ?? "closed",
    priority: draft.priority ?? stored?.priority ?? Number.MAX_SAFE_INTEGER,
    config,
    secret,
    message: draft.message ?? null,
  };
}

/** A stored secret goes along only to the address that it was entered for. */
function readSecretAndConfig(
  draft: NonNullable<TrialSubject["draft"]>,
  stored: GuardrailRule | undefined,
): Pick<GuardrailRule, "secret" | "config"> {
  const kept = draft.secret === undefined && stored?.type === draft.type ? stored.secret : null;
  const secret = typeof draft.secret === "string" ? new Secret(draft.secret) : kept;
  const config = readShape({ ...draft, config: draft.config ?? {}, hasSecret: secret !== null });
  if (kept !== null) {
    assertSecretMayMove({ from: stored?.config, to: config });
  }
  return { secret, config };
}

/** A saved rule, whatever its mode, under an id of its own: its check is not the gateway's. */
async function readStored(id: string): Promise<GuardrailRule> {
  const row = await requireRule(getDb("console"), id);
  return { ...compileRule(row, getSecrets().masterKeys), mode: "enforced" };
}
