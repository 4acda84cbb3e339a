import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { deleteAllExactEntries, listExactDigests } from "#lib/db/cache-entries.ts";
import { getDb } from "#lib/db/client.ts";
import { newId } from "#lib/ids.ts";
import { openTestDatabase, type TestDatabase } from "#lib/testing/database.ts";
import { captureLog } from "#lib/testing/limits.ts";
import {
  findRedisServer,
  startRedis,
  startUpstashShim,
  type TestRedis,
  type UpstashShim,
} from "#lib/testing/redis.ts";
import { threat } from "#lib/testing/reliability-rows.ts";
import { canonicalJson } from "./canonical.ts";
import { closeCache, configureCache, requireCache } from "./configure.ts";
import { DEFAULT_CONTROL } from "./control.ts";
import { findExact, keepExact } from "./exact.ts";
import { digestOf, exactParts } from "./key.ts";
import type { Question } from "./question.ts";
import { flushEntries, forgetStored } from "./store.ts";
import type { StoredAnswer } from "./stored-answer.ts";

const masterKeys = { current: "v1", keys: new Map([["v1", Buffer.alloc(32, 7)]]) };
const NO_REDIS = { redisUrl: undefined, upstash: undefined };

type Parts = Parameters<typeof exactParts>[0];

function partsOf(changes: Partial<Parts> = {}): Parts {
  return {
    scope: { kind: "key", id: "01900000-0000-7000-8000-000000000001" },
    endpoint: "chat",
    modelAsked: "gpt-5.2",
    alias: null,
    candidates: ["one", "two"],
    body: { model: "gpt-5.2", messages: [{ role: "user", content: "Hello" }] },
    stream: false,
    policyId: "none",
    ...changes,
  };
}

function questionOf(changes: Partial<Parts> = {}, control = DEFAULT_CONTROL): Question {
  const parts = partsOf(changes);
  const digest = digestOf(exactParts(parts));
  if (digest === undefined) {
    throw new Error("The question has no digest.");
  }
  const caller = { keyId: newId(), userId: newId(), teamId: null };
  return { ...parts, caller, control, keepsText: false, digest };
}

function answerOf(text: string, changes: Partial<StoredAnswer> = {}): StoredAnswer {
  return {
    sourceId: newId(),
    createdAtMs: Date.now(),
    costNanos: 9_007_199_254_740_993n,
    deploymentId: null,
    deploymentName: "main",
    provider: "openai",
    model: "gpt-5.2",
    adjusted: [],
    content: { kind: "whole", text },
    carried: [],
    ...changes,
  };
}

async function textFor(question: Question): Promise<string | undefined> {
  const found = await findExact(question);
  return found?.answer.content.kind === "whole" ? found.answer.content.text : undefined;
}

let database: TestDatabase;

beforeAll(async () => {
  captureLog();
  database = await openTestDatabase();
});

afterAll(async () => {
  await database.close();
});

afterEach(async () => {
  await closeCache();
});

