import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { apiKeySecrets } from "#drizzle/schema/api-key-secrets.ts";
import { apiKeys } from "#drizzle/schema/api-keys.ts";
import { budgets } from "#drizzle/schema/budgets.ts";
import { teams } from "#drizzle/schema/teams.ts";
import { users } from "#drizzle/schema/users.ts";
import { newToken, tokenDigest, tokenHint } from "#lib/crypto.ts";
import { closeDatabase, getDb, openDatabase } from "#lib/db/client.ts";
import { newId } from "#lib/ids.ts";
import { dropSingleton } from "#lib/singleton.ts";
import { openTestDatabase, type TestDatabase } from "#lib/testing/database.ts";
import { authenticateKey, forgetAllKeys, forgetKey } from "./api-key.ts";
import { getSecrets, loadSecrets } from "./bootstrap.ts";
import { flushUses } from "./last-used.ts";

const MASTER_KEYS =
  "v2:3q0VdN4cC7lzTq0Dk7oJv7kX1j0Wb8m2nYyqZ1uH5sA=,v1:mC9Qv1w8r0T2b5Xk7Zp4Ls6Nf3Jh0Gd1Ya8Ue5Ri2Qo=";

let database: TestDatabase;
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
afterEach(() => {
  vi.useRealTimers();
});

interface KeyOptions {
  key?: Partial<typeof apiKeys.$inferInsert>;
  secret?: Partial<typeof apiKeySecrets.$inferInsert>;
  user?: Partial<typeof users.$inferInsert>;
  team?: Partial<typeof teams.$inferInsert>;
}

async function makeKey(options: KeyOptions = {}) {
  const token = newToken("sk");
  const [keyId, userId, teamId] = [newId(), newId(), newId()];
  const db = getDb();
  await db.insert(users).values({ id: userId, email: `${userId}@example.com`, ...options.user });
  if (options.team !== undefined) {
    await db.insert(teams).values({ id: teamId, name: `Team ${teamId}`, ...options.team });
  }
  await db.insert(apiKeys).values({
    id: keyId,
    userId,
    teamId: options.team === undefined ? null : teamId,
    alias: "build",
    ...options.key,
  });
  await db.insert(apiKeySecrets).values(secretOf(keyId, token, options.secret));
  return { token, keyId, userId, teamId };
}

function secretOf(
  keyId: string,
  token: string,
  more: Partial<typeof apiKeySecrets.$inferInsert> = {},
) {
  const { pepper, pepperVersion } = getSecrets();
  const digest = tokenDigest(pepper, token);
  return { id: newId(), keyId, digest, pepperVersion, hint: tokenHint(token), ...more };
}

function call(token: string, ip: string | null = "203.0.113.9") {
  return authenticateKey({ authorization: `Bearer ${token}`, apiKey: undefined, ip });
}

const refusal = (code: string) => expect.objectContaining({ code });

test("a good key names its owner, from either header", async () => {
  const { token, keyId, userId } = await makeKey({ key: { tags: { app: "ci" } } });
  const caller = await call(token);
  expect(caller).toMatchObject({
    keyId,
    userId,
    keyAlias: "build",
    teamId: null,
    tags: { app: "ci" },
  });
  expect(caller.allowedModels).toBeNull();
  const again = await authenticateKey({ authorization: undefined, apiKey: token, ip: null });
  expect(again.keyId).toBe(keyId);
});

test("what cannot be a key of ours is refused without the database", async () => {
  const good = newToken("sk");
  const wrongChecksum = good.slice(0, -1) + (good.endsWith("0") ? "1" : "0");
  await closeDatabase();
  try {
    for (const token of [wrongChecksum, newToken("ad"), "sk-abc", "x'; drop table users; --", ""]) {
      await expect(call(token)).rejects.toEqual(refusal("invalid_api_key"));
    }
    // A well-formed one gets as far as the look-up, which shows that the others did not.
    await expect(call(good)).rejects.toEqual(refusal("not_ready"));
  } finally {
    await openDatabase(database);
  }
});

test("no key, an over-long header and another scheme are refused", async () => {
  const { token } = await makeKey();
  for (const authorization of [
    undefined,
    `Basic ${token}`,
    `Bearer ${token}${" ".repeat(2_000)}`,
  ]) {
    const attempt = authenticateKey({ authorization, apiKey: undefined, ip: null });
    await expect(attempt).rejects.toEqual(refusal("invalid_api_key"));
  }
});

