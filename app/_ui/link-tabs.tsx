"use client";

import type { Route } from "next";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { tabClass, tabListClass } from "./primitives/tabs.tsx";

export interface LinkTabsProps {
  /** What the views are of, for screen readers. */
  label: string;
  /** The first one is the page without `?tab=`. */
  tabs: readonly { id: string; label: string; count?: number }[];
  current: string;
}

/** Views of one page under `?tab=`: `<LinkTabs label="Views" tabs={TABS} current={tab} />`. */
export function LinkTabs({ label, tabs, current }: LinkTabsProps) {
  const pathname = usePathname();
  return (
    <nav aria-label={label} className={tabListClass}>
      {tabs.map((tab, index) => (
        <Link
          key={tab.id}
          href={(index === 0 ? pathname : `${pathname}?tab=${tab.id}`) as Route}
          aria-current={tab.id === current ? "page" : undefined}
          scroll={false}
          className={tabClass}
        >
          {tab.label}
          {tab.count === undefined ? null : (
            <span className="text-muted-fg tabular-nums">{tab.count}</span>
          )}
        </Link>
      ))}
    </nav>
  );
}
