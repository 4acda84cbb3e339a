import { endedKeys, type KeyScope } from "#lib/auth/ended-keys.ts";
import type { Caller } from "#lib/contract/caller.ts";
import type { ConfigChange } from "#lib/db/config-version.ts";
import type { ConduitError } from "#lib/errors.ts";
import { singleton } from "#lib/singleton.ts";
import type { Exchange } from "./exchange.ts";

/** Longer than any request may take. */
const REMEMBERED_MS = 1_800_000;

interface Held {
  /** Whose requests are under way, by what cuts them. */
  callers: Map<AbortController, Caller>;
  /** Keys that were ended while this process ran, and when, on the clock of `performance.now()`. */
  ended: Map<string, { atMs: number; error: ConduitError }>;
}

function held(): Held {
  return singleton("gateway.callers", () => ({ callers: new Map(), ended: new Map() }));
}

/**
 * Holds a request that is about to ask an upstream, so that the end of its key reaches it. Throws
 * `api_key_revoked` (401) when that came while its body was still on the way.
 */
export function holdRequest({ cut, startedAt }: Exchange, caller: Caller): void {
  const { callers, ended } = held();
  const end = ended.get(caller.keyId);
  if (end !== undefined && end.atMs >= startedAt) {
    throw end.error;
  }
  callers.set(cut, caller);
}

/** The request has ended. */
export function releaseRequest({ cut }: Exchange): void {
  held().callers.delete(cut);
}

/**
 * Cuts the requests of keys that a change has ended: revoked, switched off, their owner suspended,
 * their team deleted. It is the one change that reaches a request under way; whatever else is
 * configured, it keeps what it began with. Throws the database's errors.
 */
export async function cutEndedKeys(changes: readonly ConfigChange[]): Promise<void> {
  const scope = scopeOf(changes);
  if (scope === undefined) {
    return;
  }
  const { callers, ended } = held();
  const atMs = performance.now();
  for (const [keyId, { atMs: endedAtMs }] of ended) {
    if (atMs - endedAtMs > REMEMBERED_MS) {
      ended.delete(keyId);
    }
  }
  const found = await endedKeys(scope);
  for (const [keyId, error] of found) {
    ended.set(keyId, { atMs, error });
  }
  for (const [cut, { keyId }] of callers) {
    const error = found.get(keyId);
    if (error !== undefined) {
      cut.abort(error);
    }
  }
}

/** Whose keys may have ended; `undefined` when nobody's. */
function scopeOf(changes: readonly ConfigChange[]): KeyScope | undefined {
  const idsOf = (wanted: ConfigChange["kind"]) =>
    changes.filter(({ kind }) => kind === wanted).map(({ subjectId }) => subjectId);
  const missed = changes.some(({ kind }) => kind === "everything");
  // After changes that nobody remembers, those who are being served are asked about.
  const served = missed ? [...held().callers.values()].map(({ keyId }) => keyId) : [];
  const scope = {
    keyIds: [...new Set([...idsOf("api_key"), ...served])],
    userIds: idsOf("user"),
    teamIds: idsOf("team"),
  };
  return Object.values(scope).some((ids) => ids.length > 0) ? scope : undefined;
}
