import type { GuardrailRule } from "#lib/contract/guardrail-rule.ts";
import type { RuleAction, RuleType } from "#lib/contract/guardrail-verdict.ts";
import type { RulePowers } from "#lib/guardrails/define-rule.ts";
import { getRule } from "#lib/guardrails/rules/index.ts";

/** Every rule that asks nobody else, with settings as an organisation would have them. */
const SETTINGS: readonly { type: RuleType; action: RuleAction; config: unknown }[] = [
  { type: "pii", action: "mask", config: {} },
  { type: "secrets", action: "redact", config: {} },
  { type: "injection", action: "log", config: {} },
  { type: "content_filter", action: "log", config: {} },
  { type: "regex", action: "redact", config: { pattern: "\\bPROJ-\\d{4,6}\\b", label: "ticket" } },
  { type: "regex", action: "redact", config: { pattern: "(?:internal|secret) +memo" } },
  {
    type: "word_list",
    action: "log",
    config: { words: Array.from({ length: 1_000 }, (_, at) => `codename ${at}`) },
  },
  { type: "max_tokens", action: "log", config: { max_tokens: 1_000_000 } },
];

/** The rules as a request sees them. */
export function offlineRules(): GuardrailRule[] {
  return SETTINGS.map(({ type, action, config }, at) => ({
    id: `rule-${at}`,
    name: type,
    version: 1,
    type,
    stages: ["pre"],
    action,
    mode: "enforced",
    scope: { kind: "organization" },
    fail: "closed",
    priority: at,
    config: getRule(type)?.config.parse(config),
    secret: null,
    message: null,
  }));
}

const nobody = () => Promise.reject(new Error("None of these rules asks anybody."));

/** What rules are given that need nobody else. */
export const NO_POWERS: RulePowers = { ask: nobody, moderate: nobody, post: nobody };
