/** The parts of a prompt's page, the first one open. */
export const PROMPT_TAB_IDS = ["template", "render", "compare", "usage", "code"] as const;
export type PromptTabId = (typeof PROMPT_TAB_IDS)[number];

/** What the page of a prompt shows: a version, a part of the page, two versions to compare. */
export interface PromptPlace {
  v?: number | null;
  tab?: PromptTabId | null;
  a?: number | null;
  b?: number | null;
}

/** The address of a prompt's page; its name may hold slashes. */
export function promptHref(name: string, place: PromptPlace = {}): `/prompts/${string}` {
  const query = new URLSearchParams(
    Object.entries(place).flatMap(([field, value]) =>
      value === null || value === undefined ? [] : [[field, String(value)]],
    ),
  ).toString();
  return `/prompts/${encodeURIComponent(name)}${query === "" ? "" : `?${query}`}`;
}

/** The editor of a prompt's next version, beginning with one that there is. */
export function editHref(name: string, from: number): `/prompts/${string}/edit?from=${number}` {
  return `/prompts/${encodeURIComponent(name)}/edit?from=${from}`;
}

/** The name in an address, as Next hands it over: as it was written. */
export function nameIn(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