test("an unknown key is refused, and so is one that shares all but the last characters", async () => {
  const { token } = await makeKey();
  await call(token);
  await expect(call(newToken("sk"))).rejects.toEqual(refusal("invalid_api_key"));
  await expect(call(`${token.slice(0, -1)}!`)).rejects.toEqual(refusal("invalid_api_key"));
});

test.each<[string, KeyOptions, string]>([
  ["revoked", { key: { revokedAt: new Date() } }, "api_key_revoked"],
  ["switched off", { key: { isActive: false } }, "api_key_revoked"],
  ["owned by a suspended user", { user: { suspendedAt: new Date() } }, "api_key_revoked"],
  ["of a deleted team", { team: { deletedAt: new Date() } }, "api_key_revoked"],
  ["expired", { key: { expiresAt: new Date(Date.now() - 1) } }, "api_key_expired"],
  [
    "replaced, its grace over",
    { secret: { validUntil: new Date(Date.now() - 1) } },
    "api_key_expired",
  ],
])("a key that is %s is refused", async (_, options, code) => {
  const { token } = await makeKey(options);
  await expect(call(token)).rejects.toEqual(refusal(code));
});

test("a key in memory expires on time", async () => {
  const { token } = await makeKey({ key: { expiresAt: new Date(Date.now() + 60_000) } });
  await call(token);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60_001 });
  await expect(call(token)).rejects.toEqual(refusal("api_key_expired"));
});

test("both secrets of a rotated key work until the old one's grace ends", async () => {
  const { token: old, keyId } = await makeKey({
    secret: { validUntil: new Date(Date.now() + 60_000) },
  });
  const fresh = newToken("sk");
  await getDb().insert(apiKeySecrets).values(secretOf(keyId, fresh));
  expect((await call(old)).keyId).toBe(keyId);
  expect((await call(fresh)).keyId).toBe(keyId);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60_001 });
  await expect(call(old)).rejects.toEqual(refusal("api_key_expired"));
  expect((await call(fresh)).keyId).toBe(keyId);
});

test.each([
  ["10.1.2.3", true],
  ["::ffff:10.1.2.3", true],
  ["11.1.2.3", false],
  ["2001:db8::5", true],
  ["2001:db9::5", false],
  ["not an address", false],
  [null, false],
])("from %s a key bound to two networks: %s", async (ip, allowed) => {
  const { token } = await makeKey({ key: { allowedCidrs: ["10.0.0.0/8", "2001:db8::/32"] } });
  if (allowed) {
    await expect(call(token, ip)).resolves.toBeDefined();
  } else {
    await expect(call(token, ip)).rejects.toEqual(refusal("ip_not_allowed"));
  }
});

test("a key may use what both it and its team allow", async () => {
  const { token } = await makeKey({
    key: { allowedModels: ["small", "large"], rateLimitRpm: 5 },
    team: { allowedModels: ["large", "huge"], rateLimitTpm: 1_000 },
  });
  const caller = await call(token);
  expect([...(caller.allowedModels ?? [])]).toEqual(["large"]);
  expect(caller.keyLimits).toEqual({ rpm: 5, tpm: null, maxParallel: null });
  expect(caller.teamLimits).toEqual({ rpm: null, tpm: 1_000, maxParallel: null });
});

test("stored answers are a key's own until its team opts in to sharing them", async () => {
  const alone = await makeKey();
  const inTeam = await makeKey({ team: { shareCache: false } });
  const sharing = await makeKey({ key: { coalesce: true }, team: { shareCache: true } });

  expect(await call(alone.token)).toMatchObject({
    cacheScope: { kind: "key", id: alone.keyId },
    coalesce: false,
  });
  expect((await call(inTeam.token)).cacheScope).toEqual({ kind: "key", id: inTeam.keyId });
  expect(await call(sharing.token)).toMatchObject({
    cacheScope: { kind: "team", id: sharing.teamId },
    coalesce: true,
  });
});

