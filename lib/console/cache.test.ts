import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { getSecrets } from "#lib/auth/bootstrap.ts";
import { closeCache, configureCache } from "#lib/cache/configure.ts";
import { getStored, putStored } from "#lib/cache/store.ts";
import type { StoredAnswer } from "#lib/cache/stored-answer.ts";
import type { CacheTabQuery } from "#lib/contract/cache-console.ts";
import type { RequestRecord } from "#lib/contract/record.ts";
import { seal } from "#lib/crypto.ts";
import { insertEmbedding, openVectorSpace } from "#lib/db/cache-embeddings.ts";
import { type CacheEntryRow, cacheEntryContext, saveCacheEntries } from "#lib/db/cache-entries.ts";
import { cacheLookupContext, saveCacheLookups } from "#lib/db/cache-lookups.ts";
import { getDb, getSql } from "#lib/db/client.ts";
import { logRowOf } from "#lib/db/request-log-row.ts";
import { insertRecords } from "#lib/db/request-logs.ts";
import { currentSettings } from "#lib/db/settings.ts";
import { enableVectorSupport } from "#lib/db/vector-support.ts";
import { getEnv } from "#lib/env.ts";
import { newId } from "#lib/ids.ts";
import { type AdminApi, openAdminApi } from "#lib/testing/admin-api.ts";
import { makePerson, makeTeam, type PersonActor } from "#lib/testing/people.ts";
import { makeRecord } from "#lib/testing/records.ts";
import { showCacheBoard } from "./cache-board.ts";
import { showNearMisses, showSimilarities } from "./cache-similarity.ts";
import { showCacheStats, showCacheTraffic } from "./cache-stats.ts";
import { showCacheTab } from "./cache-tab.ts";
import { tryCache } from "./cache-trial.ts";
import { readVector } from "./cache-vector.ts";

let api: AdminApi;
let team: { id: string };
let lead: PersonActor;
let member: PersonActor;

beforeAll(async () => {
  api = await openAdminApi();
  configureCache({ env: getEnv(), masterKeys: getSecrets().masterKeys });
  team = await makeTeam();
  lead = await makePerson({ role: "team_admin", teamIds: [team.id] });
  member = await makePerson({ role: "member", teamIds: [team.id] });
});
afterAll(async () => {
  await closeCache();
  await api.close();
});

describe("settings", () => {
  test("both caches are off until somebody turns them on, and a change holds at once", async () => {
    expect((await api.ok("GET", "/cache/settings")).values).toMatchObject({
      exact_enabled: false,
      semantic_enabled: false,
      threshold: 0.95,
      semantic_ttl_seconds: 3600,
    });

    await api.ok("PATCH", "/cache/settings", { exact_enabled: true, ttl_seconds: 600 });

    expect(currentSettings().cache).toMatchObject({ exact_enabled: true, ttl_seconds: 600 });
  });

  test.each([
    [{ threshold: 0.79 }, "threshold"],
    [{ threshold: 1.01 }, "threshold"],
    [{ threshold: "high" }, "threshold"],
    [{ ttl_seconds: 59 }, "ttl_seconds"],
    [{ ttl_seconds: 604_801 }, "ttl_seconds"],
    [{ semantic_ttl_seconds: 3601 }, "semantic_ttl_seconds"],
    [{ sample_share: 1.5 }, "sample_share"],
    [{ excluded_models: [""] }, "excluded_models[0]"],
    [{ semantic_enabled: true }, "embedding_model"],
    [{ embedding_model: "nobody-has-it" }, "embedding_model"],
    [{ scope: "everyone" }, "scope"],
  ])("%o is refused by name", async (body, param) => {
    const reply = await api.call("PATCH", "/cache/settings", { body });

    expect([reply.status, reply.body.error.param]).toEqual([400, param]);
  });
});

