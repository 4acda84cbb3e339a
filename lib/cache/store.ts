import { setImmediate as yieldToRequests } from "node:timers/promises";
import { type Sealed, seal, unseal } from "#lib/crypto.ts";
import { listExactDigests } from "#lib/db/cache-entries.ts";
import { getDb } from "#lib/db/client.ts";
import { getSingleton } from "#lib/singleton.ts";
import { type Cache, requireCache } from "./configure.ts";
import { readAnswer, type StoredAnswer, writeAnswer } from "./stored-answer.ts";

const PREFIX = "cache:";
/** Keys to a command, so that none takes Redis long. */
const KEYS_A_COMMAND = 500;

/** The stored answer of a digest; `undefined` where there is none, or none can be read. */
export async function getStored(digest: Buffer): Promise<StoredAnswer | undefined> {
  const cache = requireCache();
  const name = nameOf(digest);
  const redis = cache.redis();
  if (redis === undefined) {
    return cache.memory.get(name);
  }
  // Before its first answer a connection is no store that has failed.
  await redis.started;
  try {
    const text = await redis.send(["GET", PREFIX + name]);
    return typeof text === "string" ? open(cache, name, text) : undefined;
  } catch {
    // A store that is down, or a value that is none of ours, is a miss; the client tells of outages.
    return undefined;
  }
}

/** Keeps an answer under a digest for `ttlMs`, in place of what was there. Rejects when it cannot. */
export async function putStored(
  digest: Buffer,
  answer: StoredAnswer,
  ttlMs: number,
): Promise<void> {
  const cache = requireCache();
  const name = nameOf(digest);
  const redis = cache.redis();
  if (redis === undefined) {
    cache.memory.set(name, answer, { ttl: ttlMs });
    return;
  }
  // Sealing a megabyte takes a while; the reply goes first.
  await yieldToRequests();
  await redis.send(["SET", PREFIX + name, close(cache, name, answer), "PX", ttlMs]);
}

/**
 * Forgets answers that are no longer to be given, in Redis for all replicas and in the memory of this
 * process. The entries' rows are struck by the caller, which first has `flushEntries` write those
 * that still wait, and tells the other processes by a change of the kind `cache`. Rejects when Redis
 * cannot be reached; some may be forgotten then and others not.
 */
export async function forgetStored(digests: readonly Uint8Array[] | "all"): Promise<void> {
  const { memory, redis: connect } = requireCache();
  const redis = connect();
  if (redis === undefined) {
    if (digests === "all") {
      memory.clear();
    } else {
      for (const digest of digests) {
        memory.delete(nameOf(digest));
      }
    }
    return;
  }
  // A connection that was only just made has to be there before it can be asked.
  await redis.started;
  if (digests === "all") {
    await forgetAll((command) => redis.send(command));
    return;
  }
  for (let at = 0; at < digests.length; at += KEYS_A_COMMAND) {
    const names = digests.slice(at, at + KEYS_A_COMMAND).map((digest) => PREFIX + nameOf(digest));
    await redis.send(["UNLINK", ...names]);
  }
}

/** Writes the rows of entries that were kept a moment ago. */
export async function flushEntries(): Promise<void> {
  await requireCache().entries.flush();
}

/**
 * Forgets what this process holds in memory and the table no longer lists: what another process, or
 * the console of this one, has cleared. Rejects when the table cannot be read.
 */
export async function retainListed(): Promise<void> {
  const cache = getSingleton<Cache>("cache");
  if (cache === undefined || cache.memory.size === 0) {
    return;
  }
  const listed = new Set((await listExactDigests(getDb("batch"))).map(nameOf));
  for (const name of cache.memory.keys()) {
    if (!listed.has(name) && !cache.entries.isWaiting(name)) {
      cache.memory.delete(name);
    }
  }
}

async function forgetAll(send: (command: string[]) => Promise<unknown>): Promise<void> {
  let cursor = "0";
  do {
    const reply = await send(["SCAN", cursor, "MATCH", `${PREFIX}*`, "COUNT", "500"]);
    const [next, keys] = reply as [string | number, string[]];
    cursor = String(next);
    if (keys.length > 0) {
      await send(["UNLINK", ...keys]);
    }
  } while (cursor !== "0");
}

function nameOf(digest: Uint8Array): string {
  return Buffer.from(digest).toString("base64url");
}

/** A value that is moved to another digest no longer opens. */
function contextOf(name: string): string {
  return ["conduit", "cache", "v1", name].join("|");
}

function close({ masterKeys }: Cache, name: string, answer: StoredAnswer): string {
  const { version, wrappedKey, box } = seal(masterKeys, writeAnswer(answer), contextOf(name));
  return `${version}.${wrappedKey.toString("base64url")}.${box.toString("base64url")}`;
}

function open({ masterKeys }: Cache, name: string, text: string): StoredAnswer {
  const [version = "", wrappedKey = "", box = ""] = text.split(".");
  const sealed: Sealed = {
    version,
    wrappedKey: Buffer.from(wrappedKey, "base64url"),
    box: Buffer.from(box, "base64url"),
  };
  return readAnswer(unseal(masterKeys, sealed, contextOf(name)).reveal());
}