test("the limits of key, user and team come with it, in the order of their ids", async () => {
  const { token, keyId, userId, teamId } = await makeKey({ team: {} });
  const rows = [
    { subject: "team" as const, subjectId: teamId, limitNanos: 3n },
    { subject: "user" as const, subjectId: userId, limitNanos: 2n },
    { subject: "key" as const, subjectId: keyId, limitNanos: 1n },
    { subject: "user" as const, subjectId: newId(), limitNanos: 9n },
  ].map((row) => ({ ...row, id: newId(), period: "day" as const }));
  await getDb().insert(budgets).values(rows.toReversed());
  await getDb()
    .insert(budgets)
    .values({ id: newId(), subject: "key", subjectId: keyId, period: "total", limitNanos: null });
  const caller = await call(token);
  expect(caller.budgets.map((budget) => budget.limitNanos)).toHaveLength(3);
  expect(caller.budgets.map(({ id }) => id)).toEqual(caller.budgets.map(({ id }) => id).toSorted());
  expect(caller.budgets).toContainEqual({
    id: rows[2]?.id,
    subject: "key",
    subjectId: keyId,
    subjectName: "build",
    period: "day",
    limitNanos: 1n,
  });
});

test("a change counts at the next call once the key was forgotten", async () => {
  const { token, keyId } = await makeKey();
  await call(token);
  await getDb().update(apiKeys).set({ revokedAt: new Date() }).where(eq(apiKeys.id, keyId));
  expect((await call(token)).keyId).toBe(keyId);
  forgetKey(keyId);
  await expect(call(token)).rejects.toEqual(refusal("api_key_revoked"));
});

test("a change that nobody told of counts once the key was read again in the background", async () => {
  const { token, keyId } = await makeKey();
  await call(token);
  await getDb().update(apiKeys).set({ isActive: false }).where(eq(apiKeys.id, keyId));
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 11_000 });
  expect((await call(token)).keyId).toBe(keyId);
  await vi.waitFor(() => expect(call(token)).rejects.toEqual(refusal("api_key_revoked")));
});

test("while the database is away, keys in memory work and unknown ones are told to wait", async () => {
  const { token, keyId } = await makeKey();
  await call(token);
  await closeDatabase();
  try {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 14 * 60_000 });
    expect((await call(token)).keyId).toBe(keyId);
    await expect(call(newToken("sk"))).rejects.toEqual(refusal("not_ready"));
    vi.setSystemTime(Date.now() + 2 * 60_000);
    await expect(call(token)).rejects.toEqual(refusal("not_ready"));
  } finally {
    await openDatabase(database);
  }
});

test("calls with one unknown key cost one look-up, many unknown keys are held back", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60_000 });
  const codesOf = async (tokens: readonly string[]) => {
    const outcomes = await Promise.allSettled(tokens.map((token) => call(token)));
    return Map.groupBy(outcomes, (outcome) =>
      outcome.status === "rejected" ? outcome.reason.code : "ok",
    );
  };
  const one = newToken("sk");
  const same = await codesOf(Array.from({ length: 400 }, () => one));
  expect(same.get("invalid_api_key")).toHaveLength(400);
  const many = await codesOf(Array.from({ length: 250 }, () => newToken("sk")));
  expect(many.get("invalid_api_key")).toHaveLength(199);
  expect(many.get("server_overloaded")).toHaveLength(51);
});

test("a key digested under an older master key works and moves to the present one", async () => {
  const token = newToken("sk");
  const old = getSecrets().peppers.get("v1") ?? Buffer.alloc(0);
  const { keyId } = await makeKey();
  const secret = secretOf(keyId, token, { digest: tokenDigest(old, token), pepperVersion: "v1" });
  await getDb().insert(apiKeySecrets).values(secret);
  expect((await call(token)).keyId).toBe(keyId);
  await vi.waitFor(async () => {
    const [row] = await getDb().select().from(apiKeySecrets).where(eq(apiKeySecrets.id, secret.id));
    expect(row?.pepperVersion).toBe("v2");
  });
  forgetAllKeys();
  expect((await call(token)).keyId).toBe(keyId);
});

test("the last use is written later, once a minute", async () => {
  const { token, keyId } = await makeKey();
  const lastUse = async () => {
    await flushUses();
    const [row] = await getDb().select().from(apiKeys).where(eq(apiKeys.id, keyId));
    return row?.lastUsedAt?.getTime();
  };
  const startMs = Date.now();
  vi.useFakeTimers({ toFake: ["Date"], now: startMs });
  await call(token);
  expect(await lastUse()).toBe(startMs);
  vi.setSystemTime(startMs + 59_000);
  await call(token);
  expect(await lastUse()).toBe(startMs);
  vi.setSystemTime(startMs + 60_000);
  await call(token);
  expect(await lastUse()).toBe(startMs + 60_000);
});
