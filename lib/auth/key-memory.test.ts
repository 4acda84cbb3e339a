import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { apiKeySecrets } from "#drizzle/schema/api-key-secrets.ts";
import { apiKeys } from "#drizzle/schema/api-keys.ts";
import { users } from "#drizzle/schema/users.ts";
import { isWellFormedToken, tokenDigest, tokenHint } from "#lib/crypto.ts";
import { getDb, getSql } from "#lib/db/client.ts";
import { isConduitError } from "#lib/errors.ts";
import { newId, randomAlphanumeric } from "#lib/ids.ts";
import { dropSingleton } from "#lib/singleton.ts";
import { openTestDatabase, type TestDatabase } from "#lib/testing/database.ts";
import { threat } from "#lib/testing/reliability-rows.ts";
import { byTier, tier } from "#lib/testing/tier.ts";
import { authenticateKey } from "./api-key.ts";
import { getSecrets, loadSecrets } from "./bootstrap.ts";
import { flushUses } from "./last-used.ts";

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const RANDOM = 43;
const CHECKSUM = 6;

let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
  await loadSecrets({
    databaseUrl: database.databaseUrl,
    dataDir: database.dataDir,
    mode: "development",
    masterKeys: `v1:${createHash("sha256").update("a key of this test").digest("base64")}`,
    adminKey: undefined,
    authSecret: "a".repeat(32),
  });
});

beforeEach(() => dropSingleton("auth.keys"));

afterAll(async () => {
  await flushUses();
  await database.close();
});

/** A whole token from its random part, with the checksum that belongs to it. */
function tokenOf(random: string, kind: "sk" | "pg" = "sk"): string {
  const body = `cnd_${kind}_${random}`;
  let rest = crc32(body);
  let checksum = "";
  for (let place = 0; place < CHECKSUM; place += 1) {
    checksum = (BASE62[rest % 62] ?? "0") + checksum;
    rest = Math.floor(rest / 62);
  }
  return body + checksum;
}

/** A character that is not this one. */
function other(character: string | undefined): string {
  return character === "x" ? "y" : "x";
}

/** Tokens that have their first characters in common with `random`, for every number of them. */
function leadingTwins(random: string): string[] {
  return Array.from({ length: RANDOM - 1 }, (_, at) => {
    const shared = random.slice(0, at + 1);
    const rest = RANDOM - shared.length - 1;
    return tokenOf(shared + other(random[at + 1]) + randomAlphanumeric(rest));
  });
}

/** Tokens whose random parts end alike, for every number of characters. */
function trailingTwins(random: string): string[] {
  return Array.from({ length: RANDOM - 1 }, (_, at) => {
    const shared = random.slice(RANDOM - at - 1);
    const first = randomAlphanumeric(RANDOM - shared.length - 1);
    return tokenOf(first + other(random[RANDOM - at - 2]) + shared);
  });
}

/** Two tokens that differ in eight characters alone: the checksum and all after them are the same. */
function checksumTwins(): [string, string] {
  const seen = new Map<number, string>();
  const end = randomAlphanumeric(RANDOM - 8);
  for (;;) {
    const start = randomAlphanumeric(8);
    const sum = crc32(`cnd_sk_${start}`);
    const twin = seen.get(sum);
    if (twin !== undefined && twin !== start) {
      return [tokenOf(twin + end), tokenOf(start + end)];
    }
    seen.set(sum, start);
  }
}

async function register(tokens: readonly string[], fields: { revokedAt?: Date } = {}) {
  const { pepper, pepperVersion } = getSecrets();
  const rows = tokens.map((token) => ({ token, keyId: newId(), userId: newId() }));
  const db = getDb();
  await db
    .insert(users)
    .values(rows.map(({ userId }) => ({ id: userId, email: `${userId}@example.com` })));
  await db
    .insert(apiKeys)
    .values(rows.map(({ keyId, userId }) => ({ id: keyId, userId, ...fields })));
  await db.insert(apiKeySecrets).values(
    rows.map(({ token, keyId }) => ({
      id: newId(),
      keyId,
      digest: tokenDigest(pepper, token),
      pepperVersion,
      hint: tokenHint(token),
    })),
  );
  return new Map(rows.map(({ token, keyId }) => [token, keyId]));
}