describe("the key of an exact answer", () => {
  beforeEach(() => configureCache({ env: NO_REDIS, masterKeys }));

  it("is another one for every single thing that an answer depends on", () => {
    const others: Partial<Parts>[] = [
      { scope: { kind: "key", id: "01900000-0000-7000-8000-000000000002" } },
      { scope: { kind: "team", id: "01900000-0000-7000-8000-000000000001" } },
      { endpoint: "embeddings" },
      { modelAsked: "main" },
      { alias: "gpt-5.2" },
      { candidates: ["one"] },
      { candidates: ["one", "two", "three"] },
      { candidates: ["onetwo"] },
      { body: { model: "gpt-5.2", messages: [] } },
      { body: { ...partsOf().body, n: 1 } },
      { body: { ...partsOf().body, __proto__: null, constructor: 1 } },
      { body: { ...partsOf().body, stream_options: { include_obfuscation: false } } },
      { stream: true },
      { policyId: "rule:1" },
    ];
    const digests = [{}, ...others].map((changes) => questionOf(changes).digest.toString("hex"));
    expect(new Set(digests).size).toBe(digests.length);
  });

  it("is the same whoever asks for the usage of a stream", () => {
    const { body } = partsOf();
    const plain = questionOf({ body: { ...body, stream: true }, stream: true });
    const told = questionOf({
      body: { ...body, stream: true, stream_options: { include_usage: true } },
      stream: true,
    });
    expect(told.digest).toEqual(plain.digest);
  });

  it("is another one under another master key", () => {
    const before = questionOf().digest;
    configureCache({
      env: NO_REDIS,
      masterKeys: { current: "v2", keys: new Map([["v2", Buffer.alloc(32, 8)]]) },
    });
    expect(questionOf().digest).not.toEqual(before);
  });

  it("tells any two JSON values apart, and no two orders of one", () => {
    const shuffled = (value: unknown): unknown => {
      if (Array.isArray(value)) {
        return value.map(shuffled);
      }
      return typeof value === "object" && value !== null
        ? Object.fromEntries(
            Object.entries(value)
              .toReversed()
              .map(([name, item]) => [name, shuffled(item)]),
          )
        : value;
    };
    const text = (value: unknown) => canonicalJson(value, 1e6);
    fc.assert(
      fc.property(fc.json(), fc.json(), (left, right) => {
        const [one, two] = [JSON.parse(left), JSON.parse(right)];
        expect(text(shuffled(one))).toBe(text(one));
        expect(JSON.parse(text(one) ?? "")).toEqual(one);
        expect(text(one) === text(two)).toBe(isDeepStrictEqual(one, two));
      }),
    );
  });

  it("is not made of more than a mebibyte, however it comes", () => {
    const long = "x".repeat(2 * 1024 * 1024);
    const many = Array.from({ length: 400_000 }, () => 1234);
    for (const value of [long, [long], { a: { [long]: 1 } }, many]) {
      expect(digestOf([value])).toBeUndefined();
    }
    expect(digestOf(["x".repeat(1000)])).toHaveLength(32);
  });
});

describe("answers in memory", () => {
  beforeEach(() => configureCache({ env: NO_REDIS, masterKeys }));

  it(`${threat("T33")}: are never given outside of their scope, in 10,000 interleavings`, async () => {
    const scopes = Array.from({ length: 6 }, (_, at) => ({
      kind: at % 2 === 0 ? ("key" as const) : ("team" as const),
      // Keys and teams may even have ids in common.
      id: `01900000-0000-7000-8000-00000000000${Math.floor(at / 2)}`,
    }));
    const step = fc.record({
      scope: fc.nat({ max: scopes.length - 1 }),
      text: fc.nat({ max: 3 }),
      keeps: fc.boolean(),
    });
    let hits = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 50, maxLength: 50 }), async (steps) => {
        await forgetStored("all");
        await Promise.all(
          steps.map(async ({ scope, text, keeps }, at) => {
            const question = questionOf({
              scope: scopes[scope] ?? { kind: "key", id: "" },
              body: { content: `question ${text}` },
            });
            const place = `${scope} ${text}`;
            if (keeps) {
              await keepExact(question, answerOf(`canary ${place} ${at}`));
            } else {
              const found = await textFor(question);
              hits += found === undefined ? 0 : 1;
              expect(found ?? `canary ${place} `).toMatch(new RegExp(`^canary ${place} `));
            }
          }),
        );
      }),
      { numRuns: 200 },
    );
    expect(hits).toBeGreaterThan(1000);
  });

  it("make room by age, and what went is struck off the list", async () => {
    await deleteAllExactEntries(getDb());
    const text = "x".repeat(700 * 1024);
    const questions = Array.from({ length: 100 }, (_, at) => questionOf({ body: { at } }));
    for (const question of questions) {
      await keepExact(question, answerOf(text));
    }
    expect(requireCache().memory.calculatedSize).toBeLessThanOrEqual(64 * 1024 * 1024);
    expect(await textFor(questions[0] as Question)).toBeUndefined();
    expect(await textFor(questions[99] as Question)).toBe(text);
    await flushEntries();
    const listed = await listExactDigests(getDb());
    expect(listed).toHaveLength(requireCache().memory.size);
  });

  it("are not given once they are older than the caller takes", async () => {
    await keepExact(questionOf(), answerOf("old", { createdAtMs: Date.now() - 10_000 }));
    const control = { ...DEFAULT_CONTROL, ttlSeconds: 5 };
    expect(await textFor(questionOf({}, control))).toBeUndefined();
    expect(await textFor(questionOf({}, { ...control, ttlSeconds: 60 }))).toBe("old");
  });
});

