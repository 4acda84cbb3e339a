import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { aliases } from "#drizzle/schema/aliases.ts";
import { deployments } from "#drizzle/schema/deployments.ts";
import { guardrailRules } from "#drizzle/schema/guardrail-rules.ts";
import { priceOverrides } from "#drizzle/schema/price-overrides.ts";
import type { MasterKeys } from "#lib/crypto.ts";
import { newId } from "#lib/ids.ts";
import { dropSingleton } from "#lib/singleton.ts";
import { openTestDatabase, type TestDatabase } from "#lib/testing/database.ts";
import { fault } from "#lib/testing/reliability-rows.ts";
import { getDb } from "./client.ts";
import { configProblem, configureSnapshots, currentSnapshot, refreshSnapshot } from "./snapshot.ts";

const masterKeys: MasterKeys = { current: "v1", keys: new Map([["v1", Buffer.alloc(32, 7)]]) };

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

/** What SQL takes and nothing else would write, each with what repairs it. */
const INVALID = [
  [
    "a weight below zero",
    sql`update deployments set weight = -1`,
    sql`update deployments set weight = 1`,
  ],
  ["no name", sql`update deployments set name = ''`, sql`update deployments set name = 'good'`],
  [
    "settings that are a list",
    sql`update deployments set settings = '[1]'`,
    sql`update deployments set settings = '{}'`,
  ],
  [
    "a price below zero",
    sql`update deployments set input_price_per_million_nanos = -5`,
    sql`update deployments set input_price_per_million_nanos = 5`,
  ],
  [
    "no time at all",
    sql`update deployments set timeout_ms = 0`,
    sql`update deployments set timeout_ms = null`,
  ],
  [
    "no attempts",
    sql`update aliases set max_attempts = 0`,
    sql`update aliases set max_attempts = null`,
  ],
  [
    "an unknown mode",
    sql`update guardrail_rules set mode = 'perhaps'`,
    sql`update guardrail_rules set mode = 'enforced'`,
  ],
  [
    "an unknown stage",
    sql`update guardrail_rules set stages = '{never}'`,
    sql`update guardrail_rules set stages = '{pre}'`,
  ],
  [
    "a model without a name",
    sql`update price_overrides set model_pattern = ''`,
    sql`update price_overrides set model_pattern = 'x'`,
  ],
] as const;

describe(fault("F41"), () => {
  beforeEach(async () => {
    dropSingleton("snapshot");
    configureSnapshots({ masterKeys, compilePrice: () => ({ state: "free" }) });
    const db = getDb();
    await db.delete(aliases);
    await db.delete(deployments);
    await db.delete(guardrailRules);
    await db.delete(priceOverrides);
    await db
      .insert(deployments)
      .values({ id: newId(), name: "good", provider: "openai", modelName: "gpt-x" });
    await db.insert(aliases).values({ id: newId(), name: "fast" });
    await db.insert(guardrailRules).values({
      id: newId(),
      name: "rule",
      type: "word_list",
      stages: ["pre"],
      action: "block",
      mode: "enforced",
      priority: 1,
      config: {},
    });
    await db.insert(priceOverrides).values({
      id: newId(),
      modelPattern: "x",
      inputNanos: 1n,
      outputNanos: 1n,
      effectiveFrom: new Date(0),
    });
  });

  it.each(INVALID)(
    "%s: the last good configuration stays, and it is said",
    async (_, spoil, repair) => {
      const good = await refreshSnapshot();
      expect(configProblem()).toBe(undefined);
      await getDb().execute(spoil);
      expect(await refreshSnapshot()).toBe(good);
      expect(currentSnapshot()).toBe(good);
      expect(configProblem()).toMatchObject({ isRefused: true, problems: [expect.any(String)] });
      await getDb().execute(repair);
      expect(await refreshSnapshot()).not.toBe(good);
      expect(configProblem()).toBe(undefined);
    },
  );

  it("a row that SQL repairs is found without a word to us", async () => {
    const good = await refreshSnapshot();
    await getDb().execute(INVALID[0][1]);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      await refreshSnapshot();
      await getDb().execute(INVALID[0][2]);
      vi.advanceTimersByTime(6_000);
    } finally {
      vi.useRealTimers();
    }
    await expect.poll(configProblem, { timeout: 20_000 }).toBe(undefined);
    expect(currentSnapshot()).not.toBe(good);
  });

  it.each(INVALID)("%s at the start: what is left is served, and it is said", async (_, spoil) => {
    await getDb().execute(spoil);
    const snapshot = await refreshSnapshot();
    expect(configProblem()).toMatchObject({ isRefused: false, problems: [expect.any(String)] });
    expect(snapshot.deployments.size + snapshot.aliases.size).toBeGreaterThan(0);
    // A guard that is not understood does not leave: it fails, and failing it blocks.
    expect(snapshot.rules).toMatchObject([{ name: "rule", fail: "closed", mode: "enforced" }]);
  });
});
