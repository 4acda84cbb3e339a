import type { NavRow } from "./nav.ts";

const TEAM = ["team"];

/** What the pages that observe have in common: the team, the time, and what narrows requests. */
const FILTERS = [
  ...TEAM,
  "range",
  "from",
  "to",
  "outcome",
  "model",
  "dep",
  "provider",
  "key",
  "user",
  "tag",
];

/** The address of a page with those parameters of the present one that it understands too. */
export function carriedHref({ href, carries }: NavRow, current: URLSearchParams): string {
  const names = carries === "filters" ? FILTERS : carries === "team" ? TEAM : [];
  const query = new URLSearchParams();
  for (const name of names) {
    for (const value of current.getAll(name)) {
      query.append(name, value);
    }
  }
  const text = query.toString();
  return text === "" ? href : `${href}?${text}`;
}
