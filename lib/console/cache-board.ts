import { getSecrets } from "#lib/auth/bootstrap.ts";
import type { CacheEntryQuery } from "#lib/contract/cache.ts";
import type { CacheBoardRow } from "#lib/contract/cache-console.ts";
import { unseal } from "#lib/crypto.ts";
import { hasRecentAuditEvent } from "#lib/db/audit-last.ts";
import { type CacheEntryText, cacheEntryContext } from "#lib/db/cache-entries.ts";
import { type ListedCacheEntry, sealedOf } from "#lib/db/cache-entries-read.ts";
import type { Actor } from "./actor.ts";
import { listEntries } from "./cache-entries.ts";
import { mayTake } from "./permission.ts";
import { recordEvent } from "./record-event.ts";

/** Looking again within the hour is the same look. */
const SAME_LOOK_MS = 3_600_000;
const SHOWN_CHARS = 160;

/**
 * The stored answers within the actor's reach with the beginnings of their questions. Reading what
 * others asked leaves an event in the audit log before anything is shown.
 */
export async function showCacheBoard(
  actor: Actor,
  query: CacheEntryQuery,
): Promise<{ entries: CacheBoardRow[]; total: number }> {
  const { rows, total } = await listEntries(actor, query);
  const mayRead = mayTake(actor.principal, "log.payload.read");
  const read = rows.map(({ row, info }) => {
    const question = mayRead ? questionOf(row) : null;
    return { info: { ...info, question }, isOthers: question !== null && !isOwn(actor, row) };
  });
  if (read.some(({ isOthers }) => isOthers)) {
    await recordQuestionsViewed(actor, "entries");
  }
  return { entries: read.map(({ info }) => info), total };
}

function isOwn({ principal }: Actor, { userId }: ListedCacheEntry): boolean {
  return principal.kind === "user" && principal.id === userId;
}

/** Notes once an hour that somebody read what others asked; `where` is the list it was read in. */
export async function recordQuestionsViewed(
  actor: Actor,
  where: "entries" | "lookups",
): Promise<void> {
  const event = { action: "cache.questions_viewed", targetType: "cache", targetId: where };
  const actorId = actor.principal.kind === "admin_key" ? null : actor.principal.id;
  const since = new Date(Date.now() - SAME_LOOK_MS);
  await recordEvent(actor, event, (tx) => hasRecentAuditEvent(tx, { ...event, actorId, since }));
}

function questionOf(row: ListedCacheEntry): string | null {
  const sealed = sealedOf(row);
  const { masterKeys } = getSecrets();
  if (sealed === null || !masterKeys.keys.has(sealed.version)) {
    return null;
  }
  // Sealed under the entry's own id, so that nobody but the cache can have written it.
  const text = JSON.parse(
    unseal(masterKeys, sealed, cacheEntryContext(row.id)).reveal(),
  ) as CacheEntryText;
  // It is empty where nothing of what callers say may be kept to be read.
  return text.question === "" ? null : text.question.slice(0, SHOWN_CHARS).toWellFormed();
}