describe.skipIf(findRedisServer() === undefined)("answers in Redis", () => {
  let redis: TestRedis;
  let shim: UpstashShim;

  beforeAll(async () => {
    redis = await startRedis();
    shim = await startUpstashShim(redis);
  });

  afterAll(async () => {
    await shim.stop();
    await redis.stop();
  });

  describe.each(["redis", "upstash"] as const)("over %s", (kind) => {
    beforeEach(async () => {
      await redis.client.flushall();
      const env =
        kind === "redis"
          ? { redisUrl: redis.url, upstash: undefined }
          : { redisUrl: undefined, upstash: shim };
      configureCache({ env, masterKeys, redisDeadlineMs: 5_000 });
      await requireCache().redis()?.started;
    });

    it("come back as they were, from a value that says nothing to its reader", async () => {
      const answer = answerOf('{"content":"canary \u{1f44b}"}', {
        adjusted: ["seed"],
        carried: [["call_1", { thoughtSignature: "opaque" }]],
      });
      await keepExact(questionOf(), answer);
      expect((await findExact(questionOf()))?.answer).toEqual(answer);
      const names = await redis.client.keys("cache:*");
      expect(names).toHaveLength(1);
      expect(await redis.client.get(names[0] ?? "")).not.toContain("canary");
      const ttlMs = await redis.client.pttl(names[0] ?? "");
      expect(ttlMs).toBeGreaterThan(3_590_000);
      expect(ttlMs).toBeLessThanOrEqual(3_600_000);
    });

    it("are a miss when somebody has put another's answer, or rubbish, in their place", async () => {
      const [one, two] = [questionOf({ modelAsked: "a" }), questionOf({ modelAsked: "b" })];
      await keepExact(one, answerOf("of a"));
      const [name = ""] = await redis.client.keys("cache:*");
      const other = `cache:${two.digest.toString("base64url")}`;
      await redis.client.set(other, (await redis.client.get(name)) ?? "");
      expect(await textFor(two)).toBeUndefined();
      for (const rubbish of ["", "v1.x.y", "v9.AA.AA", "{}"]) {
        await redis.client.set(name, rubbish);
        expect(await textFor(one)).toBeUndefined();
      }
    });

    it("are forgotten one by one or all together, and nothing else is", async () => {
      const questions = Array.from({ length: 750 }, (_, at) => questionOf({ body: { at } }));
      // A few at a time: hundreds of calls at once would only measure the machine.
      for (let at = 0; at < questions.length; at += 30) {
        const some = questions.slice(at, at + 30);
        await Promise.all(some.map((question) => keepExact(question, answerOf("kept"))));
      }
      await redis.client.set("carry:other", "stays");
      await forgetStored([questions[0]?.digest ?? Buffer.alloc(0)]);
      expect(await textFor(questions[0] as Question)).toBeUndefined();
      expect(await textFor(questions[1] as Question)).toBe("kept");
      await forgetStored("all");
      expect(await redis.client.keys("cache:*")).toEqual([]);
      expect(await redis.client.get("carry:other")).toBe("stays");
    });
  });

  it("are a miss while it is down, and no error", async () => {
    configureCache({ env: { redisUrl: redis.url, upstash: undefined }, masterKeys });
    await requireCache().redis()?.started;
    await keepExact(questionOf(), answerOf("kept"));
    redis.pause();
    expect(await textFor(questionOf())).toBeUndefined();
    await keepExact(questionOf({ modelAsked: "other" }), answerOf("lost"));
    const other = questionOf({ modelAsked: "other" }).digest;
    await expect(forgetStored([other])).rejects.toThrow("Redis");
    redis.resume();
    await expect.poll(() => textFor(questionOf()), { timeout: 15_000 }).toBe("kept");
  });
});
