import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { BudgetLimit } from "#lib/contract/caller.ts";
import { listBudgetsById, settleReservations } from "#lib/db/budgets.ts";
import { getSql } from "#lib/db/client.ts";
import type { ConduitError } from "#lib/errors.ts";
import { errorBody, errorHeaders } from "#lib/errors.ts";
import { newId } from "#lib/ids.ts";
import { openTestDatabase, type TestDatabase } from "#lib/testing/database.ts";
import {
  addBudget,
  budgetRow,
  burst,
  captureLog,
  demandOf,
  inOrder,
  makeCaller,
} from "#lib/testing/limits.ts";
import { findRedisServer, startRedis, type TestRedis } from "#lib/testing/redis.ts";
import { type AdmitDemand, admit } from "./admit.ts";
import { budgetStates } from "./budget.ts";
import { MemoryBudgets } from "./budget-memory.ts";
import { closeLimits, configureLimits, getLimits } from "./configure.ts";
import { reapReservations } from "./reap.ts";

const PATIENT_MS = 20_000;
const at = (text: string) => Date.parse(text);

let database: TestDatabase;
let redis: TestRedis | undefined;
let nowMs = 0;

beforeAll(async () => {
  captureLog();
  database = await openTestDatabase();
  redis = findRedisServer() === undefined ? undefined : await startRedis();
});

afterEach(async () => {
  await closeLimits();
});

afterAll(async () => {
  await redis?.stop();
  await database.close();
});

const STORES = {
  memory: () => undefined,
  redis: () => redis?.url,
  // Nothing listens on port 1: every budget has to be kept in the database.
  postgres: () => "redis://127.0.0.1:1",
};

type StoreName = keyof typeof STORES;

async function open(name: StoreName, startMs: number): Promise<void> {
  nowMs = startMs;
  configureLimits({
    env: { redisUrl: STORES[name](), upstash: undefined, replicas: 1 },
    databaseKind: database.kind,
    now: () => nowMs,
    ...(name === "redis" ? { redisDeadlineMs: PATIENT_MS } : {}),
  });
  await getLimits().started;
}

/** A budget whose row began its window at a given moment. */
async function addBudgetAt(
  startMs: number,
  fields: Parameters<typeof addBudget>[0],
): Promise<BudgetLimit> {
  const budget = await addBudget(fields);
  await getSql()`
    update budgets set window_start = ${new Date(startMs).toISOString()}::text::timestamptz
    where id = ${budget.id}`;
  return budget;
}

async function refusalOf(demand: AdmitDemand): Promise<ConduitError> {
  return await admit(demand).then(
    () => Promise.reject(new Error("The request was admitted.")),
    (error: ConduitError) => error,
  );
}

