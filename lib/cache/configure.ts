import { createSecretKey, type KeyObject } from "node:crypto";
import { LRUCache } from "lru-cache";
import { deriveKey, type MasterKeys } from "#lib/crypto.ts";
import type { Env } from "#lib/env.ts";
import { ConduitError } from "#lib/errors.ts";
import { openRedis, type RedisClient } from "#lib/redis/client.ts";
import { dropSingleton, getSingleton, singleton } from "#lib/singleton.ts";
import { EntryWriter } from "./entry-writer.ts";
import { type StoredAnswer, sizeOfContent } from "./stored-answer.ts";

/** What the caches of this process hold. */
export interface Cache {
  masterKeys: MasterKeys;
  /** A key object: with raw bytes every digest would take four times as long (18 µs against 4). */
  digestKey: KeyObject;
  /** Answers by digest; used only where no Redis is set. */
  memory: LRUCache<string, StoredAnswer>;
  /** The connection to Redis, made at the first use; `undefined` where the settings name none. */
  redis(): RedisClient | undefined;
  entries: EntryWriter;
  close(): Promise<void>;
}

export interface CacheOptions {
  env: Pick<Env, "redisUrl" | "upstash">;
  masterKeys: MasterKeys;
  /** How long one Redis command may take; the client's own when left out. */
  redisDeadlineMs?: number;
}

const NAME = "cache";
const MAX_MEMORY_BYTES = 64 * 1024 * 1024;
const MAX_ENTRIES = 100_000;
/** What an entry takes beside its content: its names, its place, and the objects around them. */
const FRAME_BYTES = 1024;

/** Sets the caches up for this process. The database has to be open before the first request. */
export function configureCache(options: CacheOptions): void {
  dropSingleton(NAME);
  singleton(NAME, () => buildCache(options));
}

/** Stores what waits and ends the connection. */
export async function closeCache(): Promise<void> {
  await getSingleton<Cache>(NAME)?.close();
  dropSingleton(NAME);
}

/** The caches. Throws `not_ready` before `configureCache`. */
export function requireCache(): Cache {
  const cache = getSingleton<Cache>(NAME);
  if (cache === undefined) {
    throw new ConduitError("not_ready", { message: "The gateway is still starting." });
  }
  return cache;
}

function buildCache({ env, masterKeys, redisDeadlineMs }: CacheOptions): Cache {
  const entries = new EntryWriter(masterKeys);
  const hasRedis = env.redisUrl !== undefined || env.upstash !== undefined;
  let redis: RedisClient | undefined;
  return {
    masterKeys,
    digestKey: createSecretKey(deriveKey(currentKeyOf(masterKeys), "cache digest")),
    memory: new LRUCache<string, StoredAnswer>({
      max: MAX_ENTRIES,
      maxSize: MAX_MEMORY_BYTES,
      sizeCalculation: ({ content }) => FRAME_BYTES + sizeOfContent(content),
      dispose: (_answer, digest, reason) => {
        if (reason === "evict") {
          entries.remove(digest);
        }
      },
    }),
    redis() {
      // Its own connection: an answer of a megabyte must not stand before a limit's counters.
      redis ??= hasRedis ? openRedis({ env, deadlineMs: redisDeadlineMs }) : undefined;
      return redis;
    },
    entries,
    async close() {
      await entries.stop();
      redis?.close();
    },
  };
}

function currentKeyOf({ current, keys }: MasterKeys): Buffer {
  const key = keys.get(current);
  if (key === undefined) {
    throw new Error(`No master key of version ${current} is configured.`);
  }
  return key;
}
