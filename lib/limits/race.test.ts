import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { BudgetLimit } from "#lib/contract/caller.ts";
import { settleReservations } from "#lib/db/budgets.ts";
import { getSql } from "#lib/db/client.ts";
import { newId } from "#lib/ids.ts";
import { dropSingleton, singleton } from "#lib/singleton.ts";
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
import { hasPostgres } from "#lib/testing/postgres.ts";
import {
  findRedisServer,
  startRedis,
  startUpstashShim,
  type TestRedis,
  type UpstashShim,
} from "#lib/testing/redis.ts";
import { fault } from "#lib/testing/reliability-rows.ts";
import { admit } from "./admit.ts";
import { budgetStates } from "./budget.ts";
import { closeLimits, configureLimits, getLimits, type Limits } from "./configure.ts";
import { reapReservations } from "./reap.ts";

const BURST = 200;
const FITS = 20;
const COST = 40_000_000n;
/** Slow machines must not look like a slow Redis here; `outage.test.ts` tests the real deadlines. */
const PATIENT_MS = 20_000;

let database: TestDatabase;
let redis: TestRedis | undefined;
let shim: UpstashShim | undefined;

beforeAll(async () => {
  captureLog();
  database = await openTestDatabase(hasPostgres() ? "postgres" : "embedded");
  if (findRedisServer() !== undefined) {
    redis = await startRedis();
    shim = await startUpstashShim(redis);
  }
});

afterEach(async () => {
  await closeLimits();
});

afterAll(async () => {
  await shim?.stop();
  await redis?.stop();
  await database.close();
});

const STORES = {
  memory: () => ({ redisUrl: undefined, upstash: undefined, replicas: 1 }),
  redis: () => ({ redisUrl: redis?.url, upstash: undefined, replicas: 3 }),
  upstash: () => ({ redisUrl: undefined, upstash: shim, replicas: 3 }),
  // Nothing listens on port 1: every budget has to be kept in the database.
  postgres: () => ({ redisUrl: "redis://127.0.0.1:1", upstash: undefined, replicas: 3 }),
};

type StoreName = keyof typeof STORES;

function needsRedis(name: StoreName): boolean {
  return (name === "redis" || name === "upstash") && findRedisServer() === undefined;
}

async function open(name: StoreName): Promise<Limits> {
  configureLimits({
    env: STORES[name](),
    databaseKind: database.kind,
    ...(name === "postgres" ? {} : { redisDeadlineMs: PATIENT_MS }),
  });
  await getLimits().started;
  return getLimits();
}

/** Settles as the gateway and its batch of log rows do together. */
async function settleAll(burstOf: Awaited<ReturnType<typeof burst>>, costNanos: bigint) {
  for (const admission of burstOf.admitted) {
    await admission.settle({ costNanos, tokens: 0 });
  }
}

async function stateOf(budget: BudgetLimit) {
  const state = (await budgetStates([budget.id])).get(budget.id);
  return { spent: state?.spentNanos, held: state?.reservedNanos };
}

describe.each(Object.keys(STORES) as StoreName[])(`${fault("F42")}: in %s`, (name) => {
  describe.skipIf(needsRedis(name))("under concurrency", () => {
    it("admits exactly as many of 200 simultaneous requests as it has room for", async () => {
      await open(name);
      const budget = await addBudget({ limitNanos: COST * BigInt(FITS) });
      const caller = makeCaller({ budgets: [budget] });
      const result = await burst(BURST, () => demandOf(caller, { estimateNanos: COST }));
      // A busy machine may answer some of them that the database is too slow: those are refused too.
      const slow = result.refused.filter((code) => code === "budget_store_unavailable").length;
      expect(slow === 0 || name === "postgres").toBe(true);
      const other = result.refused.filter((code) => code !== "budget_store_unavailable");
      expect(new Set(other)).toEqual(new Set(["budget_exceeded"]));
      const admitted = result.admitted.length;
      expect(admitted).toBeLessThanOrEqual(FITS);
      expect(admitted + slow).toBeGreaterThanOrEqual(FITS);
      // What was granted too late is let go a moment later.
      await expect
        .poll(() => stateOf(budget), { timeout: 10_000 })
        .toEqual({ spent: 0n, held: COST * BigInt(admitted) });
    });

    it("holds all levels of a request or none, whatever other levels its rivals share", async () => {
      await open(name);
      const team = await addBudget({ subject: "team", limitNanos: COST * 30n });
      const user = await addBudget({ subject: "user", limitNanos: COST * 25n });
      const keys = await Promise.all(
        [8n, 50n].map((fits) => addBudget({ limitNanos: COST * fits })),
      );
      const [small, large] = keys as [BudgetLimit, BudgetLimit];
      const callers = [
        makeCaller({ budgets: inOrder(small, user, team) }),
        makeCaller({ budgets: inOrder(large, team) }),
      ];
      const result = await burst(BURST, (at) =>
        demandOf(callers[at % 2] ?? makeCaller(), { estimateNanos: COST }),
      );
      const bySmall = (await stateOf(small)).held ?? 0n;
      const byLarge = (await stateOf(large)).held ?? 0n;
      expect(bySmall).toBeLessThanOrEqual(COST * 8n);
      expect(await stateOf(user)).toEqual({ spent: 0n, held: bySmall });
      expect(await stateOf(team)).toEqual({ spent: 0n, held: bySmall + byLarge });
      expect(bySmall + byLarge).toBe(COST * 30n);
      expect(result.admitted).toHaveLength(30);
    });

    it("has room again for what was released, and none for what was settled", async () => {
      await open(name);
      const budget = await addBudget({ limitNanos: COST * BigInt(FITS) });
      const caller = makeCaller({ budgets: [budget] });
      const first = await burst(BURST, () => demandOf(caller, { estimateNanos: COST }));
      for (const admission of first.admitted.slice(0, 5)) {
        await admission.release();
      }
      const second = await burst(BURST, () => demandOf(caller, { estimateNanos: COST }));
      expect(second.admitted).toHaveLength(5);
      expect((await stateOf(budget)).held).toBe(COST * BigInt(FITS));
    });

    it("lets a request that costs nothing pass when it is spent", async () => {
      await open(name);
      const budget = await addBudget({ limitNanos: COST, spentNanos: COST * 2n });
      const caller = makeCaller({ budgets: [budget] });
      const admission = await admit(demandOf(caller));
      expect(await admission.topUp(1n)).toBe(false);
      await admission.release();
      expect(await stateOf(budget)).toEqual({ spent: COST * 2n, held: 0n });
    });

    it("tops a reservation up while there is room, and leaves it as it was when there is none", async () => {
      await open(name);
      const budget = await addBudget({ limitNanos: 10n });
      const caller = makeCaller({ budgets: [budget] });
      const one = await admit(demandOf(caller, { estimateNanos: 4n }));
      const other = await admit(demandOf(caller, { estimateNanos: 3n }));
      expect(await one.topUp(7n)).toBe(true);
      expect(await one.topUp(5n)).toBe(true);
      expect(await other.topUp(4n)).toBe(false);
      expect(one.reservation?.estimateNanos).toBe(7n);
      expect(other.reservation?.estimateNanos).toBe(3n);
      expect(await stateOf(budget)).toEqual({ spent: 0n, held: 10n });
    });

    it("charges a reservation at its estimate when its lease ends, and corrects it later", async () => {
      await open(name);
      const budget = await addBudget({ limitNanos: COST });
      const caller = makeCaller({ budgets: [budget] });
      const demand = demandOf(caller, { estimateNanos: COST, leaseMs: 1 });
      const admission = await admit(demand);
      await expect.poll(() => reapReservations(), { timeout: 5_000 }).toBeGreaterThan(0);
      expect(await stateOf(budget)).toEqual({ spent: COST, held: 0n });
      await admission.settle({ costNanos: 7n, tokens: 0 });
      if (name === "postgres") {
        await settleReservations(getSql(), [{ requestId: demand.requestId, costNanos: 7n }]);
      }
      expect(await stateOf(budget)).toEqual({ spent: 7n, held: 0n });
    });
  });
});

