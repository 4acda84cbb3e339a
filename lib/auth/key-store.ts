import { hash, timingSafeEqual } from "node:crypto";
import { sharedNow } from "#lib/clock.ts";
import { tokenDigest } from "#lib/crypto.ts";
import { updateDigest } from "#lib/db/api-keys.ts";
import { getDb } from "#lib/db/client.ts";
import { changesKnownUntilMs, isWatchingChanges } from "#lib/db/config-version.ts";
import { isDatabaseUp } from "#lib/db/reach.ts";
import { getEnv } from "#lib/env.ts";
import { ConduitError } from "#lib/errors.ts";
import { getLog } from "#lib/log.ts";
import { getSecrets } from "./bootstrap.ts";
import { type KeyMemory, keepKey, keyMemory } from "./key-memory.ts";
import { readKeyRow } from "./key-reader.ts";
import { type KeyRecord, keyRecordOf } from "./key-record.ts";
import { refreshLater } from "./key-refresh.ts";
import { findInReserve } from "./key-reserve.ts";

/** Older records are read again in the background. */
const FRESH_MS = 10_000;
/** How old a record may be that is used before it is read again: while changes are pushed to us… */
const STALE_WATCHED_MS = 15 * 60_000;
/** …and while nobody tells us of a revocation (serverless hosts). */
const STALE_UNWATCHED_MS = 60_000;

/**
 * The record that a well-formed token opens; `null` when there is none. From memory when possible;
 * a miss is one query however many calls wait for it. Throws `server_overloaded` (503) while too
 * many unknown keys are tried, `not_ready` (503) when the database does not answer.
 */
export function findKey(
  token: string,
  nowMs: number,
): KeyRecord | null | Promise<KeyRecord | null> {
  const held = keyMemory();
  // A whole digest names the key in memory. A plain hash is enough there, since nobody can write to
  // it, and it costs a fiftieth of the HMAC that the database needs (0.4 µs against 19).
  const name = hash("sha256", token, "base64");
  const record = held.known.get(name);
  if (record !== undefined) {
    const ageMs = nowMs - record.fetchedMs;
    if (ageMs <= FRESH_MS) {
      return record;
    }
    if (ageMs <= (isWatchingChanges() ? STALE_WATCHED_MS : STALE_UNWATCHED_MS)) {
      refreshLater(held, name, record, nowMs);
      return record;
    }
    if (!isDatabaseUp() && isGoodEnough(record, nowMs)) {
      return record;
    }
  }
  if (held.unknown.has(name)) {
    return null;
  }
  return lookUp(held, { name, token, nowMs, last: record });
}

interface Wanted {
  name: string;
  token: string;
  nowMs: number;
  /** What is known from before, to be used when the database does not answer. */
  last: KeyRecord | undefined;
}

function lookUp(held: KeyMemory, wanted: Wanted): Promise<KeyRecord | null> {
  const running = held.lookups.get(wanted.name);
  if (running !== undefined) {
    return running;
  }
  const isUp = isDatabaseUp();
  if (!isUp || !held.bucket.take(wanted.nowMs)) {
    const last = usableLast(held, wanted);
    if (last !== undefined) {
      return Promise.resolve(last);
    }
    if (!isUp) {
      throw unanswered(undefined);
    }
    throw new ConduitError("server_overloaded", {
      message: "Too many unknown API keys are being tried. Try again in a second.",
      retryAfterMs: 1_000,
    });
  }
  const run = readKey(held, wanted)
    .catch((error: unknown) => lastResort(held, wanted, error))
    .finally(() => {
      if (held.lookups.get(wanted.name) === run) {
        held.lookups.delete(wanted.name);
      }
    });
  held.lookups.set(wanted.name, run);
  return run;
}

async function readKey(held: KeyMemory, wanted: Wanted): Promise<KeyRecord | null> {
  const { epoch } = held;
  const { peppers } = getSecrets();
  const digests = [...peppers.values()].map((pepper) => tokenDigest(pepper, wanted.token));
  const row = await readKeyRow(digests);
  if (row === undefined || !digests.some((digest) => sameDigest(digest, row.secret.digest))) {
    held.unknown.set(wanted.name, true);
    return null;
  }
  held.bucket.give();
  const record = keyRecordOf(row, sharedNow());
  if (held.epoch === epoch) {
    keepKey(held, wanted.name, record);
  }
  renewDigest(record, wanted.token);
  return record;
}

function sameDigest(left: Buffer, right: Buffer): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}

/** After a rotation of the master keys, digests move to the new pepper as their tokens are seen. */
function renewDigest(record: KeyRecord, token: string): void {
  const { pepper, pepperVersion } = getSecrets();
  if (record.pepperVersion === pepperVersion) {
    return;
  }
  const digest = tokenDigest(pepper, token);
  updateDigest(getDb("batch"), { id: record.secretId, digest, pepperVersion }).catch(
    (error: unknown) => getLog().warn({ err: error }, "A key's digest could not be renewed."),
  );
}

/**
 * Whether a key that was good a while ago is still taken for good when it cannot be read anew: for
 * fifteen minutes after the database was last known to say so, or for ever where the install has
 * chosen to go on (`CONDUIT_STALE_CONFIG`).
 */
function isGoodEnough(record: KeyRecord, nowMs: number): boolean {
  const confirmedMs = Math.max(record.fetchedMs, changesKnownUntilMs() ?? 0);
  return nowMs - confirmedMs <= STALE_WATCHED_MS || getEnv().staleConfig === "fail_static";
}

/** What is known of the key from before, in this run or an earlier one. */
function usableLast(held: KeyMemory, { last, name, token, nowMs }: Wanted): KeyRecord | undefined {
  const record = last ?? fromReserve(held, name, token);
  return record !== undefined && isGoodEnough(record, nowMs) ? record : undefined;
}

function fromReserve(held: KeyMemory, name: string, token: string): KeyRecord | undefined {
  if (held.reserve.size === 0) {
    return undefined;
  }
  const { peppers } = getSecrets();
  const record = findInReserve([...peppers.values()].map((pepper) => tokenDigest(pepper, token)));
  if (record !== undefined) {
    keepKey(held, name, record);
  }
  return record;
}

function lastResort(held: KeyMemory, wanted: Wanted, error: unknown): KeyRecord {
  const last = usableLast(held, wanted);
  if (last === undefined) {
    throw unanswered(error);
  }
  return last;
}

function unanswered(cause: unknown): ConduitError {
  return new ConduitError("not_ready", {
    message: "The API key could not be checked, because the database does not answer.",
    retryAfterMs: 1_000,
    cause,
  });
}
