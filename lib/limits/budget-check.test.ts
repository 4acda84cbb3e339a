import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { BudgetLimit } from "#lib/contract/caller.ts";
import { checkAuditChain } from "#lib/db/audit.ts";
import { getDb, getSql } from "#lib/db/client.ts";
import { logRowOf } from "#lib/db/request-log-row.ts";
import { insertRecords } from "#lib/db/request-logs.ts";
import { budgetKey } from "#lib/redis/scripts/keys.ts";
import { dropSingleton } from "#lib/singleton.ts";
import { openTestDatabase, type TestDatabase } from "#lib/testing/database.ts";
import { addBudget, budgetRow, captureLog, demandOf, makeCaller } from "#lib/testing/limits.ts";
import { makeRecord } from "#lib/testing/records.ts";
import { findRedisServer, startRedis, type TestRedis } from "#lib/testing/redis.ts";
import { type Admission, type AdmitDemand, admit } from "./admit.ts";
import { budgetStates } from "./budget.ts";
import { type BudgetDrift, type BudgetSample, checkBudgets } from "./budget-check.ts";
import { closeLimits, configureLimits, getLimits } from "./configure.ts";
import { reapReservations } from "./reap.ts";
import { settleReplayed } from "./settle-replayed.ts";

const COST = 40_000_000n;
const PATIENT_MS = 20_000;

let database: TestDatabase;
let redis: TestRedis | undefined;
let earlier: BudgetSample | undefined;

beforeAll(async () => {
  captureLog();
  database = await openTestDatabase();
  redis = findRedisServer() === undefined ? undefined : await startRedis();
});

afterEach(async () => {
  await closeLimits();
  earlier = undefined;
  dropSingleton("limits.baselines");
  await getSql()`truncate request_logs, request_attempts, usage_rollup_15m, usage_rollup_1h, budgets,
    budget_reservations`;
});

afterAll(async () => {
  await redis?.stop();
  await database.close();
});

const STORES = ["memory", "redis", "postgres"] as const;
type Store = (typeof STORES)[number];

async function open(store: Store): Promise<void> {
  // Nothing listens on port 1: budgets are kept in the database then.
  const urls = { memory: undefined, redis: redis?.url, postgres: "redis://127.0.0.1:1" };
  configureLimits({
    env: { redisUrl: urls[store], upstash: undefined, replicas: 1 },
    databaseKind: database.kind,
    redisDeadlineMs: PATIENT_MS,
  });
  await getLimits().started;
}

/** A budget that was set an hour ago, with what two requests of it have cost. */
async function usedBudget(): Promise<BudgetLimit> {
  const budget = await addBudget({ limitNanos: COST * 100n });
  await getSql()`
    update budgets set created_at = now() - interval '1 hour' where id = ${budget.id}`;
  for (let count = 0; count < 2; count += 1) {
    const { admission, demand } = await begin(budget);
    await finish(budget, { admission, demand });
  }
  return budget;
}

async function begin(budget: BudgetLimit, fields: Partial<AdmitDemand> = {}) {
  const caller = makeCaller({ keyId: budget.subjectId, budgets: [budget] });
  const demand = demandOf(caller, { estimateNanos: COST, ...fields });
  return { demand, admission: await admit(demand) };
}

/** Ends a request as the gateway does: its row is stored, and its limits are settled. */
async function finish(
  budget: BudgetLimit,
  { admission, demand }: { admission: Admission; demand: AdmitDemand },
): Promise<void> {
  await insertRecords(getSql(), `[${rowOf(budget, { admission, demand })}]`);
  await admission.settle({ costNanos: COST - 7n, tokens: 0 });
}

function rowOf(
  budget: BudgetLimit,
  { admission, demand }: { admission: Admission; demand: AdmitDemand },
): string {
  return logRowOf(
    makeRecord({
      id: demand.requestId,
      keyId: budget.subjectId,
      costNanos: COST - 7n,
      reservation: admission.reservation,
    }),
  );
}

async function check(): Promise<BudgetDrift[]> {
  const result = await checkBudgets(earlier);
  earlier = result.sample;
  return result.drifts;
}

/** Moves the counters that requests are judged by. */
async function bend(store: Store, id: string, by: { spent?: bigint; reserved?: bigint }) {
  const { spent = 0n, reserved = 0n } = by;
  if (store === "memory") {
    const live = getLimits().budgets.inspect([id]).get(id);
    const excess = { spentNanos: -spent, reservedNanos: -reserved };
    expect(live && getLimits().budgets.lower(id, { live, excess })).toBe(true);
  } else if (store === "redis") {
    await redis?.client.hincrby(budgetKey(id), "s", String(spent));
    await redis?.client.hincrby(budgetKey(id), "r", String(reserved));
  } else {
    await getSql()`
      update budgets set
        spent_nanos = spent_nanos + ${String(spent)}::text::bigint,
        reserved_nanos = reserved_nanos + ${String(reserved)}::text::bigint
      where id = ${id}`;
  }
}

async function stateOf(budget: BudgetLimit) {
  const state = (await budgetStates([budget.id])).get(budget.id);
  return { spent: state?.spentNanos, held: state?.reservedNanos };
}

async function repairsOf(budget: BudgetLimit): Promise<Record<string, unknown>[]> {
  return await getSql()`
    select before, after from audit_events
    where action = 'budget.repair' and target_id = ${budget.subjectId} order by sequence`;
}