describe.each(Object.keys(STORES) as StoreName[])("the window of a budget in %s", (name) => {
  const missing = name === "redis" && findRedisServer() === undefined;
  describe.skipIf(missing)("with a Redis where one is needed", () => {
    /** Runs a request to its end, as the gateway and its batch of log rows do together. */
    async function spend(budget: BudgetLimit, costNanos: bigint): Promise<void> {
      const demand = demandOf(makeCaller({ budgets: [budget] }), { estimateNanos: costNanos });
      const admission = await admit(demand);
      await admission.settle({ costNanos, tokens: 0 });
      if (name === "postgres") {
        await settleReservations(getSql(), [{ requestId: demand.requestId, costNanos }], nowMs);
      }
    }

    async function stateOf(budget: BudgetLimit) {
      return (await budgetStates([budget.id])).get(budget.id);
    }

    it.each([
      ["day", "2026-11-22T23:59:59.999Z", "2026-11-23T00:00:00Z"],
      ["week", "2026-11-22T23:59:59.999Z", "2026-11-23T00:00:00Z"],
      ["month", "2026-11-30T23:59:59.999Z", "2026-12-01T00:00:00Z"],
    ] as const)(
      "of a %s blocks, ends, and begins with nothing spent",
      async (period, last, next) => {
        await open(name, at(last));
        const budget = await addBudgetAt(at("2026-11-16T09:30:00Z"), { period, limitNanos: 10n });
        await spend(budget, 10n);
        await refusalOf(demandOf(makeCaller({ budgets: [budget] }), { estimateNanos: 1n }));
        nowMs = at(next);
        expect(await stateOf(budget)).toMatchObject({ spentNanos: 0n, windowStartMs: at(next) });
        await spend(budget, 10n);
        await refusalOf(demandOf(makeCaller({ budgets: [budget] }), { estimateNanos: 1n }));
        expect(await stateOf(budget)).toMatchObject({ spentNanos: 10n, reservedNanos: 0n });
      },
    );

    it("of a total budget never ends", async () => {
      await open(name, at("2026-11-22T12:00:00Z"));
      const budget = await addBudgetAt(at("2026-11-22T11:00:00Z"), { limitNanos: 10n });
      await spend(budget, 10n);
      nowMs = at("2046-11-22T12:00:00Z");
      await refusalOf(demandOf(makeCaller({ budgets: [budget] }), { estimateNanos: 1n }));
    });

    it("is not begun again by a clock that lags behind", async () => {
      await open(name, at("2026-11-23T00:00:01Z"));
      const budget = await addBudgetAt(at("2026-11-20T00:00:00Z"), {
        period: "day",
        limitNanos: 10n,
      });
      await spend(budget, 6n);
      nowMs = at("2026-11-22T23:59:59Z");
      await refusalOf(demandOf(makeCaller({ budgets: [budget] }), { estimateNanos: 5n }));
      nowMs = at("2026-11-23T00:00:02Z");
      await refusalOf(demandOf(makeCaller({ budgets: [budget] }), { estimateNanos: 5n }));
    });

    it("takes over what was held when it began, and what that came to", async () => {
      await open(name, at("2026-11-22T23:59:00Z"));
      const budget = await addBudgetAt(at("2026-11-22T00:00:00Z"), {
        period: "day",
        limitNanos: 10n,
      });
      await spend(budget, 4n);
      const demand = demandOf(makeCaller({ budgets: [budget] }), { estimateNanos: 6n });
      const running = await admit(demand);
      nowMs = at("2026-11-23T00:01:00Z");
      await refusalOf(demandOf(makeCaller({ budgets: [budget] }), { estimateNanos: 5n }));
      await running.settle({ costNanos: 3n, tokens: 0 });
      if (name === "postgres") {
        await settleReservations(getSql(), [{ requestId: demand.requestId, costNanos: 3n }], nowMs);
      }
      expect(await stateOf(budget)).toMatchObject({ spentNanos: 3n, reservedNanos: 0n });
      await spend(budget, 7n);
    });

    it("starts from what the row says is spent", async () => {
      await open(name, at("2026-11-22T12:00:00Z"));
      const budget = await addBudgetAt(at("2026-11-22T00:00:00Z"), {
        period: "day",
        limitNanos: 10n,
        spentNanos: 7n,
      });
      const caller = makeCaller({ budgets: [budget] });
      const result = await burst(50, () => demandOf(caller, { estimateNanos: 1n }));
      expect(result.admitted).toHaveLength(3);
    });
  });
});

describe("a refusal for want of money", () => {
  it("names the level, the amounts and the reset, and advises against a retry", async () => {
    await open("memory", at("2026-11-22T12:00:00Z"));
    const roomy = await addBudgetAt(nowMs, { limitNanos: 10_000_000_000n });
    const team = await addBudgetAt(nowMs, {
      subject: "team",
      subjectName: "Research",
      period: "day",
      limitNanos: 5_000_000_000n,
      spentNanos: 4_980_000_000n,
    });
    const caller = makeCaller({ budgets: inOrder(roomy, team) });
    await admit(demandOf(caller, { estimateNanos: 10_000_000n }));
    const refusal = await refusalOf(demandOf(caller, { estimateNanos: 250_000_000n }));
    expect(refusal.status).toBe(429);
    expect(errorHeaders(refusal)).toEqual({ "x-should-retry": "false" });
    expect(errorBody(refusal).error).toEqual({
      message:
        'The budget of team "Research" has no room for this request: of 5 USD per day, 4.98 USD is ' +
        "spent and 0.01 USD is held by running requests, and this request may cost 0.25 USD. " +
        "It resets at 2026-11-23T00:00:00.000Z.",
      type: "insufficient_quota",
      param: null,
      code: "budget_exceeded",
    });
  });
});