describe("figures", () => {
  test("hits are a share of the look-ups, and requests that asked for none are no misses", async () => {
    const at = Date.UTC(2026, 3, 5, 12);
    await insert([
      ...times(6, () => hit(at, "HIT", { savedNanos: 2_000_000n })),
      ...times(2, () => hit(at, "SEMANTIC", { savedNanos: 1_000_000n })),
      ...times(12, () => recordAt(at, { cacheResult: "MISS", latencyMs: 900 })),
      ...times(30, () => recordAt(at, { cacheResult: "BYPASS", latencyMs: 5 })),
    ]);

    const stats = await api.ok(
      "GET",
      "/cache/stats?start=2026-04-05T00:00:00Z&end=2026-04-06T00:00:00Z",
    );

    expect(stats).toMatchObject({
      lookups: { exact: 6, semantic: 2, miss: 12, bypass: 30 },
      hit_rate: 0.4,
      exact_share: 0.3,
      semantic_share: 0.1,
      saved_usd: "0.014",
    });
    expect(stats.hit_latency_p95_ms).toBeLessThan(10);
    expect(stats.miss_latency_p95_ms).toBeGreaterThan(500);
  });

  test("a day without a look-up has no rate, rather than none", async () => {
    const stats = await api.ok(
      "GET",
      "/cache/stats?start=2026-04-01T00:00:00Z&end=2026-04-02T00:00:00Z",
    );

    expect(stats).toMatchObject({ hit_rate: null, exact_share: null, hit_latency_p95_ms: null });
  });

  test("the buckets of the chart add up to the figures", async () => {
    const interval = { fromMs: Date.UTC(2026, 3, 4), toMs: Date.UTC(2026, 3, 7) };

    const { stats, lookups, hitRate } = await showCacheTraffic(admin(), {
      interval,
      zone: "UTC",
      nowMs: Date.now(),
    });

    const sums = Object.fromEntries(
      lookups.map(({ id, values }) => [
        id,
        values.reduce<number>((sum, one) => sum + (one ?? 0), 0),
      ]),
    );
    expect(sums).toEqual(stats.lookups);
    expect(hitRate.filter((rate) => rate !== null)).toEqual([0.4]);
  });

  test("a team's admin is told of the own teams alone, a member of nothing", async () => {
    const at = Date.UTC(2026, 4, 5, 12);
    await insert([
      recordAt(at, { cacheResult: "MISS", teamId: team.id }),
      recordAt(at, { cacheResult: "MISS", teamId: newId() }),
    ]);
    const range = { start: new Date(Date.UTC(2026, 4, 5)), end: new Date(Date.UTC(2026, 4, 6)) };

    expect((await showCacheStats(lead, range)).lookups.miss).toBe(1);
    expect((await showCacheStats(admin(), range)).lookups.miss).toBe(2);
    expect((await showCacheStats(member, range)).lookups.miss).toBe(0);
  });

  test.each([
    ["start=2026-04-06T00:00:00Z&end=2026-04-05T00:00:00Z"],
    ["start=2026-01-01T00:00:00Z&end=2026-04-05T00:00:00Z"],
  ])("%s is refused", async (query) => {
    const reply = await api.call("GET", `/cache/stats?${query}`);

    expect([reply.status, reply.body.error.param]).toEqual([400, "start"]);
  });
});

describe("stored answers", () => {
  beforeEach(async () => {
    await getSql()`delete from cache_entries`;
  });

  test("an entry tells how often it was given and what that saved", async () => {
    const source = newId();
    await store({ modelAsked: "small", sourceRequestId: source });
    await insert(
      times(3, () => hit(Date.now(), "HIT", { sourceId: source, savedNanos: 500_000n })),
    );

    const { entries, total } = await api.ok("GET", "/cache/entries?model=small");

    expect(total).toBe(1);
    expect(entries).toMatchObject([
      { model: "small", hits: 3, saved_usd: "0.0015", kind: "exact" },
    ]);
    expect(JSON.stringify(entries)).not.toContain("the capital");
  });

  test("what has expired is neither listed nor counted", async () => {
    await store({ expiresAt: new Date(Date.now() - 1000) });

    expect(await api.ok("GET", "/cache/entries")).toEqual({ entries: [], total: 0 });
    expect((await api.ok("POST", "/cache/clear", { all: true, dry_run: true })).entries).toBe(0);
  });

  test.each([
    ["by model", { model: "small" }, 2],
    ["by team", () => ({ team_id: team.id }), 1],
    ["by age", { older_than_seconds: 600 }, 1],
    ["by both", { model: "small", older_than_seconds: 600 }, 1],
    ["all", { all: true }, 3],
  ])("clearing %s takes exactly what its preview counted", async (_, given, count) => {
    const body = typeof given === "function" ? given() : given;
    await store({ modelAsked: "small", createdAt: new Date(Date.now() - 3_600_000) });
    await store({ modelAsked: "small" });
    await store({ modelAsked: "large", teamId: team.id });

    const preview = await api.ok("POST", "/cache/clear", { ...body, dry_run: true });
    const before = await answersHeld();
    const cleared = await api.ok("POST", "/cache/clear", body);

    expect(preview).toMatchObject({ entries: count, size_bytes: 100 * count, cleared: false });
    expect(before).toBe(3);
    expect(cleared).toEqual({ ...preview, cleared: true });
    expect(await answersHeld()).toBe(3 - count);
    expect((await api.ok("GET", "/cache/entries")).total).toBe(3 - count);
  });

  test("a clearing that says nothing of what to clear is refused", async () => {
    const reply = await api.call("POST", "/cache/clear", { body: {} });

    expect([reply.status, reply.body.error.param]).toEqual([400, "all"]);
  });

  test("one entry is taken away with its answer, once, and the audit log says so", async () => {
    const { id } = await store({ modelAsked: "small" });
    const { events } = await api.marks();

    expect((await api.call("DELETE", `/cache/entries/${id}`)).status).toBe(204);
    expect(await answersHeld()).toBe(0);
    expect((await api.call("DELETE", `/cache/entries/${id}`)).status).toBe(404);
    expect((await api.marks()).events).toBe(events + 1);
  });

  test("a team's admin sees questions of the own team, and reading them is told once", async () => {
    await store({ modelAsked: "small", teamId: team.id });
    await store({ modelAsked: "large" });
    const { events } = await api.marks();

    const board = await showCacheBoard(lead, { limit: 50, offset: 0 });
    await showCacheBoard(lead, { limit: 50, offset: 0 });

    expect(board.entries.map(({ model, question }) => ({ model, question }))).toEqual([
      { model: "small", question: "What is the capital?" },
    ]);
    expect((await api.marks()).events).toBe(events + 1);
  });
});

