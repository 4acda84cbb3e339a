"use client";

import type { Route } from "next";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useTransition } from "react";
import { writeLogFilter } from "#lib/contract/log-filter.ts";
import { readLogRequest } from "#lib/contract/log-request.ts";

export type UrlChange = Readonly<Record<string, string | null>>;

export interface LogUrl {
  params: URLSearchParams;
  /** Asks the server for another list. What is not a turn of the page begins at the first one. */
  go: (change: UrlChange) => void;
  /** Changes what lies over the list, which stays as it is: the drawer, its tab, the live tail. */
  show: (change: UrlChange) => void;
  /** Reads the present list anew. */
  refresh: () => void;
  /** Whether a list is on its way. */
  isPending: boolean;
}

/** The address of the list, which is all of its state. */
export function useLogUrl(): LogUrl {
  const router = useRouter();
  const pathname = usePathname();
  const search = useSearchParams();
  const [isPending, startTransition] = useTransition();
  const params = new URLSearchParams(search);
  return {
    params,
    go: (change) => {
      const isPageTurn = "cursor" in change;
      const next = changed(params, isPageTurn ? change : { cursor: null, log: null, ...change });
      // The page's own address, which exists, with other parameters.
      startTransition(() => router.push(`${pathname}${next}` as Route, { scroll: false }));
    },
    show: (change) => {
      window.history.pushState(null, "", `${window.location.pathname}${changed(params, change)}`);
    },
    refresh: () => startTransition(() => router.refresh()),
    isPending,
  };
}

function changed(params: URLSearchParams, change: UrlChange): string {
  const next = new URLSearchParams(params);
  for (const [name, value] of Object.entries(change)) {
    if (value === null || value === "") {
      next.delete(name);
    } else {
      next.set(name, value);
    }
  }
  return next.size === 0 ? "" : `?${next}`;
}

/**
 * The part of an address that says which requests a list has, and in what order, as far as it can be
 * read: what the page ignores, its endpoints are not asked for.
 */
export function listQueryOf(params: URLSearchParams): string {
  const context = { nowMs: Date.now(), zone: "UTC" };
  const { filter, range, sort, direction } = readLogRequest(Object.fromEntries(params), context);
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
