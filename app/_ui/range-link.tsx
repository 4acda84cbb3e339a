"use client";

import type { Route } from "next";
import Link from "next/link";
import { usePathname, useSearchParams } from "next/navigation";
import type { ReactNode } from "react";
import type { RangeToken } from "#lib/contract/time-range.ts";
import { cn } from "./cn.ts";
import { buttonClass } from "./primitives/button.tsx";

export interface RangeLinkProps {
  range: RangeToken;
  children: ReactNode;
}

/** The same page for another time, everything else as it is: `<RangeLink range="7d">Widen to 7 days</RangeLink>`. */
export function RangeLink({ range, children }: RangeLinkProps) {
  const pathname = usePathname();
  const query = new URLSearchParams(useSearchParams());
  query.delete("from");
  query.delete("to");
  query.set("range", range);
  return (
    <Link href={`${pathname}?${query}` as Route} className={cn(buttonClass())}>
      {children}
    </Link>
  );
}
