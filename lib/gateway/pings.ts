/** Silence after which a stream gets a comment, so that proxies on the way keep it open. */
export const PING_MS = 15_000;

/** A comment: every reader of event streams passes over it. */
export const PING = ": ping\n\n";
