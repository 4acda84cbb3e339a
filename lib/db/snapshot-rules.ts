import { asc, ne } from "drizzle-orm";
import { guardrailRules } from "#drizzle/schema/guardrail-rules.ts";
import type { GuardrailRule, RuleScope } from "#lib/contract/guardrail-rule.ts";
import type { SecretValue } from "#lib/contract/snapshot.ts";
import { type MasterKeys, unseal } from "#lib/crypto.ts";
import { getLog } from "#lib/log.ts";
import type { Db } from "./client.ts";

export type GuardrailRuleRow = typeof guardrailRules.$inferSelect;

/** Rules that are not off, in the order in which they run. */
export function readActiveRules(tx: Db): Promise<GuardrailRuleRow[]> {
  return tx
    .select()
    .from(guardrailRules)
    .where(ne(guardrailRules.mode, "off"))
    .orderBy(asc(guardrailRules.priority), asc(guardrailRules.id));
}

/**
 * The context that a rule's secret is sealed and opened with: one that is moved to another rule no
 * longer opens. Sealing and opening both come here.
 */
export function ruleSecretContext(ruleId: string): string {
  return ["conduit", "guardrail", "v1", ruleId].join("|");
}

/** One row as requests see it. A secret that does not open is told, and the rule will fail for it. */
export function compileRule(row: GuardrailRuleRow, masterKeys: MasterKeys): GuardrailRule {
  const { id, name, version, type, stages, action, mode, fail, priority, config, message } = row;
  return {
    id,
    name,
    version,
    type,
    stages,
    action,
    mode,
    scope: scopeOf(row),
    fail,
    priority,
    config,
    secret: openSecret(row, masterKeys),
    message,
  };
}

/** A scope from its columns; the table's check keeps the two together. */
export function scopeOf({
  scopeKind: kind,
  scopeRef,
}: Pick<GuardrailRuleRow, "scopeKind" | "scopeRef">): RuleScope {
  const ref = scopeRef ?? "";
  switch (kind) {
    case "organization":
      return { kind };
    case "team":
    case "key":
      return { kind, id: ref };
    case "alias":
      return { kind, name: ref };
    default:
      return kind satisfies never;
  }
}

function openSecret(row: GuardrailRuleRow, masterKeys: MasterKeys): SecretValue | null {
  const { secretKeyVersion: version, secretWrappedKey: wrappedKey, secretBox: box } = row;
  if (version === null || wrappedKey === null || box === null) {
    return null;
  }
  try {
    return unseal(masterKeys, { version, wrappedKey, box }, ruleSecretContext(row.id));
  } catch {
    getLog().warn({ ruleId: row.id }, "A guardrail's secret does not open with the master keys.");
    return null;
  }
}
