/** Names that the page of the cache needs in a browser, where no schema is loaded for them. */
export const CACHE_KINDS = ["exact", "semantic"] as const;

export const CACHE_TABS = ["overview", "entries", "similarity", "settings"] as const;
