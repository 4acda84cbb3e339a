"use client";

import type { Route } from "next";
import Link from "next/link";
import { usePathname, useSearchParams } from "next/navigation";
import { cn } from "../../_ui/cn.ts";
import { EmptyState } from "../../_ui/empty-state.tsx";
import { buttonClass } from "../../_ui/primitives/button.tsx";
import { RangeLink } from "../../_ui/range-link.tsx";

/** How usage is looked at stays when the filters go. */
const KEPT = ["range", "from", "to", "metric", "group", "then", "rollup", "top", "cmp"];

/** No request of the range matches. */
export function NothingFound() {
  const pathname = usePathname();
  const query = new URLSearchParams(useSearchParams());
  const kept = new URLSearchParams([...query].filter(([name]) => KEPT.includes(name)));
  const hasFilters = kept.size < query.size;
  return (
    <EmptyState
      title={hasFilters ? "No data for these filters." : "No requests in this time."}
      action={
        <div className="flex flex-wrap justify-center gap-2">
          {hasFilters ? (
            <Link href={`${pathname}?${kept}` as Route} className={cn(buttonClass())}>
              Clear filters
            </Link>
          ) : null}
          <RangeLink range="90d">Widen to 90 days</RangeLink>
        </div>
      }
    />
  );
}
