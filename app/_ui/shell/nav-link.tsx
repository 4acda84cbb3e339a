"use client";

import type { Route } from "next";
import Link from "next/link";
import { usePathname, useSearchParams } from "next/navigation";
import { cn } from "../cn.ts";
import { focusRing } from "../primitives/focus-ring.ts";
import { carriedHref } from "./carried-query.ts";
import { type NavRow, navRowOf } from "./nav.ts";

export interface NavLinkProps {
  row: NavRow;
  /** `side` loses its words where the sidebar is narrow, `bar` has them below its icon. */
  look: "side" | "bar" | "list";
  isCollapsed?: boolean;
  onNavigate?: () => void;
}

const LOOKS = {
  side: "h-8 gap-2.5 px-2.5 text-sm",
  list: "h-11 gap-3 px-3 text-sm",
  bar: "h-14 min-w-0 flex-1 flex-col justify-center gap-0.5 text-xs",
} as const;

/** A link to a page that takes the team, the time and the filters along. */
export function NavLink({ row, look, isCollapsed = false, onNavigate }: NavLinkProps) {
  const isCurrent = navRowOf(usePathname())?.href === row.href;
  const query = useSearchParams();
  const Icon = row.icon;
  const words = cn(
    look === "side" && "max-xl:sr-only",
    look === "side" && isCollapsed && "sr-only",
  );
  return (
    <Link
      // A page is made anew for each look: fetching all of them ahead would keep the server busy.
      prefetch={false}
      {...(isCurrent ? { "aria-current": "page" as const } : {})}
      {...(look === "side" ? { title: titleOf(row) } : {})}
      {...(onNavigate === undefined ? {} : { onClick: onNavigate })}
      // Addresses of the table of pages; the types of routes know only literal ones.
      href={carriedHref(row, new URLSearchParams(query)) as Route}
      className={cn(
        focusRing,
        "flex items-center rounded-md font-medium text-muted-fg hover:bg-muted hover:text-fg",
        LOOKS[look],
        look === "side" && "max-xl:justify-center max-xl:px-0",
        look === "side" && isCollapsed && "justify-center px-0",
        isCurrent && (look === "bar" ? "text-primary" : "bg-muted text-fg"),
      )}
    >
      <Icon aria-hidden className={cn("size-4 shrink-0", isCurrent && "text-primary")} />
      <span className={words}>{row.label}</span>
    </Link>
  );
}

function titleOf({ label, key }: NavRow): string {
  return key === undefined ? label : `${label} (g then ${key})`;
}
