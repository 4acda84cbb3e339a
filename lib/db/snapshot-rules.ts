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
 * The context that a rule's secret is sealed and opened with. It names the rule and the origins that
 * the secret may be sent to, so one that is moved to another rule, or whose rule is pointed elsewhere
 * by whatever means, no longer opens. Sealing and opening both come here.
 */
export function ruleSecretContext(ruleId: string, config: unknown): string {
  return ["conduit", "guardrail", "v2", ruleId, ...originsIn(config)].join("|");
}

/** The origins of all addresses in a config, however deep; sorted, each once. */
export function originsIn(config: unknown): string[] {
  return [...new Set(everyOrigin(config))].toSorted();
}

function everyOrigin(value: unknown): string[] {
  if (typeof value === "string") {
    return /^https?:\/\//i.test(value) && URL.canParse(value) ? [new URL(value).origin] : [];
  }
  return typeof value === "object" && value !== null
    ? Object.values(value).flatMap((each) => everyOrigin(each))
    : [];
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
    return unseal(masterKeys, { version, wrappedKey, box }, ruleSecretContext(row.id, row.config));
  } catch {
    getLog().error(
      { ruleId: row.id },
      "A guardrail's secret does not open: the master key, an address or the row has changed.",
    );
    return null;
  }
}