/** The id of the key that a token opens, or the code with which it is refused. */
async function open(token: string): Promise<string> {
  try {
    const call = { authorization: `Bearer ${token}`, apiKey: undefined, ip: "203.0.113.9" };
    return (await authenticateKey(call)).keyId;
  } catch (error) {
    return isConduitError(error) ? error.code : String(error);
  }
}

describe(threat("T13"), () => {
  it("opens nothing but its own key, however much of another it has in common", async () => {
    const random = randomAlphanumeric(RANDOM);
    const [left, right] = checksumTwins();
    expect(left.slice(-(RANDOM - 8 + CHECKSUM))).toBe(right.slice(-(RANDOM - 8 + CHECKSUM)));
    const every = byTier({ quick: 5, all: 1 });
    const all = [...leadingTwins(random), ...trailingTwins(random)];
    const twins = all.filter((_, at) => at % every === 0);
    expect(twins.every((token) => isWellFormedToken(token, "sk"))).toBe(true);
    // Every second one belongs to somebody; the others belong to nobody.
    const known = [tokenOf(random), left, ...twins.filter((_, at) => at % 2 === 0)];
    const unknown = [right, tokenOf(random, "pg"), ...twins.filter((_, at) => at % 2 === 1)];
    const owners = await register(known);
    // Once from the database and once from memory, those of nobody between those of somebody.
    for (let round = 0; round < 2; round += 1) {
      for (const [at, token] of known.entries()) {
        expect(await open(token)).toBe(owners.get(token));
        expect(await open(unknown[at % unknown.length] ?? "")).toBe("invalid_api_key");
      }
    }
  });
});

describe(threat("T11"), () => {
  it("an unknown and a revoked key take the same path, and neither asks the database twice", async () => {
    const [revoked, unknown] = [
      tokenOf(randomAlphanumeric(RANDOM)),
      tokenOf(randomAlphanumeric(RANDOM)),
    ];
    await register([revoked], { revokedAt: new Date() });
    expect([await open(revoked), await open(unknown)]).toEqual([
      "api_key_revoked",
      "invalid_api_key",
    ]);
    await getSql()`alter table api_key_secrets rename to api_key_secrets_away`;
    expect([await open(revoked), await open(unknown)]).toEqual([
      "api_key_revoked",
      "invalid_api_key",
    ]);
    await getSql()`alter table api_key_secrets_away rename to api_key_secrets`;
  });

  it.runIf(tier() === "all")(
    "how long a refusal takes tells nothing of how near a guess was",
    async () => {
      const random = randomAlphanumeric(RANDOM);
      await register([tokenOf(random)]);
      const near = tokenOf(random.slice(0, -1) + other(random.at(-1)));
      const far = tokenOf(randomAlphanumeric(RANDOM));
      const statistics: number[] = [];
      // A busy machine can make any one comparison look like a difference; a leak shows in all.
      for (let attempt = 0; attempt < 3; attempt += 1) {
        const t = await compare(near, far, 10_000);
        statistics.push(Math.abs(t));
      }
      expect(Math.min(...statistics)).toBeLessThan(4.5);
    },
    300_000,
  );
});

/** Welch's t of the times that two tokens take to be refused, asked in turns. */
async function compare(one: string, two: string, samples: number): Promise<number> {
  const times: [number[], number[]] = [[], []];
  for (let at = 0; at < samples * 2; at += 1) {
    const side = at % 2 === Math.floor(at / 2) % 2 ? 0 : 1;
    const from = process.hrtime.bigint();
    await open(side === 0 ? one : two);
    times[side].push(Number(process.hrtime.bigint() - from));
  }
  const [left, right] = times.map(withoutOutliers).map(momentsOf);
  if (left === undefined || right === undefined) {
    throw new Error("There are two sides.");
  }
  return (
    (left.mean - right.mean) / Math.sqrt(left.variance / left.count + right.variance / right.count)
  );
}

/** The slowest tenth is the machine's doing: collections, other processes, a look-up in between. */
function withoutOutliers(times: readonly number[]): number[] {
  return times.toSorted((left, right) => left - right).slice(0, Math.floor(times.length * 0.9));
}

function momentsOf(times: readonly number[]): { count: number; mean: number; variance: number } {
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  const squares = times.reduce((sum, time) => sum + (time - mean) ** 2, 0);
  return { count: times.length, mean, variance: squares / (times.length - 1) };
}
