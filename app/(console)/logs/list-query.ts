import { writeLogFilter } from "#lib/contract/log-filter.ts";
import type { LogRequest } from "#lib/contract/log-request.ts";

/**
 * The part of an address that says which requests a list has, and in what order, as far as it could
 * be read: what the page ignores, its endpoints are not asked for. Made on the server, so that no
 * browser has to carry the schemas that read it.
 */
export function listQueryOf({ filter, range, sort, direction }: LogRequest): string {
  const query = new URLSearchParams(writeLogFilter(filter));
  if (range.kind === "relative") {
    query.set("range", range.token);
  } else {
    query.set("from", new Date(range.fromMs).toISOString());
    query.set("to", new Date(range.toMs).toISOString());
  }
  if (sort !== "time" || direction !== "desc") {
    query.set("sort", sort);
    query.set("dir", direction);
  }
  return query.toString();
}
