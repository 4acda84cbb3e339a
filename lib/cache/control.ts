import { ConduitError } from "#lib/errors.ts";

/** What a caller asks of the caches with `x-conduit-cache`. */
export interface CacheControl {
  /** Asks anew; the fresh answer takes the place of the stored one. */
  noCache: boolean;
  /** The answer is not kept. */
  noStore: boolean;
  /** No upstream is asked: a stored answer, or 504 `cache_miss`. */
  onlyIfCached: boolean;
  /** No stored answer older than this is given, and none is kept for longer; null is the setting's. */
  ttlSeconds: number | null;
}

/** What holds without a header. */
export const DEFAULT_CONTROL: CacheControl = Object.freeze({
  noCache: false,
  noStore: false,
  onlyIfCached: false,
  ttlSeconds: null,
});

const NAME = "x-conduit-cache";
const MAX_TTL_SECONDS = 604_800;
const TTL = /^ttl=(\d{1,6})$/;

/**
 * `x-conduit-cache: no-cache, no-store, only-if-cached, ttl=<seconds>`, in any order and case. Throws
 * `invalid_value` naming the header for a word that it does not know, and for two that contradict
 * each other: a directive that nobody obeys would be taken for obeyed.
 */
export function parseCacheControl(header: string | undefined): CacheControl {
  if (header === undefined || header.trim() === "") {
    return DEFAULT_CONTROL;
  }
  const words = header.split(",").map((word) => word.trim().toLowerCase());
  const unknown = words.find((word) => !FLAGS.has(word) && !TTL.test(word));
  if (unknown !== undefined) {
    throw refusal(
      `"${unknown.slice(0, 40)}" is none of no-cache, no-store, only-if-cached and ttl=<seconds>.`,
    );
  }
  const control = {
    noCache: words.includes("no-cache"),
    noStore: words.includes("no-store"),
    onlyIfCached: words.includes("only-if-cached"),
    ttlSeconds: ttlOf(words),
  };
  if (control.noCache && control.onlyIfCached) {
    throw refusal("no-cache and only-if-cached cannot hold together.");
  }
  return control;
}

const FLAGS = new Set(["no-cache", "no-store", "only-if-cached"]);

function ttlOf(words: readonly string[]): number | null {
  const found = words.flatMap((word) => TTL.exec(word)?.[1] ?? []);
  const [text] = found;
  if (text === undefined) {
    return null;
  }
  const seconds = Number(text);
  if (found.length > 1 || seconds < 1 || seconds > MAX_TTL_SECONDS) {
    throw refusal(`ttl is one whole number of seconds from 1 to ${MAX_TTL_SECONDS}.`);
  }
  return seconds;
}

function refusal(reason: string): ConduitError {
  return new ConduitError("invalid_value", {
    message: `'${NAME}' is not valid: ${reason}`,
    param: NAME,
  });
}