describe("budgets in memory", () => {
  it("are read once, however many requests see them first", async () => {
    const budget = await addBudget({ limitNanos: 10n, spentNanos: 3n });
    let reads = 0;
    const budgets = new MemoryBudgets({
      now: () => nowMs,
      steady: () => nowMs,
      load: (ids) => {
        reads += 1;
        return listBudgetsById(getSql(), ids);
      },
    });
    await Promise.all(Array.from({ length: 20 }, () => budgets.seed([budget])));
    await budgets.seed([budget]);
    expect(reads).toBe(1);
    expect(budgets.getState(budget.id)?.spentNanos).toBe(3n);
  });

  it("are refused while they cannot be read, and read when they can", async () => {
    await open("memory", at("2026-11-22T12:00:00Z"));
    const budget = await addBudget({ limitNanos: 10n });
    await getSql()`alter table budgets rename to budgets_away`;
    const caller = makeCaller({ budgets: [budget] });
    const refusal = await refusalOf(demandOf(caller, { estimateNanos: 1n }));
    expect(refusal.code).toBe("budget_store_unavailable");
    await getSql()`alter table budgets_away rename to budgets`;
    await admit(demandOf(caller, { estimateNanos: 1n }));
  });
});

describe("reservations in the database", () => {
  it("that nobody ended are charged, flagged, and corrected by a late settlement", async () => {
    await open("postgres", Date.now());
    const budget = await addBudgetAt(0, { limitNanos: 100n });
    const caller = makeCaller({ budgets: [budget] });
    const lost = demandOf(caller, { estimateNanos: 40n, leaseMs: 1 });
    const running = demandOf(caller, { estimateNanos: 30n });
    await admit(lost);
    await admit(running);
    await expect.poll(() => reapReservations(), { timeout: 5_000 }).toBe(1);
    expect(await budgetRow(budget.id)).toEqual({ spentNanos: 40n, reservedNanos: 30n });
    const [row] = await getSql()`
      select state from budget_reservations where request_id = ${lost.requestId}`;
    expect(row?.["state"]).toBe("expired");
    await settleReservations(getSql(), [{ requestId: lost.requestId, costNanos: "15" }]);
    await settleReservations(getSql(), [{ requestId: lost.requestId, costNanos: "15" }]);
    expect(await budgetRow(budget.id)).toEqual({ spentNanos: 15n, reservedNanos: 30n });
  });

  it("are settled many at a time, over budgets that they share", async () => {
    await open("postgres", Date.now());
    const [one, two] = [
      await addBudgetAt(0, { limitNanos: 100n }),
      await addBudgetAt(0, { limitNanos: 100n }),
    ];
    const both = makeCaller({ budgets: inOrder(one, two) });
    const single = makeCaller({ budgets: [two] });
    const demands = [both, both, single].map((who) => demandOf(who, { estimateNanos: 10n }));
    for (const demand of demands) {
      await admit(demand);
    }
    await settleReservations(getSql(), [
      ...demands.map(({ requestId }) => ({ requestId, costNanos: 3n })),
      { requestId: newId(), costNanos: 50n },
    ]);
    expect(await budgetRow(one.id)).toEqual({ spentNanos: 6n, reservedNanos: 0n });
    expect(await budgetRow(two.id)).toEqual({ spentNanos: 9n, reservedNanos: 0n });
  });
});
