import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { Env } from "#lib/env.ts";
import { openRedis } from "#lib/redis/client.ts";
import type { RedisSession } from "#lib/redis/transport.ts";
import { dropSingleton, singleton } from "#lib/singleton.ts";
import type { CarriedState, CarriedToolState } from "./wire.ts";

/** A Redis that several replicas share. It may fail; a failure counts as a miss. */
export type CarryRedis = Pick<RedisSession, "send">;

const TTL_SECONDS = 3600;
const MAX_ENTRIES = 50_000;
/** Letters of JSON over all entries; thinking text is by far the largest part of it. */
const MAX_CHARACTERS = 64 * 1024 * 1024;
const MAX_ENTRY_CHARACTERS = 1024 * 1024;
/** How long a request waits for the shared store, once, before it goes on without. */
const STORE_DEADLINE_MS = 50;
/** Providers want the state of the turn under way, so only the newest calls are worth a look-up. */
const MAX_LOOKUPS = 64;

interface Carry {
  memory: LRUCache<string, CarriedToolState>;
  redis: CarryRedis | undefined;
  close(): void;
}

function carry(): Carry {
  return singleton("providers.carry", () => ({
    memory: new LRUCache<string, CarriedToolState>({
      max: MAX_ENTRIES,
      maxSize: MAX_CHARACTERS,
      maxEntrySize: MAX_ENTRY_CHARACTERS,
      sizeCalculation: (state) => JSON.stringify(state).length,
      ttl: TTL_SECONDS * 1000,
    }),
    redis: undefined,
    close: () => undefined,
  }));
}

/**
 * Says where replicas share state: in a Redis that is already open, or in the one that the settings
 * name, which is then opened for this alone. Without either, state lives in this process.
 */
export function configureCarry(
  source: { redis: CarryRedis } | Pick<Env, "redisUrl" | "upstash">,
): void {
  const state = carry();
  if ("redis" in source) {
    state.redis = source.redis;
    return;
  }
  const opened = openRedis({ env: source });
  state.redis = opened;
  state.close = () => opened?.close();
}

/** Closes the connection that `configureCarry` opened, and forgets everything. */
export function closeCarry(): void {
  carry().close();
  dropSingleton("providers.carry");
}

/**
 * The opaque provider state behind the tool calls of a request: signatures and thinking that this
 * gateway received with a call and that the client, keeping only standard fields, does not send
 * back. State belongs to the key that it was made for; another key's calls are misses. Waits for the
 * shared store only when a call is not in memory, and never fails.
 */
export async function openCarry(request: {
  keyId: string;
  toolCallIds: readonly string[];
}): Promise<CarriedState> {
  const { memory, redis } = carry();
  const found = new Map<string, CarriedToolState>();
  const missing: string[] = [];
  for (const id of request.toolCallIds) {
    const state = memory.get(placeOf(request.keyId, id));
    if (state === undefined) {
      missing.push(id);
    } else {
      found.set(id, state);
    }
  }
  if (redis !== undefined && missing.length > 0) {
    const ids = missing.slice(-MAX_LOOKUPS);
    await withinDeadline(ids.map((id) => lookUp({ redis, keyId: request.keyId, id, found })));
  }
  return { get: (id) => found.get(id) };
}

/** The function that keeps state for an answer's tool calls, for one hour and for this key alone. */
export function keepFor(keyId: string): (toolCallId: string, state: CarriedToolState) => void {
  return (toolCallId, state) => {
    const { memory, redis } = carry();
    const place = placeOf(keyId, toolCallId);
    memory.set(place, state);
    redis?.send(["SET", place, JSON.stringify(state), "EX", TTL_SECONDS]).catch(() => {
      // The state is still in memory; another replica will do without it and say so.
    });
  };
}

/** Tool-call ids come back from clients, who may write anything; the digest bounds and hides them. */
function placeOf(keyId: string, toolCallId: string): string {
  return `carry:${keyId}:${createHash("sha256").update(toolCallId).digest("base64url")}`;
}

async function lookUp(wanted: {
  redis: CarryRedis;
  keyId: string;
  id: string;
  found: Map<string, CarriedToolState>;
}): Promise<void> {
  const place = placeOf(wanted.keyId, wanted.id);
  const text = await wanted.redis.send(["GET", place]);
  const state = typeof text === "string" ? readState(text) : undefined;
  if (state !== undefined) {
    wanted.found.set(wanted.id, state);
    carry().memory.set(place, state);
  }
}

/** Resolves when all work is done or failed, or when the deadline has passed. */
async function withinDeadline(work: Promise<void>[]): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(() => late.resolve(), STORE_DEADLINE_MS);
  try {
    await Promise.race([Promise.allSettled(work), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function readState(text: string): CarriedToolState | undefined {
  try {
    const value: unknown = JSON.parse(text);
    // Only `keepFor` writes under this prefix, and it writes nothing else.
    return typeof value === "object" && value !== null ? (value as CarriedToolState) : undefined;
  } catch {
    // A value that something else has overwritten is a miss.
    return undefined;
  }
}
