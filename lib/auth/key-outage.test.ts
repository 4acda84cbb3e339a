import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { apiKeySecrets } from "#drizzle/schema/api-key-secrets.ts";
import { apiKeys } from "#drizzle/schema/api-keys.ts";
import { users } from "#drizzle/schema/users.ts";
import { newToken, tokenDigest, tokenHint } from "#lib/crypto.ts";
import { getDb, getSql } from "#lib/db/client.ts";
import { watchReach } from "#lib/db/reach.ts";
import { newId } from "#lib/ids.ts";
import { dropSingleton } from "#lib/singleton.ts";
import { openTestDatabase, type TestDatabase } from "#lib/testing/database.ts";
import { fault } from "#lib/testing/reliability-rows.ts";
import { parseTyped, stringifyTyped } from "#lib/typed-json.ts";
import { authenticateKey, forgetKey } from "./api-key.ts";
import { getSecrets, loadSecrets } from "./bootstrap.ts";
import { type KeptKey, keepInReserve, listKeysToKeep, readIntoReserve } from "./key-reserve.ts";

const MASTER_KEYS = "v1:mC9Qv1w8r0T2b5Xk7Zp4Ls6Nf3Jh0Gd1Ya8Ue5Ri2Qo=";
const INSIDE = "203.0.113.9";
const refusal = (code: string) => expect.objectContaining({ code });

let database: TestDatabase;
let away: { stop(): Promise<void> } | undefined;

beforeAll(async () => {
  database = await openTestDatabase();
  await loadSecrets({
    databaseUrl: database.databaseUrl,
    dataDir: database.dataDir,
    mode: "development",
    masterKeys: MASTER_KEYS,
    adminKey: undefined,
    authSecret: "a".repeat(32),
  });
});
afterAll(() => database.close());
beforeEach(() => dropSingleton("auth.keys"));
afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  dropSingleton("env");
  await away?.stop();
  away = undefined;
});

async function makeKey(fields: Partial<typeof apiKeys.$inferInsert> = {}) {
  const token = newToken("sk");
  const [keyId, userId] = [newId(), newId()];
  const { pepper, pepperVersion } = getSecrets();
  const db = getDb();
  await db.insert(users).values({ id: userId, email: `${userId}@example.com` });
  await db.insert(apiKeys).values({ id: keyId, userId, ...fields });
  const digest = tokenDigest(pepper, token);
  await db
    .insert(apiKeySecrets)
    .values({ id: newId(), keyId, digest, pepperVersion, hint: tokenHint(token) });
  return { token, keyId, digest };
}

function call(token: string, ip = INSIDE) {
  return authenticateKey({ authorization: `Bearer ${token}`, apiKey: undefined, ip });
}

/** From here on nothing may be asked of the database. */
function loseDatabase(): void {
  away = watchReach({ ping: () => Promise.reject(new Error("away")), isUp: false });
}

/** What a process writes down, and another one that starts with an empty memory reads. */
function startAnew(): void {
  const written = stringifyTyped(listKeysToKeep(100));
  dropSingleton("auth.keys");
  keepInReserve(parseTyped(written) as KeptKey[]);
}

describe(fault("F21"), () => {
  it("a key that an earlier run has seen works without the database, and no other", async () => {
    const known = await makeKey({ allowedCidrs: ["203.0.113.0/24"], allowedModels: ["a", "b"] });
    const unseen = await makeKey();
    const before = await call(known.token);
    startAnew();
    loseDatabase();
    expect(await call(known.token)).toEqual(before);
    await expect(call(known.token, "198.51.100.1")).rejects.toEqual(refusal("ip_not_allowed"));
    await expect(call(unseen.token)).rejects.toEqual(refusal("not_ready"));
    await expect(call("cnd_sk_nonsense")).rejects.toEqual(refusal("invalid_api_key"));
  });

  it("one that was revoked or has ended stays refused", async () => {
    const revoked = await makeKey({ revokedAt: new Date() });
    const ending = await makeKey({ expiresAt: new Date(Date.now() + 60_000) });
    await expect(call(revoked.token)).rejects.toEqual(refusal("api_key_revoked"));
    await call(ending.token);
    startAnew();
    loseDatabase();
    await expect(call(revoked.token)).rejects.toEqual(refusal("api_key_revoked"));
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 61_000 });
    await expect(call(ending.token)).rejects.toEqual(refusal("api_key_expired"));
  });

  it.each([
    ["fail_closed", false],
    ["fail_static", true],
  ])("after 15 minutes without it, %s: served %s", async (setting, served) => {
    vi.stubEnv("CONDUIT_STALE_CONFIG", setting);
    dropSingleton("env");
    const { token, keyId } = await makeKey();
    await call(token);
    startAnew();
    loseDatabase();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 14 * 60_000 });
    expect((await call(token)).keyId).toBe(keyId);
    vi.setSystemTime(Date.now() + 2 * 60_000);
    const late = call(token).then(
      () => true,
      (error: { code: string }) => error.code !== "not_ready",
    );
    expect(await late).toBe(served);
  });

  it("what the file kept is read anew when the database is there", async () => {
    const kept = await makeKey();
    const gone = await makeKey();
    await getSql()`delete from api_key_secrets where digest = ${gone.digest}`;
    await readIntoReserve([kept.digest, gone.digest]);
    expect(listKeysToKeep(100).map(({ caller }) => caller.keyId)).toEqual([kept.keyId]);
    forgetKey(kept.keyId);
    expect(listKeysToKeep(100)).toEqual([]);
  });
});

describe(fault("F47"), () => {
  /** How many queries look keys up while `work` runs. */
  async function countLookUps(work: () => Promise<unknown>): Promise<number> {
    const { options } = getSql();
    let count = 0;
    Object.assign(options, {
      debug: (_: number, query: string) => {
        count += Number(query.includes('from "api_key_secrets"'));
      },
    });
    try {
      await work();
      return count;
    } finally {
      Object.assign(options, { debug: undefined });
    }
  }

  it("five hundred calls with one cold key are one look-up", async () => {
    const { token } = await makeKey();
    const herd = () => Promise.all(Array.from({ length: 500 }, () => call(token)));
    expect(await countLookUps(herd)).toBe(1);
    expect(await countLookUps(herd)).toBe(0);
  });

  it("thousands of calls with many cold keys are at most a look-up for each, and so are old ones", async () => {
    const keys = await Promise.all(Array.from({ length: 40 }, () => makeKey()));
    const herd = () =>
      Promise.all(keys.flatMap(({ token }) => Array.from({ length: 50 }, () => call(token))));
    const cold = await countLookUps(herd);
    expect(cold).toBeGreaterThan(0);
    expect(cold).toBeLessThanOrEqual(keys.length);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 11_000 });
    const old = await countLookUps(async () => {
      await herd();
      // The records are read again behind the calls, which nobody waits for.
      await vi.waitFor(() => expect(listKeysToKeep(100).every(isFresh)).toBe(true), 10_000);
    });
    expect(old).toBeGreaterThan(0);
    expect(old).toBeLessThanOrEqual(keys.length);
  });

  function isFresh({ fetchedMs }: KeptKey): boolean {
    return Date.now() - fetchedMs < 10_000;
  }
});
