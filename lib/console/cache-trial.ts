import { getSecrets } from "#lib/auth/bootstrap.ts";
import { checkNearMiss } from "#lib/cache/near-miss-guard.ts";
import { readQuestion } from "#lib/cache/near-miss-reading.ts";
import type { CacheTrial, TrialMatch, TrialResult } from "#lib/contract/cache-console.ts";
import { unseal } from "#lib/crypto.ts";
import { readSpace } from "#lib/db/cache-embeddings.ts";
import { type CacheEntryText, cacheEntryContext } from "#lib/db/cache-entries.ts";
import { type CacheMatch, listCacheMatches } from "#lib/db/cache-matches.ts";
import { getSql } from "#lib/db/client.ts";
import { currentSettings } from "#lib/db/settings.ts";
import { ConduitError } from "#lib/errors.ts";
import type { Actor } from "./actor.ts";
import { recordQuestionsViewed } from "./cache-board.ts";
import { readVector } from "./cache-vector.ts";

const NEAREST = 5;
const SHOWN_CHARS = 600;

/**
 * The stored questions nearest to one, and whether they would answer it if all else were the same:
 * the key or team, the parameters, the instructions. Nothing is kept or answered. Throws
 * `invalid_value` without an embedding model, and what its provider said.
 */
export async function tryCache(actor: Actor, { prompt, model }: CacheTrial): Promise<TrialResult> {
  const { embedding_model: embedder, threshold } = currentSettings().cache;
  if (embedder === null) {
    throw new ConduitError("invalid_value", {
      message: "'embedding_model' has to be set before questions can be compared.",
      param: "embedding_model",
    });
  }
  const vector = await readVector(embedder, prompt);
  const sql = getSql("console");
  const space = await readSpace(sql);
  if (space?.dimensions !== vector.length) {
    // Nothing was kept yet, or by another model.
    return { threshold, matches: [] };
  }
  const rows = await listCacheMatches(sql, { vector, modelAsked: model, limit: NEAREST });
  const matches = rows.flatMap((row) => matchOf(row, { prompt, threshold }) ?? []);
  if (matches.some(({ question }) => question !== null)) {
    await recordQuestionsViewed(actor, "entries");
  }
  return { threshold, matches };
}

function matchOf(
  row: CacheMatch,
  { prompt, threshold }: { prompt: string; threshold: number },
): TrialMatch | undefined {
  const { id, keyVersion: version, wrappedKey, box } = row;
  const { masterKeys } = getSecrets();
  if (!masterKeys.keys.has(version)) {
    return undefined;
  }
  // Sealed under the entry's own id, so that nobody but the cache can have written it.
  const text = JSON.parse(
    unseal(masterKeys, { version, wrappedKey, box }, cacheEntryContext(id)).reveal(),
  ) as CacheEntryText;
  const guard = checkNearMiss(readQuestion(prompt), text.asked ?? text.question) ?? null;
  const similarity = Math.min(1, Math.max(0, row.similarity));
  return {
    id,
    similarity,
    would_hit: guard === null && similarity >= threshold,
    guard,
    scope: row.scopeKind === "team" ? (row.teamName ?? "A team") : (row.keyAlias ?? "A key"),
    source_request_id: row.sourceRequestId,
    question: text.question === "" ? null : text.question.slice(0, SHOWN_CHARS).toWellFormed(),
  };
}
