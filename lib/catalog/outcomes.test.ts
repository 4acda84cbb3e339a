import { expect, test } from "vitest";
import { ERROR_CODES } from "../errors.ts";
import { FAILED_OUTCOMES, labelOfOutcome, OUTCOME_LABELS, OUTCOMES } from "./outcomes.ts";

test("every outcome has a label with and without an error code", () => {
  for (const outcome of OUTCOMES) {
    expect(labelOfOutcome(outcome, null).label).not.toBe("");
    expect(labelOfOutcome(outcome, "nothing_known").label).not.toBe("");
  }
});

test("a spent budget and a rate limit are told apart although both are 429", () => {
  expect(labelOfOutcome("limited", "budget_exceeded").id).toBe("over_budget");
  expect(labelOfOutcome("limited", "rate_limit_exceeded").id).toBe("rate_limited");
});

test("labels name only error codes that exist, and have ids of their own", () => {
  const codes = OUTCOME_LABELS.flatMap((row) => ("errorCodes" in row ? row.errorCodes : []));
  for (const code of codes) {
    expect(Object.keys(ERROR_CODES)).toContain(code);
  }
  expect(new Set(OUTCOME_LABELS.map((row) => row.id)).size).toBe(OUTCOME_LABELS.length);
});

test("only what the gateway or a provider failed to do counts as a failure", () => {
  expect(FAILED_OUTCOMES).toEqual(["provider_error", "partial", "interrupted"]);
});
