"use client";

import type { Route } from "next";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useTransition } from "react";

export type QueryChange = Readonly<Record<string, string | null>>;

interface TableQuery {
  /** Goes to the same page with other parameters; `null` takes one away. */
  go: (change: QueryChange) => void;
  /** Whether the answer is still under way; the old rows stay until it is here. */
  isPending: boolean;
  /** A parameter as it is now. */
  get: (name: string) => string | null;
}

/** The part of the address that a table owns: its order and its place in the list. */
export function useTableQuery(): TableQuery {
  const router = useRouter();
  const pathname = usePathname();
  const search = useSearchParams();
  const [isPending, startTransition] = useTransition();
  return {
    go: (change) => {
      const next = new URLSearchParams(search);
      for (const [name, value] of Object.entries(change)) {
        if (value === null) {
          next.delete(name);
        } else {
          next.set(name, value);
        }
      }
      const query = next.size === 0 ? "" : `?${next}`;
      // The page's own address, which exists, with other parameters.
      startTransition(() => router.push(`${pathname}${query}` as Route, { scroll: false }));
    },
    isPending,
    get: (name) => search.get(name),
  };
}
