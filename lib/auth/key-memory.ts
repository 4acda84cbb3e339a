import { LRUCache } from "lru-cache";
import { singleton } from "#lib/singleton.ts";
import type { KeyRecord } from "./key-record.ts";
import { makeTokenBucket } from "./token-bucket.ts";

const KNOWN_KEYS = 100_000;
const UNKNOWN_KEYS = 10_000;
const UNKNOWN_MS = 5_000;
const UNKNOWN_PER_SECOND = 200;

/** What this process knows of keys. */
export function keyMemory() {
  return singleton("auth.keys", () => {
    const secretsOfKey = new Map<string, Set<string>>();
    return {
      /** By the SHA-256 of the whole token; nothing shorter may name a key. */
      known: new LRUCache<string, KeyRecord>({
        max: KNOWN_KEYS,
        dispose: (record, name) => {
          const names = secretsOfKey.get(record.caller.keyId);
          names?.delete(name);
          if (names?.size === 0) {
            secretsOfKey.delete(record.caller.keyId);
          }
        },
      }),
      secretsOfKey,
      /** Of an earlier run, by digest, for when the database cannot be asked. */
      reserve: new Map<string, KeyRecord>(),
      /** Apart from the known ones, so that a flood of guesses cannot push good keys out. */
      unknown: new LRUCache<string, true>({ max: UNKNOWN_KEYS, ttl: UNKNOWN_MS }),
      lookups: new Map<string, Promise<KeyRecord | null>>(),
      bucket: makeTokenBucket(UNKNOWN_PER_SECOND),
      stale: new Map<string, KeyRecord>(),
      isRefreshing: false,
      refreshAfterMs: 0,
      /** Raised by every forgetting: what was read before it is not kept. */
      epoch: 0,
    };
  });
}

export type KeyMemory = ReturnType<typeof keyMemory>;

/** Keeps a record under the name of its token. */
export function keepKey(held: KeyMemory, name: string, record: KeyRecord): void {
  held.known.set(name, record);
  const names = held.secretsOfKey.get(record.caller.keyId) ?? new Set();
  held.secretsOfKey.set(record.caller.keyId, names.add(name));
}

/** Drops one key from memory: its next use reads it anew. */
export function dropKey(keyId: string): void {
  const held = keyMemory();
  beginEpoch(held);
  for (const name of held.secretsOfKey.get(keyId) ?? []) {
    held.known.delete(name);
  }
  held.secretsOfKey.delete(keyId);
  for (const [name, record] of held.reserve) {
    if (record.caller.keyId === keyId) {
      held.reserve.delete(name);
    }
  }
}

/** Drops every key from memory. */
export function dropAllKeys(): void {
  const held = keyMemory();
  beginEpoch(held);
  held.known.clear();
  held.secretsOfKey.clear();
  held.reserve.clear();
  held.unknown.clear();
}

function beginEpoch(held: KeyMemory): void {
  held.epoch += 1;
  held.lookups.clear();
  held.stale.clear();
}
