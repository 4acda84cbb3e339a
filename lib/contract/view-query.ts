/** What belongs to one look at a page, and not to a view of it. */
const PASSING = ["cursor", "log", "wide", "live", "view"];

/** The part of a query string that a view keeps. */
export function viewQueryOf(query: string): string {
  const params = new URLSearchParams(query);
  for (const name of PASSING) {
    params.delete(name);
  }
  return params.toString();
}
