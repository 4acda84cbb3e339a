import { isConduitError } from "#lib/errors.ts";
import { databaseAway } from "./reach.ts";

/** How the driver and the network name a server that cannot be reached, or has gone away. */
const NETWORK_CODES = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  // A socket in a directory: the server has not made it yet.
  "ENOENT",
  "CONNECT_TIMEOUT",
  "CONNECTION_CLOSED",
  "CONNECTION_DESTROYED",
  "CONNECTION_ENDED",
]);

/**
 * SQLSTATEs of a server that cannot serve now and may a moment later: shutting down, crashed, starting
 * (57P01-57P03), without a connection left (53300), a connection exception (class 08), and a standby
 * that cannot be written to (25006), as during a failover.
 */
const SERVER_CODES = /^(57P0[123]|53300|08...|25006)$/;

const MAX_CAUSES = 5;

/**
 * Whether an error says that the database is away, as opposed to having refused a statement, a
 * password or a name. Looks through the causes, for the query builder wraps the driver's errors.
 */
export function isDatabaseAway(error: unknown): boolean {
  let cause = error;
  for (
    let depth = 0;
    depth < MAX_CAUSES && typeof cause === "object" && cause !== null;
    depth += 1
  ) {
    const code = "code" in cause ? String(cause.code) : "";
    if (NETWORK_CODES.has(code) || SERVER_CODES.test(code)) {
      return true;
    }
    if (cause instanceof AggregateError && cause.errors.some(isDatabaseAway)) {
      return true;
    }
    cause = "cause" in cause ? cause.cause : undefined;
  }
  return false;
}

/** A thrown value as it is, or as `not_ready` (503) when the database is what failed. */
export function orDatabaseAway(thrown: unknown): unknown {
  return !isConduitError(thrown) && isDatabaseAway(thrown) ? databaseAway(thrown) : thrown;
}
