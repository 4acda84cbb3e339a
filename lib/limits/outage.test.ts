import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { BudgetLimit } from "#lib/contract/caller.ts";
import { settleReservations } from "#lib/db/budgets.ts";
import { getSql } from "#lib/db/client.ts";
import { openTestDatabase, type TestDatabase } from "#lib/testing/database.ts";
import {
  addBudget,
  budgetRow,
  burst,
  captureLog,
  demandOf,
  makeCaller,
  makeLimits,
} from "#lib/testing/limits.ts";
import { findRedisServer, startRedis, type TestRedis } from "#lib/testing/redis.ts";
import { fault } from "#lib/testing/reliability-rows.ts";
import { type Admission, type AdmitDemand, admit } from "./admit.ts";
import { budgetStates } from "./budget.ts";
import { closeLimits, configureLimits, getLimits } from "./configure.ts";
import { reapReservations } from "./reap.ts";

const COST = 40_000_000n;
const PATIENT_MS = 20_000;
const EVENTUALLY = { timeout: 15_000, interval: 20 };

let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
});

afterAll(async () => {
  await database.close();
});

describe.skipIf(findRedisServer() === undefined)("when Redis", () => {
  let redis: TestRedis;
  let log: string[];

  beforeEach(async () => {
    redis = await startRedis();
    log = captureLog();
  });

  afterEach(async () => {
    await closeLimits();
    await redis.stop();
  });

  async function open(fields: { replicas?: number; url?: string; deadlineMs?: number } = {}) {
    configureLimits({
      env: {
        redisUrl: fields.url ?? redis.url,
        upstash: undefined,
        replicas: fields.replicas ?? 1,
      },
      databaseKind: database.kind,
      ...(fields.deadlineMs === undefined ? {} : { redisDeadlineMs: fields.deadlineMs }),
    });
    await getLimits().started;
  }

  const isUp = () => getLimits().shared?.redis.isUp;

  /** Pauses Redis and sends requests of another key until it is given up. */
  async function freeze() {
    redis.pause();
    await burst(5, () => demandOf(makeCaller({ keyLimits: makeLimits({ rpm: 10 }) })));
    expect(isUp()).toBe(false);
  }

  async function stateOf(budget: BudgetLimit) {
    const state = (await budgetStates([budget.id])).get(budget.id);
    return { spent: state?.spentNanos, held: state?.reservedNanos };
  }

  /** Settles as the gateway does, and as the batch of log rows does a moment later. */
  async function finish(admission: Admission, demand: AdmitDemand, costNanos: bigint) {
    const { reservation } = admission;
    await admission.settle({ costNanos, tokens: 0 });
    if (reservation?.store === "postgres") {
      await settleReservations(getSql(), [{ requestId: demand.requestId, costNanos }]);
    } else {
      await getSql()`
        update budgets set spent_nanos = spent_nanos + ${String(costNanos)}::text::bigint
        where id in ${getSql()([...(reservation?.budgetIds ?? [])])}`;
    }
  }

  it(`${fault("F28")}: freezes in the middle of a burst, a budget still admits exactly what fits`, async () => {
    await open();
    const budget = await addBudget({ limitNanos: COST * 20n });
    const caller = makeCaller({ budgets: [budget] });
    const make = () => demandOf(caller, { estimateNanos: COST });
    const before = await burst(7, make);
    expect(before.admitted).toHaveLength(7);
    redis.pause();
    const during = await burst(100, make);
    expect(during.admitted).toHaveLength(13);
    expect(during.admitted.map(({ reservation }) => reservation?.store)).toEqual(
      Array(13).fill("postgres"),
    );
    expect(new Set(during.refused)).toEqual(new Set(["budget_exceeded"]));
    redis.resume();
    await expect.poll(isUp, EVENTUALLY).toBe(true);
    const after = await burst(20, make);
    expect(after.admitted).toHaveLength(0);
    expect(await stateOf(budget)).toEqual({ spent: 0n, held: COST * 20n });
  });

  it("returns, it knows what was spent without it", async () => {
    await open();
    const budget = await addBudget({ limitNanos: COST * 3n });
    const caller = makeCaller({ budgets: [budget] });
    const demands = [1, 2, 3].map(() => demandOf(caller, { estimateNanos: COST }));
    const [first, second, third] = demands as [AdmitDemand, AdmitDemand, AdmitDemand];
    const one = await admit(first);
    await freeze();
    const two = await admit(second);
    await finish(two, second, COST);
    // Settled while nobody could tell Redis.
    await finish(one, first, 1n);
    redis.resume();
    await expect.poll(isUp, EVENTUALLY).toBe(true);
    expect(await stateOf(budget)).toEqual({ spent: COST + 1n, held: 0n });
    expect(await admit(third)).toMatchObject({ reservation: { store: "redis" } });
    expect((await burst(5, () => demandOf(caller, { estimateNanos: COST }))).admitted).toEqual([]);
  });

  it(`${fault("F28")}: freezes, a few requests wait for it and the rest do not`, async () => {
    await open();
    const budget = await addBudget({ limitNanos: COST * 1_000n });
    const caller = makeCaller({ budgets: [budget], keyLimits: makeLimits({ rpm: 1_000 }) });
    const make = () => demandOf(caller, { estimateNanos: COST });
    await admit(make());
    redis.pause();
    await burst(10, make);
    // From here on nothing is asked of Redis, so nothing can wait for it.
    expect(isUp()).toBe(false);
    expect((await burst(50, make)).admitted).toHaveLength(50);
    expect(log).toEqual(["Redis does not answer; limits are kept without it"]);
    redis.resume();
    await expect.poll(isUp, EVENTUALLY).toBe(true);
    expect(log).toEqual([
      "Redis does not answer; limits are kept without it",
      "Redis answers again",
    ]);
  });

  it(`${fault("F27")}: is away, each replica lets through its share of a rate`, async () => {
    await open({ replicas: 3, url: "redis://127.0.0.1:1" });
    const caller = makeCaller({ keyLimits: makeLimits({ rpm: 30, maxParallel: 12 }) });
    const result = await burst(100, () => demandOf(caller));
    expect(result.admitted).toHaveLength(4);
    for (const admission of result.admitted) {
      await admission.settle({ costNanos: 0n, tokens: 0 });
    }
    expect((await burst(3, () => demandOf(caller))).admitted).toHaveLength(3);
  });

  it(`${fault("F28")}: goes away under a running stream, its top-up is decided by the database`, async () => {
    await open();
    const budget = await addBudget({ limitNanos: 10n });
    const caller = makeCaller({ budgets: [budget] });
    const demand = demandOf(caller, { estimateNanos: 4n });
    const admission = await admit(demand);
    redis.pause();
    expect(await admission.topUp(11n)).toBe(false);
    expect(admission.reservation).toMatchObject({ store: "redis", estimateNanos: 4n });
    expect(await admission.topUp(10n)).toBe(true);
    expect(admission.reservation).toMatchObject({ store: "postgres", estimateNanos: 10n });
    await finish(admission, demand, 9n);
    redis.resume();
    await expect.poll(() => stateOf(budget), EVENTUALLY).toEqual({ spent: 9n, held: 0n });
  });

  it("and the database are both away, money is not let through", async () => {
    await open({ url: "redis://127.0.0.1:1" });
    const budget = await addBudget({ limitNanos: COST });
    // A budget that the database cannot read stands for a database that does not answer.
    const broken = { ...budget, id: "not-a-uuid" };
    const caller = makeCaller({ budgets: [broken], keyLimits: makeLimits({ rpm: 1 }) });
    const refusal = admit(demandOf(caller, { estimateNanos: 1n }));
    await expect(refusal).rejects.toMatchObject({ code: "budget_store_unavailable", status: 503 });
    // And the request was not counted.
    const healthy = makeCaller({ ...caller, budgets: [] });
    await admit(demandOf(healthy));
  });

  it(`${fault("F29")}: loses everything, budgets start from what the database knows`, async () => {
    await open({ deadlineMs: PATIENT_MS });
    const budget = await addBudget({ limitNanos: COST * 10n });
    const caller = makeCaller({ budgets: [budget] });
    for (let at = 0; at < 6; at += 1) {
      const demand = demandOf(caller, { estimateNanos: COST });
      await finish(await admit(demand), demand, COST);
    }
    await redis.client.flushall();
    const result = await burst(50, () => demandOf(caller, { estimateNanos: COST }));
    expect(result.admitted).toHaveLength(4);
  });

  it(`${fault("F30")}: does not allow EVALSHA, scripts are sent whole`, async () => {
    await redis.client.call("ACL", "SETUSER", "default", "-evalsha", "-script");
    await open({ deadlineMs: PATIENT_MS });
    const budget = await addBudget({ limitNanos: COST * 5n });
    const caller = makeCaller({ budgets: [budget], keyLimits: makeLimits({ rpm: 8 }) });
    const result = await burst(20, () => demandOf(caller, { estimateNanos: COST }));
    expect(result.admitted).toHaveLength(5);
    expect(result.admitted[0]?.reservation?.store).toBe("redis");
    // And that is no reason to count without it: nothing was told of an outage.
    expect({ isUp: isUp(), log }).toEqual({ isUp: true, log: [] });
    // The rates of the refused were given back: three of eight are left.
    const free = makeCaller({ ...caller, budgets: [] });
    expect((await burst(10, () => demandOf(free))).admitted).toHaveLength(3);
  });

  it(`${fault("F27")}: is not there at the start, the gateway finds it later`, async () => {
    await redis.stop();
    await open();
    expect(isUp()).toBe(false);
    const budget = await addBudget({ limitNanos: COST });
    const caller = makeCaller({ budgets: [budget] });
    const demand = demandOf(caller, { estimateNanos: COST });
    const admission = await admit(demand);
    await finish(admission, demand, COST);
    expect(await budgetRow(budget.id)).toEqual({ spentNanos: COST, reservedNanos: 0n });
    redis = await startRedis(redis.port);
    await expect.poll(isUp, EVENTUALLY).toBe(true);
    const again = admit(demandOf(caller, { estimateNanos: 1n }));
    await expect(again).rejects.toMatchObject({ code: "budget_exceeded" });
  });

  it("has drifted from the rows, a run of the reaper brings it back", async () => {
    await open({ deadlineMs: PATIENT_MS });
    const budget = await addBudget({ limitNanos: COST * 2n });
    const caller = makeCaller({ budgets: [budget] });
    const admission = await admit(demandOf(caller, { estimateNanos: COST }));
    await admission.release();
    // Another replica spent it in the database while it could not reach Redis.
    await getSql()`update budgets set spent_nanos = ${String(COST * 2n)}::text::bigint where id = ${budget.id}`;
    await reapReservations();
    const refusal = admit(demandOf(caller, { estimateNanos: 1n }));
    await expect(refusal).rejects.toMatchObject({ code: "budget_exceeded" });
  });
});