describe.each(["memory", "redis", "upstash"] as const)("settling in %s", (name) => {
  it.skipIf(needsRedis(name))("counts once, however often it is sent", async () => {
    await open(name);
    const budget = await addBudget({ limitNanos: COST * 2n });
    const caller = makeCaller({ budgets: [budget] });
    const result = await burst(BURST, () => demandOf(caller, { estimateNanos: COST }));
    expect(result.admitted).toHaveLength(2);
    expect(result.admitted[0]?.reservation).toEqual({
      store: name === "memory" ? "memory" : "redis",
      budgetIds: [budget.id],
      estimateNanos: COST,
    });
    await settleAll(result, 7n);
    await settleAll(result, 7n);
    await result.admitted[0]?.release();
    expect(await stateOf(budget)).toEqual({ spent: 14n, held: 0n });
    // The row is written by the batch of log rows alone.
    expect(await budgetRow(budget.id)).toEqual({ spentNanos: 0n, reservedNanos: 0n });
  });
});

describe("settling in the database", () => {
  it("happens with the log rows, once, however often it is sent", async () => {
    await open("postgres");
    const budget = await addBudget({ limitNanos: COST * 3n });
    const caller = makeCaller({ budgets: [budget] });
    const demands = Array.from({ length: 3 }, () => demandOf(caller, { estimateNanos: COST }));
    const admissions = await Promise.all(demands.map((demand) => admit(demand)));
    expect(admissions.map(({ reservation }) => reservation?.store)).toEqual(
      Array(3).fill("postgres"),
    );
    const settlements = demands.slice(0, 2).map(({ requestId }) => ({ requestId, costNanos: 7n }));
    const send = () => getSql().begin((tx) => settleReservations(tx, settlements));
    await Promise.all([send(), send(), send()]);
    expect(await budgetRow(budget.id)).toEqual({ spentNanos: 14n, reservedNanos: COST });
    await admissions[2]?.release();
    await settleReservations(getSql(), [
      { requestId: demands[2]?.requestId ?? newId(), costNanos: 9n },
    ]);
    expect(await budgetRow(budget.id)).toEqual({ spentNanos: 14n, reservedNanos: 0n });
  });
});

describe.skipIf(findRedisServer() === undefined)("three replicas on one Redis", () => {
  it("admit together exactly what the budget has room for", async () => {
    const replicas: Limits[] = [];
    for (let at = 0; at < 3; at += 1) {
      dropSingleton("limits");
      replicas.push(await open("redis"));
    }
    const budget = await addBudget({ limitNanos: COST * BigInt(FITS) });
    const caller = makeCaller({ budgets: [budget] });
    const result = await burst(
      BURST,
      () => demandOf(caller, { estimateNanos: COST }),
      (at, run) => {
        dropSingleton("limits");
        singleton("limits", () => replicas[at % 3]);
        return run();
      },
    );
    expect(result.admitted).toHaveLength(FITS);
    for (const replica of replicas) {
      replica.shared?.redis.close();
    }
  });
});
