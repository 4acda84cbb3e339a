"use client";

import type { Route } from "next";
import Link from "next/link";
import { usePathname, useSearchParams } from "next/navigation";
import type { AuditEvent } from "#lib/contract/audit.ts";
import { formatTime } from "../../_ui/format-time.ts";
import { useClock } from "../../_ui/viewer-context.tsx";

export interface EventLinkProps {
  event: Pick<AuditEvent, "id" | "at">;
}

/** When it happened, and the way to the whole event; opens in a tab of its own as any link does. */
export function EventLink({ event }: EventLinkProps) {
  const pathname = usePathname();
  const query = new URLSearchParams(useSearchParams());
  query.set("event", event.id);
  return (
    <Link
      href={`${pathname}?${query}` as Route}
      scroll={false}
      prefetch={false}
      className="whitespace-nowrap tabular-nums underline-offset-4 hover:underline"
    >
      <time dateTime={event.at} suppressHydrationWarning>
        {formatTime(event.at, useClock())}
      </time>
    </Link>
  );
}
