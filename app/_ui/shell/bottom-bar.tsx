"use client";

import { Menu as MenuIcon } from "lucide-react";
import { useState } from "react";
import { cn } from "../cn.ts";
import { focusRing } from "../primitives/focus-ring.ts";
import { Sheet, SheetBody, SheetContent, SheetHeader, SheetTitle } from "../primitives/sheet.tsx";
import { useViewer } from "../viewer-context.tsx";
import { BOTTOM_BAR, NAV_GROUPS, navFor } from "./nav.ts";
import { NavLink } from "./nav-link.tsx";

/** The way around on a phone: three pages, and all of them behind More. */
export function BottomBar() {
  const [isOpen, setIsOpen] = useState(false);
  const rows = navFor(useViewer().role);
  return (
    <nav
      aria-label="Main pages"
      className="fixed inset-x-0 bottom-0 flex border-border border-t bg-surface pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {rows
        .filter(({ href }) => BOTTOM_BAR.includes(href))
        .map((row) => (
          <NavLink key={row.href} row={row} look="bar" />
        ))}
      <button
        type="button"
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(true)}
        className={cn(
          focusRing,
          "flex h-14 min-w-0 flex-1 flex-col items-center justify-center gap-0.5 rounded-md font-medium text-muted-fg text-xs",
        )}
      >
        <MenuIcon aria-hidden className="size-4" />
        More
      </button>
      <Sheet open={isOpen} onOpenChange={setIsOpen}>
        <SheetContent>
          <SheetHeader>
            <SheetTitle>All pages</SheetTitle>
          </SheetHeader>
          <SheetBody className="flex flex-col gap-4">
            {NAV_GROUPS.map((group) => {
              const pages = rows.filter((row) => row.group === group);
              return pages.length === 0 ? null : (
                <section key={group} aria-label={group}>
                  <p className="px-3 pb-1 text-muted-fg text-xs">{group}</p>
                  {pages.map((row) => (
                    <NavLink
                      key={row.href}
                      row={row}
                      look="list"
                      onNavigate={() => setIsOpen(false)}
                    />
                  ))}
                </section>
              );
            })}
          </SheetBody>
        </SheetContent>
      </Sheet>
    </nav>
  );
}
