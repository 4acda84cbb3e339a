import type { RuleType } from "#lib/contract/guardrail-verdict.ts";
import type { Finding, LocalCheck, TextOrigin } from "#lib/guardrails/define-rule.ts";
import { getRule } from "#lib/guardrails/rules/index.ts";

/** The local check of a rule, its config filled in by the rule's own schema. */
export function localCheck(type: RuleType, config: unknown = {}): LocalCheck {
  const rule = getRule(type);
  const check = rule?.compile(rule.config.parse(config));
  if (check?.kind !== "local") {
    throw new Error(`There is no local rule ${type}.`);
  }
  return check;
}

/** What a local rule says of one text. */
export function checkText(check: LocalCheck, text: string, origin: TextOrigin = "user"): Finding {
  return check.check([{ path: "messages[0].content", origin, text }], {
    stage: "pre",
    countTokens: () => Math.ceil(text.length / 4),
  });
}

/** What was found in a text, as `email: anna@example.com`. */
export function foundIn(check: LocalCheck, text: string): string[] {
  return checkText(check, text).matches.map(
    ({ start, end, kind }) => `${kind}: ${text.slice(start, end)}`,
  );
}
