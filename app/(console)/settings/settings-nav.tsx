"use client";

import type { Route } from "next";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { cn } from "../../_ui/cn.ts";
import { focusRing } from "../../_ui/primitives/focus-ring.ts";

const SECTIONS = [
  { href: "/settings/general", label: "General" },
  { href: "/settings/sso", label: "Single sign-on" },
  { href: "/settings/retention", label: "Retention" },
  { href: "/settings/pricing", label: "Pricing" },
  { href: "/settings/security", label: "Security" },
  { href: "/settings/about", label: "About" },
] as const;

/** The sections of the settings; on a narrow screen one row that scrolls sideways. */
export function SettingsNav() {
  const pathname = usePathname();
  return (
    <nav aria-label="Settings" className="min-w-0">
      <ul className="flex gap-1 overflow-x-auto md:sticky md:top-16 md:flex-col">
        {SECTIONS.map(({ href, label }) => {
          const isHere = pathname === href || pathname.startsWith(`${href}/`);
          return (
            <li key={href} className="shrink-0">
              <Link
                href={href as Route}
                aria-current={isHere ? "page" : undefined}
                className={cn(
                  focusRing,
                  "block rounded-md px-3 py-1.5 text-sm transition-colors duration-100 hover:bg-muted motion-reduce:transition-none",
                  isHere ? "bg-muted font-medium text-fg" : "text-muted-fg",
                )}
              >
                {label}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
