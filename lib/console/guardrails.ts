import type {
  GuardrailCreate,
  GuardrailInfo,
  GuardrailQuery,
  GuardrailUpdate,
} from "#lib/contract/guardrail.ts";
import { stageChoiceOf, stagesOf } from "#lib/contract/guardrail.ts";
import { type Db, getDb } from "#lib/db/client.ts";
import {
  deleteRule,
  getRule,
  insertRule,
  lastPriority,
  listRules,
  lockRule,
  type RuleSecret,
  updateRule,
} from "#lib/db/guardrail-rules.ts";
import type { GuardrailRuleRow } from "#lib/db/snapshot-rules.ts";
import { newId } from "#lib/ids.ts";
import type { Actor } from "./actor.ts";
import { describeInput, fieldsBefore } from "./audit-fields.ts";
import { applyChange } from "./change.ts";
import { assertSomeField, requireFound } from "./found.ts";
import { assertScope, assertSecretMayMove, sealRuleSecret } from "./guardrail-rules.ts";
import { readShape } from "./guardrail-shape.ts";
import { ruleInfoOf, scopeColumnsOf } from "./guardrail-view.ts";
import { mayTake } from "./permission.ts";
import { assertFresh } from "./stale.ts";

/** Between two rules, so that one can be put there by hand. */
export const PRIORITY_STEP = 10;

/** Everybody who may read rules at all reads all of them: they may hold for anybody. */
export async function showRules(
  actor: Actor,
  query: GuardrailQuery,
): Promise<{ rules: GuardrailInfo[]; total: number }> {
  const { rows, total } = await listRules(getDb("console"), query);
  return { rules: rows.map((row) => ruleSeenBy(actor, row)), total };
}

export async function showRule(actor: Actor, id: string): Promise<GuardrailInfo> {
  return ruleSeenBy(actor, await requireRule(getDb("console"), id));
}

/** A rule as it is shown: how it works, and where it asks, only to those who may set it. */
export function ruleSeenBy({ principal }: Actor, row: GuardrailRuleRow): GuardrailInfo {
  const info = ruleInfoOf(row);
  return mayTake(principal, "guardrail.set") ? info : { ...info, config: null };
}

/** The row of a rule. Throws `not_found` (404) when there is none. */
export async function requireRule(db: Db, id: string): Promise<GuardrailRuleRow> {
  return requireFound(await getRule(db, { id }), "guardrail rule");
}

export async function createRule(actor: Actor, input: GuardrailCreate): Promise<GuardrailInfo> {
  const id = newId();
  const config = readShape({ ...input, config: input.config ?? {}, hasSecret: !!input.secret });
  const scope = input.scope ?? { kind: "organization" };
  await applyChange(actor, async (tx) => {
    await assertScope(tx, scope);
    await insertRule(tx, {
      ...valuesOf(input),
      id,
      name: input.name,
      type: input.type,
      stages: stagesOf(input.stage),
      action: input.action,
      config,
      scope: scopeColumnsOf(scope),
      priority: input.priority ?? (await lastPriority(tx)) + PRIORITY_STEP,
      secret: secretOf(id, config, input.secret),
    });
    return {
      result: undefined,
      kind: "guardrail",
      subjectId: id,
      action: "guardrail.create",
      after: describeInput(input),
    };
  });
  return await showRule(actor, id);
}

function valuesOf({ description, mode, fail, message, name, action, priority }: GuardrailUpdate) {
  return { description, mode, fail, message, name, action, priority };
}

function secretOf(
  id: string,
  config: unknown,
  secret: string | null | undefined,
): RuleSecret | null | undefined {
  return typeof secret === "string" ? sealRuleSecret(id, config, secret) : secret;
}

export async function changeRule(
  actor: Actor,
  id: string,
  input: GuardrailUpdate,
): Promise<GuardrailInfo> {
  const { expected_version: expected, ...fields } = input;
  assertSomeField(fields);
  await applyChange(actor, async (tx) => {
    const row = requireFound(await lockRule(tx, { id }), "guardrail rule");
    const current = ruleInfoOf(row);
    const { version, name } = current;
    await assertFresh(tx, { expected, version, kind: "guardrail", id, current });
    const config = readChangedShape(row, fields);
    if (fields.scope !== undefined) {
      await assertScope(tx, fields.scope);
    }
    await updateRule(tx, {
      ...valuesOf(fields),
      id,
      config,
      stages: fields.stage === undefined ? undefined : stagesOf(fields.stage),
      scope: fields.scope === undefined ? undefined : scopeColumnsOf(fields.scope),
      secret: secretOf(id, config ?? row.config, fields.secret),
    });
    return {
      result: undefined,
      kind: "guardrail",
      subjectId: id,
      action: "guardrail.update",
      before: { name, ...fieldsBefore({ ...current }, fields) },
      after: { name, ...describeInput(fields) },
    };
  });
  return await showRule(actor, id);
}

/**
 * The config of a rule as an edit leaves it, checked with everything that the edit does not name.
 * `undefined` when the edit does not touch what the check is about.
 */
function readChangedShape(
  row: GuardrailRuleRow,
  fields: Pick<GuardrailUpdate, "stage" | "action" | "config" | "secret">,
): Record<string, unknown> | undefined {
  const { stage, action, config, secret } = fields;
  if ([stage, action, config, secret].every((field) => field === undefined)) {
    return undefined;
  }
  const keepsSecret = secret === undefined && row.secretKeyVersion !== null;
  const checked = readShape({
    type: row.type,
    stage: stage ?? stageChoiceOf(row.stages),
    action: action ?? row.action,
    config: config ?? row.config,
    hasSecret: keepsSecret || typeof secret === "string",
  });
  if (keepsSecret) {
    assertSecretMayMove({ from: row.config, to: checked });
  }
  return config === undefined ? undefined : checked;
}

export async function removeRule(actor: Actor, id: string): Promise<void> {
  await applyChange(actor, async (tx) => {
    const { name, type, mode, action } = await requireRule(tx, id);
    await deleteRule(tx, { id });
    return {
      result: undefined,
      kind: "guardrail",
      subjectId: id,
      action: "guardrail.delete",
      before: { name, type, mode, action },
    };
  });
}
