/** What the list shows now, for the drawer that walks through it. */
export interface CurrentPage {
  ids: readonly string[];
  older: string | null;
  newer: string | null;
}

let current: CurrentPage = { ids: [], older: null, newer: null };

export function publishPage(page: CurrentPage): void {
  current = page;
}

/** The cursor of the page that a neighbour of the list's edge is on; null when it is on this one. */
export function pageChangeFor(id: string, direction: "older" | "newer"): string | null {
  return current.ids.includes(id) ? null : current[direction];
}
