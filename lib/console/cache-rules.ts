import type { CacheSettings } from "#lib/contract/cache-settings.ts";
import { getSql } from "#lib/db/client.ts";
import { currentSnapshot } from "#lib/db/snapshot.ts";
import { checkVectorSupport } from "#lib/db/vector-support.ts";
import { ConduitError } from "#lib/errors.ts";
import { resolveName } from "#lib/routing/group.ts";
import { requireNamed } from "./found.ts";

/**
 * What the fields of the cache settings have to be together. Throws `invalid_value` naming the
 * field: matching by meaning needs a model that makes vectors, and one that there is.
 */
export function assertCacheSettings(
  { semantic_enabled: isSemantic, embedding_model: model }: CacheSettings,
  change: Readonly<Record<string, unknown>>,
): void {
  const isAsked = change["semantic_enabled"] === true || change["embedding_model"] !== undefined;
  if (!isAsked) {
    return;
  }
  if (isSemantic && model === null) {
    throw new ConduitError("invalid_value", {
      message: "'embedding_model' has to name a model while questions are matched by meaning.",
      param: "embedding_model",
    });
  }
  if (model !== null) {
    const named = resolveName(currentSnapshot(), model);
    requireNamed(named, { param: "embedding_model", what: "model" });
  }
}

/**
 * Throws `invalid_value` with the reason when matching by meaning is turned on over a database that
 * cannot look for vectors.
 */
export async function assertVectorsPossible(
  change: Readonly<Record<string, unknown>>,
): Promise<void> {
  if (change["semantic_enabled"] !== true) {
    return;
  }
  const support = await checkVectorSupport(getSql("console"));
  if (!support.ready) {
    throw new ConduitError("invalid_value", {
      message: `Questions cannot be matched by meaning here. ${support.reason}`,
      param: "semantic_enabled",
    });
  }
}
