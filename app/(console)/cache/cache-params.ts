import { createParser, parseAsStringLiteral } from "nuqs/server";
import { CACHE_KINDS, CACHE_TABS } from "#lib/contract/cache-names.ts";
import { parseAsOffset } from "../../_ui/offset-paging.ts";
import { teamParam, timeParams } from "../../_ui/search-params.ts";

export const CACHE_RANGE = "7d";
export const CACHE_PAGE = 50;

export const TABS = [
  { id: "overview", label: "Overview" },
  { id: "entries", label: "Stored answers" },
  { id: "similarity", label: "Similarity" },
  { id: "settings", label: "Settings" },
] as const;

/** Postgres stores no NUL, and no model has a longer name. */
const parseAsModel = createParser<string>({
  parse: (text) => (/^[^\0]{1,256}$/.test(text) ? text : null),
  serialize: (name) => name,
});

/** What narrows the list of stored answers, in the address of the page. */
export const entryParams = {
  ...teamParam,
  kind: parseAsStringLiteral(CACHE_KINDS),
  asked: parseAsModel,
  offset: parseAsOffset,
};

export const cacheParams = {
  ...timeParams,
  ...entryParams,
  tab: parseAsStringLiteral(CACHE_TABS).withDefault("overview"),
};
