import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { UpstreamFailure } from "#lib/errors.ts";
import { type FailedAttempt, nextStep } from "./retry.ts";
import { RetryBudgets } from "./retry-budget.ts";

const KINDS = [
  "rate_limit",
  "quota",
  "overloaded",
  "server",
  "timeout",
  "network",
  "protocol",
  "auth",
  "certificate",
  "model_missing",
  "context_length",
  "content_policy",
  "rejected",
] as const satisfies readonly UpstreamFailure["kind"][];

function stepOf(failure: UpstreamFailure, changes: Partial<FailedAttempt> = {}) {
  return nextStep({
    failure,
    attempt: 1,
    maxAttempts: 3,
    retriesOnTarget: 0,
    targetsLeft: 0,
    nowMs: 0,
    deadlineMs: 60_000,
    random: () => 0.5,
    ...changes,
  });
}

function kindsThat(step: string, changes: Partial<FailedAttempt>): string[] {
  return KINDS.filter((kind) => stepOf({ kind }, changes).kind === step);
}

describe("after a failure", () => {
  it("another target is asked at once unless the request itself is at fault", () => {
    expect(kindsThat("give_up", { targetsLeft: 1 })).toEqual([
      "context_length",
      "content_policy",
      "rejected",
    ]);
    expect(kindsThat("fall_back", { targetsLeft: 1 })).toHaveLength(10);
  });

  it("the same target is asked again only for what may pass", () => {
    expect(kindsThat("retry_same", { targetsLeft: 0 })).toEqual([
      "rate_limit",
      "overloaded",
      "server",
      "timeout",
      "network",
      "protocol",
    ]);
  });

  it("a time-out and a broken answer are tried again once, other faults twice", () => {
    expect(kindsThat("retry_same", { retriesOnTarget: 1, maxAttempts: 9 })).toEqual([
      "rate_limit",
      "overloaded",
      "server",
      "network",
    ]);
    expect(kindsThat("retry_same", { retriesOnTarget: 2, maxAttempts: 9 })).toEqual([
      "rate_limit",
      "overloaded",
    ]);
  });

  it("a conflict and 'too early' are refusals that may pass", () => {
    for (const status of [409, 425]) {
      expect(stepOf({ kind: "rejected", status }).kind).toBe("retry_same");
    }
    expect(stepOf({ kind: "rejected", status: 422 }).kind).toBe("give_up");
  });

  it("a redirect and a loop are not asked for again, but another target is", () => {
    for (const status of [301, 307, 508]) {
      const failure = { kind: "protocol", status } as const;
      expect(stepOf(failure).kind).toBe("give_up");
      expect(stepOf(failure, { targetsLeft: 1 }).kind).toBe("fall_back");
    }
  });

  it("three attempts are all, wherever they went", () => {
    for (const targetsLeft of [0, 5]) {
      expect(stepOf({ kind: "server" }, { attempt: 3, targetsLeft }).kind).toBe("give_up");
    }
  });
});

describe("a wait", () => {
  it("is what the upstream asked for, up to ten seconds", () => {
    const step = stepOf({ kind: "rate_limit", retryAfterMs: 2_000 });
    expect(step).toEqual({ kind: "retry_same", delayMs: 2_125 });
    expect(stepOf({ kind: "rate_limit", retryAfterMs: 10_000 })).toEqual({
      kind: "retry_same",
      delayMs: 10_000,
    });
    expect(stepOf({ kind: "rate_limit", retryAfterMs: 10_001 }).kind).toBe("give_up");
  });

  it("is not begun when it would end after the deadline", () => {
    const failure = { kind: "rate_limit", retryAfterMs: 2_000 } as const;
    expect(stepOf(failure, { deadlineMs: 2_126 }).kind).toBe("retry_same");
    expect(stepOf(failure, { deadlineMs: 2_125 }).kind).toBe("give_up");
  });

  it("is skipped when another target exists", () => {
    const failure = { kind: "rate_limit", retryAfterMs: 2_000 } as const;
    expect(stepOf(failure, { targetsLeft: 1 }).kind).toBe("fall_back");
  });

  it("is anything from zero to 250 ms doubled by each retry, eight seconds at most", () => {
    fc.assert(
      fc.property(
        fc.nat(40),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (retriesOnTarget, chance) => {
          const step = stepOf(
            { kind: "overloaded" },
            { retriesOnTarget, maxAttempts: 99, random: () => chance },
          );
          const ceilingMs = Math.min(8_000, 250 * 2 ** retriesOnTarget);
          expect(step).toEqual({ kind: "retry_same", delayMs: chance * ceilingMs });
        },
      ),
    );
  });
});

describe("for any failure", () => {
  const attemptArbitrary = fc.record({
    failure: fc.record(
      {
        kind: fc.constantFrom(...KINDS),
        status: fc.integer({ min: 100, max: 599 }),
        retryAfterMs: fc.double({ noNaN: true }),
      },
      { requiredKeys: ["kind"] },
    ),
    attempt: fc.integer({ min: 1, max: 6 }),
    maxAttempts: fc.integer({ min: 1, max: 5 }),
    retriesOnTarget: fc.nat(4),
    targetsLeft: fc.nat(3),
    nowMs: fc.nat(100_000),
    deadlineMs: fc.nat(100_000),
    random: fc
      .double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
      .map((value) => () => value),
  });

  it("nothing goes on past the attempts or the deadline, and no wait is over ten seconds", () => {
    fc.assert(
      fc.property(attemptArbitrary, (input) => {
        const step = nextStep(input);
        if (step.kind !== "give_up") {
          expect(input.attempt).toBeLessThan(input.maxAttempts);
          expect(input.nowMs).toBeLessThan(input.deadlineMs);
        }
        if (step.kind === "retry_same") {
          expect(step.delayMs).toBeGreaterThanOrEqual(0);
          expect(step.delayMs).toBeLessThanOrEqual(10_000);
          expect(input.nowMs + step.delayMs).toBeLessThan(input.deadlineMs);
        }
        if (step.kind === "fall_back") {
          expect(input.targetsLeft).toBeGreaterThan(0);
        }
      }),
    );
  });
});

describe("the retry budget", () => {
  it("lets three retries of a quiet group run at once", () => {
    const budgets = new RetryBudgets();
    expect([1, 2, 3, 4].map(() => budgets.takeRetry("g"))).toEqual([true, true, true, false]);
    budgets.endRetry("g");
    expect(budgets.takeRetry("g")).toBe(true);
    expect(budgets.takeRetry("other")).toBe(true);
  });

  it("holds retries to a fifth of the requests under a storm", () => {
    const budgets = new RetryBudgets();
    let retries = 0;
    for (let request = 0; request < 1_000; request += 1) {
      budgets.recordRequest("g");
      // None of them ends, so the three free ones are used up once.
      retries += budgets.takeRetry("g") ? 1 : 0;
    }
    expect(retries).toBe(203);
  });

  it("saves fifty at most", () => {
    const budgets = new RetryBudgets();
    for (let request = 0; request < 10_000; request += 1) {
      budgets.recordRequest("g");
    }
    const taken = Array.from({ length: 100 }, () => budgets.takeRetry("g")).filter(Boolean);
    expect(taken).toHaveLength(50);
  });
});
