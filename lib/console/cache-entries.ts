import { flushEntries, forgetStored } from "#lib/cache/store.ts";
import type {
  CacheClear,
  CacheCleared,
  CacheEntryInfo,
  CacheEntryQuery,
  CacheSelection,
} from "#lib/contract/cache.ts";
import { instantOf } from "#lib/contract/instants.ts";
import {
  type CacheEntryWhere,
  countCacheEntries,
  deleteCacheEntries,
  getCacheEntry,
  hitsKey,
  type ListedCacheEntry,
  listCacheEntries,
  sumHits,
} from "#lib/db/cache-entries-read.ts";
import { getDb } from "#lib/db/client.ts";
import { ConduitError } from "#lib/errors.ts";
import { formatUsd } from "#lib/money.ts";
import { type Actor, scopeOf } from "./actor.ts";
import { describeInput } from "./audit-fields.ts";
import { applyChange } from "./change.ts";
import { requireFound } from "./found.ts";
import { assertAllowed } from "./permission.ts";

/** What an event of the audit log says was cleared where no single entry was. */
const ALL = "all";

/** The stored answers within the actor's reach, newest first; nothing of what they say. */
export async function showCacheEntries(
  actor: Actor,
  query: CacheEntryQuery,
): Promise<{ entries: CacheEntryInfo[]; total: number }> {
  const { rows, total } = await listEntries(actor, query);
  return { entries: rows.map(({ info }) => info), total };
}

/** The same with each row, whose sealed text only the console opens. */
export async function listEntries(
  actor: Actor,
  query: CacheEntryQuery,
): Promise<{ rows: { row: ListedCacheEntry; info: CacheEntryInfo }[]; total: number }> {
  const db = getDb("console");
  const { rows, total } = await listCacheEntries(db, {
    scope: scopeOf(actor, "cache.read"),
    kind: query.kind,
    modelAsked: query.model,
    teamId: query.team_id,
    limit: query.limit,
    offset: query.offset,
  });
  const sourceIds = rows.map(({ sourceRequestId }) => sourceRequestId);
  const hits = await sumHits(db, { sourceIds });
  return {
    rows: rows.map((row) => ({ row, info: infoOf(row, hits.get(hitsKey(row))) })),
    total,
  };
}

function infoOf(
  row: ListedCacheEntry,
  given: { hits: number; savedNanos: bigint } | undefined,
): CacheEntryInfo {
  return {
    id: row.id,
    kind: row.kind,
    endpoint: row.endpoint,
    model: row.modelAsked,
    deployment: row.deploymentName,
    scope: row.scopeKind,
    key_id: row.keyId,
    key_alias: row.keyAlias,
    team_id: row.teamId,
    team_name: row.teamName,
    source_request_id: row.sourceRequestId,
    hits: given?.hits ?? 0,
    saved_usd: formatUsd(given?.savedNanos ?? 0n),
    cost_usd: formatUsd(row.costNanos),
    size_bytes: row.sizeBytes,
    created_at: instantOf(row.createdAt),
    expires_at: instantOf(row.expiresAt),
  };
}

/** Takes one stored answer away, on every replica. Throws 404 for one that is not there. */
export async function removeCacheEntry(actor: Actor, id: string): Promise<void> {
  assertAllowed(actor.principal, "cache.clear");
  const row = requireFound(await getCacheEntry(getDb("console"), { id }), "stored answer");
  await clear(
    actor,
    { scope: { all: true }, id },
    { targetId: id, after: { model: row.modelAsked } },
  );
}

/**
 * Takes stored answers away, on every replica, or with `dry_run` says how many it would be. A
 * request that is being answered meanwhile may still leave one.
 */
export async function clearCache(actor: Actor, input: CacheClear): Promise<CacheCleared> {
  assertAllowed(actor.principal, "cache.clear");
  const { all, dry_run: isDry, ...selection } = input;
  const where = whereOf(selection);
  if (isDry) {
    const { entries, sizeBytes } = await countCacheEntries(getDb("console"), where);
    return { entries, size_bytes: sizeBytes, cleared: false };
  }
  const after = describeInput({ all, ...selection });
  const isAll = Object.values(selection).every((value) => value === undefined);
  return await clear(actor, where, { targetId: ALL, isAll, after });
}

function whereOf(selection: CacheSelection): CacheEntryWhere {
  const { older_than_seconds: seconds } = selection;
  return {
    scope: { all: true },
    kind: selection.kind,
    modelAsked: selection.model,
    teamId: selection.team_id,
    keyId: selection.key_id,
    madeBefore: seconds === undefined ? undefined : new Date(Date.now() - seconds * 1000),
  };
}

/**
 * The rows and the answers in their store go together or not at all: an answer without a row would
 * still be given, and nobody could take it away.
 */
async function clear(
  actor: Actor,
  where: CacheEntryWhere,
  event: { targetId: string; isAll?: boolean; after: Record<string, unknown> },
): Promise<CacheCleared> {
  await flushEntries();
  return await applyChange(actor, async (tx) => {
    const gone = await deleteCacheEntries(tx, where);
    const exact = gone.filter(({ kind }) => kind === "exact").map(({ digest }) => digest);
    await forgetStored(event.isAll === true ? "all" : exact).catch((cause: unknown) => {
      throw new ConduitError("not_ready", {
        message: "The store of the cache cannot be reached. Nothing was cleared.",
        cause,
      });
    });
    const sizeBytes = gone.reduce((sum, entry) => sum + entry.sizeBytes, 0);
    return {
      result: { entries: gone.length, size_bytes: sizeBytes, cleared: true },
      kind: "cache",
      subjectId: event.targetId,
      action: "cache.clear",
      after: { ...event.after, entries: gone.length },
    };
  });
}