describe("similarity", () => {
  test("look-ups are counted by how near they came, and pairs are shown to judge by eye", async () => {
    const sealedPair = (id: string, asked: string) =>
      seal(
        getSecrets().masterKeys,
        JSON.stringify({ asked, stored: "Stored" }),
        cacheLookupContext(id),
      );
    const row = (bestSimilarity: number | null, guard: string | null, asked?: string) => {
      const id = newId();
      const sealed = asked === undefined ? undefined : sealedPair(id, asked);
      const text = {
        keyVersion: sealed?.version,
        wrappedKey: sealed?.wrappedKey,
        box: sealed?.box,
      };
      const hit = guard === null && (bestSimilarity ?? 0) >= 0.95;
      const key = { keyId: newId(), teamId: team.id, modelAsked: "small" };
      return { id, ...key, bestSimilarity, guard, hit, agreement: hit ? 0.9 : null, ...text };
    };
    await saveCacheLookups(getDb(), [
      row(0.95, null),
      row(0.94, null, "Nearest"),
      row(0.91, null, "Next"),
      row(0.93, "number", "Guarded"),
      row(0.85, null, "Far"),
      row(null, null),
    ]);
    const { events } = await api.marks();

    const view = await showSimilarities(lead);
    const { pairs } = await showNearMisses(admin(), { threshold: 0.9 });

    expect(view).toMatchObject({ lookups: 6, alone: 1, perDay: 6, threshold: 0.95 });
    expect(view.bins).toEqual([
      { thousandth: 850, open: 1, guarded: 0 },
      { thousandth: 910, open: 1, guarded: 0 },
      { thousandth: 930, open: 0, guarded: 1 },
      { thousandth: 940, open: 1, guarded: 0 },
      { thousandth: 950, open: 1, guarded: 0 },
    ]);
    expect(pairs.map(({ question, answered }) => [question, answered])).toEqual([
      ["Nearest", "Stored"],
      ["Next", "Stored"],
    ]);
    expect((await api.marks()).events).toBe(events + 1);
    expect(await showSimilarities(member)).toMatchObject({ lookups: 0, bins: [] });
    expect(await showCacheStats(lead, {})).toMatchObject({
      compared: 1,
      agreement: expect.closeTo(0.9),
    });
  });
});

describe("a question that is tried", () => {
  const QUESTION = "What is the capital of France today?";

  test("it is compared with stored ones, and what a guard holds back would not be given", async () => {
    await api.ok("POST", "/models/deployments", {
      name: "vectors",
      provider: "mock",
      model_name: "embed",
    });
    await api.ok("PATCH", "/cache/settings", { embedding_model: "vectors" });
    await getSql()`delete from cache_entries`;
    await storeLike(QUESTION, "small");
    await storeLike("What is the capital of Peru today?", "small");
    await storeLike(QUESTION, "large");

    const { matches, threshold } = await tryCache(admin(), { prompt: QUESTION, model: "small" });
    const other = await tryCache(admin(), { prompt: "Bake a cake", model: "small" });

    expect(threshold).toBe(0.95);
    expect(matches).toHaveLength(2);
    expect(matches[0]).toMatchObject({ would_hit: true, guard: null, question: QUESTION });
    expect(matches[0]?.similarity).toBeCloseTo(1, 2);
    expect(matches[1]).toMatchObject({ would_hit: false, guard: "name" });
    expect(other.matches.map(({ would_hit }) => would_hit)).toEqual([false, false]);
  });

  test("turning it on without a model that there is, or trying without one, is refused", async () => {
    await api.ok("PATCH", "/cache/settings", { embedding_model: null, semantic_enabled: false });

    await expect(tryCache(admin(), { prompt: QUESTION, model: "small" })).rejects.toMatchObject({
      code: "invalid_value",
      param: "embedding_model",
    });
    expect(await showCacheTab(admin(), tabOf("settings"))).toMatchObject({
      semantic: { state: "off" },
    });
  });
});

