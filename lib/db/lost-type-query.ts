/** What the driver asks on every new connection before anything of ours. */
const TYPE_QUERY = "from pg_catalog.pg_type a";
const LOST = new Set([
  "CONNECTION_DESTROYED",
  "CONNECTION_CLOSED",
  "CONNECTION_ENDED",
  "ECONNRESET",
  "EPIPE",
]);

/**
 * Whether an unhandled rejection is the driver's own question for the types of arrays, on a
 * connection that was lost at that moment: postgres.js starts it in `connection.js` and waits for it
 * nowhere. The queries behind it fail and are answered by themselves, so that it means nothing.
 */
export function isLostTypeQuery(error: unknown): boolean {
  if (typeof error !== "object" || error === null) {
    return false;
  }
  const { code, query } = error as { code?: unknown; query?: unknown };
  return (
    typeof code === "string" &&
    LOST.has(code) &&
    typeof query === "string" &&
    query.includes(TYPE_QUERY)
  );
}
