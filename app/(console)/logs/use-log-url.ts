"use client";

import type { Route } from "next";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useTransition } from "react";

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