function tabOf(tab: "overview" | "entries" | "similarity" | "settings"): CacheTabQuery {
  const nowMs = Date.now();
  const interval = { fromMs: nowMs - 86_400_000, toMs: nowMs };
  return { tab, interval, zone: "UTC", nowMs, entries: { limit: 50, offset: 0 } };
}

/** A semantic entry with its vector, as the gateway leaves them. */
async function storeLike(question: string, modelAsked: string): Promise<void> {
  const vector = await readVector("vectors", question);
  const sql = getSql();
  const support = await enableVectorSupport(sql);
  expect(support).toMatchObject({ ready: true });
  const space = { model: "vectors", dimensions: vector.length };
  const version = support.ready ? support.version : "";
  expect(await openVectorSpace(sql, { space, version })).toBeUndefined();
  const id = newId();
  const text = JSON.stringify({ question, asked: question, answer: "" });
  const sealed = seal(getSecrets().masterKeys, text, cacheEntryContext(id));
  const { box, wrappedKey, version: keyVersion } = sealed;
  await store({ kind: "semantic", modelAsked, id, box, wrappedKey, keyVersion });
  const partition = Buffer.alloc(32);
  const expiresAt = new Date(Date.now() + 60_000);
  await insertEmbedding(getDb(), { entryId: id, partition, vector, expiresAt });
}

const admin = () => ({ principal: { kind: "admin_key" as const }, requestId: newId(), ip: null });

/** The digests that `store` has put into the cache since the test began. */
let digests: Buffer[] = [];
beforeEach(() => {
  digests = [];
});

async function answersHeld(): Promise<number> {
  const held = await Promise.all(digests.map((digest) => getStored(digest)));
  return held.filter((answer) => answer !== undefined).length;
}

/** An answer in the cache's store with its row, as the gateway leaves them. */
async function store(changes: Partial<CacheEntryRow> = {}): Promise<{ id: string }> {
  const id = newId();
  const digest = Buffer.from(newId().replaceAll("-", ""), "hex");
  digests.push(digest);
  await putStored(digest, ANSWER, 60_000);
  const text = JSON.stringify({ question: "What is the capital?" });
  const sealed = seal(getSecrets().masterKeys, text, cacheEntryContext(id));
  await saveCacheEntries(getDb(), [
    {
      id,
      kind: "exact",
      digest,
      scopeKind: "key",
      scopeId: newId(),
      keyId: newId(),
      userId: newId(),
      teamId: null,
      endpoint: "chat",
      modelAsked: "small",
      stream: false,
      sourceRequestId: newId(),
      costNanos: 500_000n,
      sizeBytes: 100,
      keyVersion: sealed.version,
      wrappedKey: sealed.wrappedKey,
      box: sealed.box,
      createdAt: new Date(),
      expiresAt: new Date(Date.now() + 3_600_000),
      ...changes,
    },
  ]);
  return { id };
}

const ANSWER: StoredAnswer = {
  sourceId: "01900000-0000-7000-8000-00000000000a",
  createdAtMs: Date.now(),
  costNanos: 500_000n,
  deploymentId: null,
  deploymentName: null,
  provider: null,
  model: null,
  adjusted: [],
  content: { kind: "whole", text: "{}" },
  carried: [],
};

function times<Item>(count: number, make: () => Item): Item[] {
  return Array.from({ length: count }, make);
}

function recordAt(ms: number, changes: Partial<RequestRecord>): RequestRecord {
  return makeRecord({ id: newId(ms), ...changes });
}

function hit(
  ms: number,
  cacheResult: "HIT" | "SEMANTIC",
  { sourceId = newId(), savedNanos }: { sourceId?: string; savedNanos: bigint },
): RequestRecord {
  const similarity = cacheResult === "HIT" ? null : 0.97;
  return recordAt(ms, {
    outcome: "cached",
    cacheResult,
    costNanos: 0n,
    latencyMs: 2,
    cacheHit: { sourceId, savedNanos, similarity },
  });
}

async function insert(records: readonly RequestRecord[]): Promise<void> {
  await insertRecords(getSql("batch"), `[${records.map(logRowOf).join(",")}]`);
}