const SPENT = (COST - 7n) * 2n;

describe.each(STORES)("a budget counted in %s", (store) => {
  describe.skipIf(store === "redis" && findRedisServer() === undefined)("and compared", () => {
    it("agrees with the log while requests run, and after they have ended", async () => {
      await open(store);
      const budget = await usedBudget();
      const running = await begin(budget);
      expect(await check()).toEqual([]);
      expect(await check()).toEqual([]);
      await finish(budget, running);
      expect(await check()).toEqual([]);
      expect(await check()).toEqual([]);
      expect(await stateOf(budget)).toEqual({ spent: (COST - 7n) * 3n, held: 0n });
      expect(await repairsOf(budget)).toEqual([]);
    });

    it("is lowered to what the log says, once, and the audit log tells it", async () => {
      await open(store);
      const budget = await usedBudget();
      const running = await begin(budget);
      await check();
      await bend(store, budget.id, { spent: 5n });
      const found = [...(await check()), ...(await check()), ...(await check())];
      expect(found).toEqual([
        { budgetId: budget.id, store, spentNanos: 5n, reservedNanos: 0n, isRepaired: true },
      ]);
      expect(await stateOf(budget)).toEqual({ spent: SPENT, held: COST });
      expect(await repairsOf(budget)).toEqual([
        {
          before: { counted_in: store, spent_usd: "0.079999991", reserved_usd: "0.04" },
          after: { counted_in: store, spent_usd: "0.079999986", reserved_usd: "0.04" },
        },
      ]);
      expect((await checkAuditChain(getDb())).brokenAt).toBeNull();
      await finish(budget, running);
      expect(await stateOf(budget)).toEqual({ spent: (COST - 7n) * 3n, held: 0n });
    });

    it("gives back what no request holds any more", async () => {
      await open(store);
      const budget = await usedBudget();
      await begin(budget);
      await check();
      await bend(store, budget.id, { reserved: COST * 3n });
      const found = [...(await check()), ...(await check()), ...(await check())];
      expect(found).toEqual([
        { budgetId: budget.id, store, spentNanos: 0n, reservedNanos: COST * 3n, isRepaired: true },
      ]);
      expect(await stateOf(budget)).toEqual({ spent: SPENT, held: COST });
      expect(await repairsOf(budget)).toHaveLength(1);
    });

    it("is never raised: what is below the log is told again and again", async () => {
      await open(store);
      const budget = await usedBudget();
      await check();
      await bend(store, budget.id, { spent: -5n });
      await check();
      expect(await check()).toContainEqual({
        budgetId: budget.id,
        store,
        spentNanos: -5n,
        reservedNanos: 0n,
        isRepaired: false,
      });
      expect(await repairsOf(budget)).toEqual([]);
    });

    it("keeps what was charged for a request that nobody ended", async () => {
      await open(store);
      const budget = await usedBudget();
      await check();
      const lost = await begin(budget, { leaseMs: 1 });
      await expect.poll(() => reapReservations(), { timeout: 5_000 }).toBeGreaterThan(0);
      expect([...(await check()), ...(await check()), ...(await check())]).toEqual([]);
      expect(await stateOf(budget)).toEqual({ spent: SPENT + COST, held: 0n });
      await finish(budget, lost);
      expect([...(await check()), ...(await check()), ...(await check())]).toEqual([]);
      expect(await stateOf(budget)).toEqual({ spent: (COST - 7n) * 3n, held: 0n });
    });
  });
});

describe("a row that has counted more than the log", () => {
  it("is lowered, and after it the counter that took it over", async () => {
    await open("memory");
    const budget = await usedBudget();
    await check();
    await bend("postgres", budget.id, { spent: COST });
    await bend("memory", budget.id, { spent: COST });
    const found = [...(await check()), ...(await check())];
    expect(found.map((drift) => [drift.store, drift.spentNanos])).toEqual([
      ["postgres", COST],
      ["memory", COST],
    ]);
    expect(await budgetRow(budget.id)).toEqual({ spentNanos: SPENT, reservedNanos: 0n });
    expect((await stateOf(budget)).spent).toBe(SPENT);
  });

  it("is taken as it is while its limit is young", async () => {
    await open("memory");
    const budget = await usedBudget();
    await getSql()`update budgets set created_at = now() where id = ${budget.id}`;
    await check();
    // A request that began before the limit was set: its row counts against nothing.
    await insertRecords(
      getSql(),
      `[${logRowOf(makeRecord({ keyId: budget.subjectId, costNanos: COST }))}]`,
    );
    expect([...(await check()), ...(await check())]).toEqual([]);
  });
});

describe.skipIf(findRedisServer() === undefined)("what a killed process held in Redis", () => {
  it("is settled from its journal before the rows are stored, and not charged again", async () => {
    await open("redis");
    const budget = await usedBudget();
    const killed = await begin(budget, { leaseMs: 600_000 });
    const rows = `[${rowOf(budget, killed)}]`;
    for (let start = 0; start < 2; start += 1) {
      await settleReplayed(rows);
      await insertRecords(getSql(), rows);
      await getLimits().shared?.budgets.reconcile();
      expect(await stateOf(budget)).toEqual({ spent: (COST - 7n) * 3n, held: 0n });
    }
    expect([...(await check()), ...(await check())]).toEqual([]);
  });
});
