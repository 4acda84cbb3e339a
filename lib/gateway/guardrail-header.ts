import type { VerdictRecord } from "#lib/contract/guardrail-verdict.ts";

/**
 * `x-conduit-guardrails`: what rules have done to a request, as `warn;rule="name"`. `undefined` when
 * none did anything that a caller is told. Rules in shadow mode and those that only log are not told.
 */
export function guardrailHeader(verdicts: readonly VerdictRecord[]): string | undefined {
  if (verdicts.length === 0) {
    return undefined;
  }
  const acted = verdicts.filter(
    ({ state, mode, action }) => state === "acted" && mode === "enforced" && action !== "log",
  );
  const items = acted.map(({ action, ruleName }) => `${action};rule="${headerText(ruleName)}"`);
  return items.length === 0 ? undefined : [...new Set(items)].join(", ");
}

/** A name as a header can carry it: what is not plain ASCII is percent-encoded. */
function headerText(name: string): string {
  return name.replace(/[^ !#-[\]-~]/gu, encodeURIComponent);
}
