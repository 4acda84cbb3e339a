/**
 * The names of our keys. All share one hash tag, so that a cluster keeps them in one slot and one
 * script may touch several. Numbers in them are nano-dollars, tokens or milliseconds.
 */
const TAG = "{conduit}";

/** Prefix of the request windows that `@upstash/ratelimit` keeps. */
export const REQUESTS_PREFIX = `${TAG}:requests`;

/** Tokens per minute of a scope: hash `i` (minute), `c` (this minute), `p` (the one before). */
export const tokensKey = (scopeId: string) => `${TAG}:tokens:${scopeId}`;

/** Requests in flight of a scope: sorted set of request ids by the end of their lease. */
export const leasesKey = (scopeId: string) => `${TAG}:leases:${scopeId}`;

/**
 * A budget: hash `w` (start of the window), `s` (spent), `r` (held here), `x` (held in Postgres),
 * `t` (last change), `l` (the part of `s` that was charged for requests that nobody ended), `c` (how
 * often it was corrected).
 */
export const BUDGET_PREFIX = `${TAG}:budget:`;
export const budgetKey = (budgetId: string) => BUDGET_PREFIX + budgetId;

/**
 * Money held for a request: hash `e` (estimate), `b` (budget ids), `k` (`open|reaped|void`), `d`
 * (when it was reaped).
 */
export const HOLD_PREFIX = `${TAG}:hold:`;
export const holdKey = (requestId: string) => HOLD_PREFIX + requestId;

/** Open holds: sorted set of request ids by expiry. */
export const HOLDS_KEY = `${TAG}:holds`;

/** Written by the probe that asks whether Redis can be used. */
export const ALIVE_KEY = `${TAG}:alive`;

/** Names what Redis holds: another value, or none, means that it was lost since. */
export const GENERATION_KEY = `${TAG}:generation`;
