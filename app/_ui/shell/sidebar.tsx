"use client";

import { PanelLeftClose, PanelLeftOpen } from "lucide-react";
import { cn } from "../cn.ts";
import { Button } from "../primitives/button.tsx";
import { usePreferences, useViewer } from "../viewer-context.tsx";
import { NAV_GROUPS, navFor } from "./nav.ts";
import { NavLink } from "./nav-link.tsx";
import { Wordmark } from "./wordmark.tsx";

/** The list of pages: words from 1280 px on, icons from 768, a bar at the bottom below that. */
export function Sidebar() {
  const { role } = useViewer();
  const { preferences, save } = usePreferences();
  const isCollapsed = preferences.sidebar === "collapsed";
  const rows = navFor(role);
  return (
    <aside
      className={cn(
        "sticky top-0 hidden h-dvh shrink-0 flex-col border-border border-r bg-surface md:flex md:w-14",
        isCollapsed ? "xl:w-14" : "xl:w-58",
      )}
    >
      <div className="flex h-12 shrink-0 items-center border-border border-b px-3">
        <Wordmark isMarkOnly={isCollapsed} />
      </div>
      <nav aria-label="Pages" className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto p-2">
        {NAV_GROUPS.map((group) => {
          const pages = rows.filter((row) => row.group === group);
          return pages.length === 0 ? null : (
            <div key={group} className="flex flex-col gap-0.5">
              <p
                className={cn(
                  "px-2.5 pb-1 text-muted-fg text-xs max-xl:sr-only",
                  isCollapsed && "sr-only",
                )}
              >
                {group}
              </p>
              {pages.map((row) => (
                <NavLink key={row.href} row={row} look="side" isCollapsed={isCollapsed} />
              ))}
            </div>
          );
        })}
      </nav>
      <div className="hidden border-border border-t p-2 xl:block">
        <Button
          variant="ghost"
          size="icon"
          aria-label={isCollapsed ? "Widen the sidebar" : "Narrow the sidebar"}
          aria-expanded={!isCollapsed}
          onClick={() => void save({ sidebar: isCollapsed ? "open" : "collapsed" })}
        >
          {isCollapsed ? <PanelLeftOpen aria-hidden /> : <PanelLeftClose aria-hidden />}
        </Button>
      </div>
    </aside>
  );
}
