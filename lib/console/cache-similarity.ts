import { getSecrets } from "#lib/auth/bootstrap.ts";
import type {
  NearMiss,
  NearMissQuery,
  SimilarityBin,
  SimilarityView,
} from "#lib/contract/cache-console.ts";
import { type Sealed, unseal } from "#lib/crypto.ts";
import { type CacheLookupText, cacheLookupContext } from "#lib/db/cache-lookups.ts";
import { countSimilarities, listNearMisses, type SimilarityCount } from "#lib/db/cache-stats.ts";
import { getDb } from "#lib/db/client.ts";
import { countLogs } from "#lib/db/log-stats.ts";
import type { LogWhere } from "#lib/db/log-where.ts";
import { currentSettings } from "#lib/db/settings.ts";
import { type Actor, scopeOf } from "./actor.ts";
import { recordQuestionsViewed } from "./cache-board.ts";

const DAYS = 7;
const DAY_MS = 86_400_000;
const MOST_PAIRS = 5;
/** Some of the look-ups may be sealed under a key that is no longer configured. */
const READ_PAIRS = 20;
const SHOWN_CHARS = 600;
const SEMANTIC: Pick<LogWhere, "outcomes" | "cache"> = {
  outcomes: { include: ["cached"], exclude: [] },
  cache: { include: ["SEMANTIC"], exclude: [] },
};
/** Hits beyond this change no estimate that somebody reads. */
const MOST_HITS = 10_000_000;

/** How near the nearest stored question was to what was asked in the last days. */
export async function showSimilarities(actor: Actor): Promise<SimilarityView> {
  const db = getDb("console");
  const scope = scopeOf(actor, "cache.read");
  const now = new Date();
  const since = new Date(now.getTime() - DAYS * DAY_MS);
  const counts = await countSimilarities(db, { scope, since });
  const given = await countLogs(db, {
    where: { scope, from: since, to: now, ...SEMANTIC },
    most: MOST_HITS,
  });
  return {
    days: DAYS,
    lookups: counts.reduce((sum, { lookups }) => sum + lookups, 0),
    alone: counts.reduce((sum, one) => sum + (one.thousandth === null ? one.lookups : 0), 0),
    bins: binsOf(counts),
    perDay: perDayOf(counts, { given, now }),
    threshold: currentSettings().cache.threshold,
  };
}

/**
 * Semantic look-ups a day. A busy process notes only some of them; how many more there were is told
 * by the hits, each of which is in the log. Days before the first note do not count.
 */
function perDayOf(
  counts: readonly SimilarityCount[],
  { given, now }: { given: number; now: Date },
): number {
  const noted = counts.reduce((sum, { lookups }) => sum + lookups, 0);
  const hits = counts.reduce((sum, one) => sum + one.hits, 0);
  const oldest = Math.min(...counts.map((one) => one.oldest.getTime()), now.getTime());
  const days = Math.max(1, (now.getTime() - oldest) / DAY_MS);
  return (noted * (hits === 0 ? 1 : Math.max(1, given / hits))) / days;
}

function binsOf(counts: readonly SimilarityCount[]): SimilarityBin[] {
  const bins = new Map<number, SimilarityBin>();
  for (const { thousandth, isGuarded, lookups } of counts) {
    if (thousandth !== null) {
      const bin = bins.get(thousandth) ?? { thousandth, open: 0, guarded: 0 };
      bin[isGuarded ? "guarded" : "open"] += lookups;
      bins.set(thousandth, bin);
    }
  }
  return [...bins.values()].sort((one, other) => one.thousandth - other.thousandth);
}

/**
 * Pairs of questions that a lower threshold would have answered alike, the nearest first. Reading
 * them leaves an event in the audit log.
 */
export async function showNearMisses(
  actor: Actor,
  { threshold }: NearMissQuery,
): Promise<{ pairs: NearMiss[] }> {
  const rows = await listNearMisses(getDb("console"), {
    since: new Date(Date.now() - DAYS * DAY_MS),
    from: threshold,
    below: currentSettings().cache.threshold,
    limit: READ_PAIRS,
  });
  const pairs = rows.flatMap((row) => pairOf(row) ?? []).slice(0, MOST_PAIRS);
  if (pairs.length > 0) {
    await recordQuestionsViewed(actor, "lookups");
  }
  return { pairs };
}

function pairOf(row: Awaited<ReturnType<typeof listNearMisses>>[number]): NearMiss | undefined {
  const { id, similarity, modelAsked, keyVersion: version, wrappedKey, box } = row;
  const { masterKeys } = getSecrets();
  if (similarity === null || version === null || wrappedKey === null || box === null) {
    return undefined;
  }
  if (!masterKeys.keys.has(version)) {
    return undefined;
  }
  const sealed: Sealed = { version, wrappedKey, box };
  // Sealed under the look-up's own id, so that nobody but the cache can have written it.
  const { asked, stored } = JSON.parse(
    unseal(masterKeys, sealed, cacheLookupContext(id)).reveal(),
  ) as CacheLookupText;
  return { id, similarity, model: modelAsked, question: short(asked), answered: short(stored) };
}

function short(text: string): string {
  return text.slice(0, SHOWN_CHARS).toWellFormed();
}
