import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { getSql } from "#lib/db/client.ts";
import { dropSingleton, singleton } from "#lib/singleton.ts";
import { openTestDatabase, type TestDatabase } from "#lib/testing/database.ts";
import { addBudget, burst, captureLog, demandOf, makeCaller } from "#lib/testing/limits.ts";
import { findRedisServer, startRedis, type TestRedis } from "#lib/testing/redis.ts";
import { fault } from "#lib/testing/reliability-rows.ts";
import { type Admission, admit } from "./admit.ts";
import { budgetStates } from "./budget.ts";
import { closeLimits, configureLimits, getLimits, type Limits } from "./configure.ts";
import { reapReservations } from "./reap.ts";

const COST = 40_000_000n;
/** Slow machines must not look like a slow Redis here. */
const PATIENT_MS = 20_000;

const AT_ONCE = 12;

let database: TestDatabase;

beforeAll(async () => {
  captureLog();
  database = await openTestDatabase();
});

afterAll(async () => {
  await database.close();
});

describe.skipIf(findRedisServer() === undefined)(fault("F29"), () => {
  let redis: TestRedis;

  beforeEach(async () => {
    redis = await startRedis();
  });

  afterEach(async () => {
    await closeLimits();
    await redis.stop();
  });

  async function open(): Promise<Limits> {
    dropSingleton("limits");
    configureLimits({
      env: { redisUrl: redis.url, upstash: undefined, replicas: 1 },
      databaseKind: database.kind,
      redisDeadlineMs: PATIENT_MS,
    });
    await getLimits().started;
    return getLimits();
  }

  async function stateOf({ id }: { id: string }) {
    const state = (await budgetStates([id])).get(id);
    return { spent: state?.spentNanos, held: state?.reservedNanos };
  }

  async function settleAll(admissions: readonly Admission[]): Promise<void> {
    await Promise.all(
      admissions.map((admission) => admission.settle({ costNanos: COST, tokens: 0 })),
    );
  }

  it("counts what is running and what was spent, though no row tells of either yet", async () => {
    await open();
    const budget = await addBudget({ limitNanos: COST * 10n });
    const caller = makeCaller({ budgets: [budget] });
    const make = () => demandOf(caller, { estimateNanos: COST });
    const { admitted } = await burst(6, make);
    await settleAll(admitted.slice(0, 2));
    await redis.client.flushall();
    const after = await burst(50, make);
    expect(after.admitted).toHaveLength(4);
    expect(await stateOf(budget)).toEqual({ spent: COST * 2n, held: COST * 8n });
    await settleAll([...admitted, ...after.admitted]);
    expect(await stateOf(budget)).toEqual({ spent: COST * 10n, held: 0n });
    expect((await burst(5, make)).admitted).toHaveLength(0);
  });

  it("lets running streams grow, within what is left", async () => {
    await open();
    const budget = await addBudget({ limitNanos: 10n });
    const caller = makeCaller({ budgets: [budget] });
    const one = await admit(demandOf(caller, { estimateNanos: 4n }));
    const other = await admit(demandOf(caller, { estimateNanos: 3n }));
    await redis.client.flushall();
    expect(await one.topUp(8n)).toBe(false);
    expect(await one.topUp(7n)).toBe(true);
    expect(await other.topUp(4n)).toBe(false);
    expect(await stateOf(budget)).toEqual({ spent: 0n, held: 10n });
  });

  it("again and again under load, overspends at most what was running at the time", async () => {
    await open();
    const budget = await addBudget({ limitNanos: COST * 60n });
    const caller = makeCaller({ budgets: [budget] });
    let settled = 0;
    const work = async (): Promise<void> => {
      const { admitted } = await burst(1, () => demandOf(caller, { estimateNanos: COST }));
      await settleAll(admitted);
      settled += admitted.length;
    };
    for (let round = 0; round < 10; round += 1) {
      const running = Array.from({ length: AT_ONCE }, work);
      await redis.client.flushall();
      await Promise.all(running);
    }
    expect(settled).toBeGreaterThanOrEqual(60);
    expect(settled).toBeLessThanOrEqual(60 + AT_ONCE);
  });

  it("with several replicas overspends at most what the others had running", async () => {
    const replicas = [await open(), await open(), await open()];
    const budget = await addBudget({ limitNanos: COST * 20n });
    const caller = makeCaller({ budgets: [budget] });
    const make = () => demandOf(caller, { estimateNanos: COST });
    const as = <T>(at: number, run: () => Promise<T>): Promise<T> => {
      dropSingleton("limits");
      singleton("limits", () => replicas[at % 3]);
      return run();
    };
    const before = await burst(9, make, as);
    expect(before.admitted).toHaveLength(9);
    await redis.client.flushall();
    const after = await burst(60, make, as);
    expect(after.admitted.length).toBeGreaterThanOrEqual(11);
    expect(after.admitted.length).toBeLessThanOrEqual(11 + 6);
    // As soon as each has asked once, everything that runs is known again.
    expect((await stateOf(budget)).held).toBe(COST * BigInt(9 + after.admitted.length));
    for (const replica of replicas) {
      replica.shared?.redis.close();
    }
  });

  it("is found out without a request, when only the reaper asks", async () => {
    await open();
    const budget = await addBudget({ limitNanos: COST * 10n });
    const caller = makeCaller({ budgets: [budget] });
    await burst(3, () => demandOf(caller, { estimateNanos: COST }));
    await redis.client.flushall();
    await reapReservations();
    expect(await stateOf(budget)).toEqual({ spent: 0n, held: COST * 3n });
  });

  it("and a successor that missed the last writes are told them again", async () => {
    const limits = await open();
    const budget = await addBudget({ limitNanos: COST * 10n });
    const caller = makeCaller({ budgets: [budget] });
    const make = () => demandOf(caller, { estimateNanos: COST });
    const { admitted } = await burst(5, make);
    await settleAll(admitted.slice(0, 2));
    // The successor knows the budget as it was before all of them.
    const keys = await redis.client.keys("{conduit}:hold*");
    await redis.client.del(...keys);
    await redis.client.hset(`{conduit}:budget:${budget.id}`, { s: "0", r: "0" });
    await redis.client.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
    await Promise.allSettled(
      Array.from({ length: 5 }, () => limits.shared?.redis.send(["GET", "nothing"])),
    );
    await expect.poll(() => limits.shared?.redis.isUp, { timeout: 15_000 }).toBe(true);
    expect(await stateOf(budget)).toEqual({ spent: COST * 2n, held: COST * 3n });
    expect((await burst(20, make)).admitted).toHaveLength(5);
  });

  it("and what the rows know is more, takes over the rows", async () => {
    await open();
    const budget = await addBudget({ limitNanos: COST * 10n });
    const caller = makeCaller({ budgets: [budget] });
    const make = () => demandOf(caller, { estimateNanos: COST });
    await settleAll((await burst(2, make)).admitted);
    // Other replicas spent more, and their rows are stored.
    await getSql()`
      update budgets set spent_nanos = ${String(COST * 7n)}::text::bigint where id = ${budget.id}`;
    await redis.client.flushall();
    expect((await burst(20, make)).admitted).toHaveLength(3);
  });
});
