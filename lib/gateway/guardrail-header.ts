import type { VerdictRecord } from "#lib/contract/guardrail-verdict.ts";

/**
 * `x-conduit-guardrails`: what rules have done to a request, as `warn;rule="name"`, and which could not
 * say anything, as `failed;rule="name"`, so that an outage of a check is told from forbidden text.
 * `undefined` when there is nothing to tell. Rules in shadow mode and those that only log are not told.
 */
export function guardrailHeader(verdicts: readonly VerdictRecord[]): string | undefined {
  if (verdicts.length === 0) {
    return undefined;
  }
  const told = verdicts.filter(
    ({ state, mode, action }) =>
      (state === "acted" || state === "failed") && mode === "enforced" && action !== "log",
  );
  const items = told.map(
    ({ state, action, ruleName }) =>
      `${state === "failed" ? state : action};rule="${headerText(ruleName)}"`,
  );
  return items.length === 0 ? undefined : [...new Set(items)].join(", ");
}

/** A name as a header can carry it: what is not plain ASCII is percent-encoded. */
function headerText(name: string): string {
  return name.replace(/[^ !#-[\]-~]/gu, encodeURIComponent);
}
