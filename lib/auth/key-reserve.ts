import { sharedNow } from "#lib/clock.ts";
import { listKeysByDigest } from "#lib/db/api-keys.ts";
import { getDb } from "#lib/db/client.ts";
import { keyMemory } from "./key-memory.ts";
import { type KeyRecord, keyRecordOf } from "./key-record.ts";
import { parseNetworks } from "./networks.ts";

/** A remembered key without what follows from the rest. It has the digest as the database has it. */
export type KeptKey = Omit<KeyRecord, "networks">;

/** How many digests are looked up in one query. */
const BATCH = 500;

/** The keys that were used last, latest first, and after them those of earlier runs. */
export function listKeysToKeep(most: number): KeptKey[] {
  const { known, reserve } = keyMemory();
  const kept = new Map<string, KeptKey>();
  for (const record of [...known.values(), ...reserve.values()]) {
    if (kept.size === most) {
      break;
    }
    const name = nameOf(record.digest);
    const { networks: _, ...rest } = record;
    if (!kept.has(name)) {
      kept.set(name, rest);
    }
  }
  return [...kept.values()];
}

/** Takes over keys of an earlier run; they are asked only when the database cannot be. */
export function keepInReserve(keys: readonly KeptKey[]): void {
  const { reserve } = keyMemory();
  for (const key of keys) {
    const cidrs = key.caller.allowedCidrs;
    const networks = cidrs === null ? null : parseNetworks(cidrs);
    reserve.set(nameOf(key.digest), { ...key, caller: Object.freeze(key.caller), networks });
  }
}

/**
 * Reads keys by the digests that an earlier run kept, so that what is in reserve is what the database
 * says now. One that is gone from it is in reserve no more. Throws the database's error.
 */
export async function readIntoReserve(digests: readonly Buffer[]): Promise<void> {
  const held = keyMemory();
  const { epoch } = held;
  const fresh = new Map<string, KeyRecord>();
  for (let at = 0; at < digests.length; at += BATCH) {
    const rows = await listKeysByDigest(getDb("batch"), digests.slice(at, at + BATCH));
    for (const row of rows) {
      fresh.set(nameOf(row.secret.digest), keyRecordOf(row, sharedNow()));
    }
  }
  if (held.epoch === epoch) {
    held.reserve.clear();
    for (const [name, record] of fresh) {
      held.reserve.set(name, record);
    }
  }
}

/** The key in reserve that one of the digests opens. */
export function findInReserve(digests: readonly Buffer[]): KeyRecord | undefined {
  const { reserve } = keyMemory();
  for (const digest of digests) {
    const record = reserve.get(nameOf(digest));
    if (record !== undefined) {
      return record;
    }
  }
  return undefined;
}

function nameOf(digest: Buffer): string {
  return digest.toString("latin1");
}
