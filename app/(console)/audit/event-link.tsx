"use client";

import type { Route } from "next";
import Link from "next/link";
import { usePathname, useSearchParams } from "next/navigation";
import type { AuditEvent } from "#lib/contract/audit.ts";
import { formatTime } from "../../_ui/format-time.ts";
import { useClock } from "../../_ui/viewer-context.tsx";
import { useAuditEvent } from "./use-audit-event.ts";

export interface EventLinkProps {
  event: Pick<AuditEvent, "id" | "at">;
}

/** When it happened, and the way to the whole event; opens in a tab of its own as any link does. */
export function EventLink({ event }: EventLinkProps) {
  const pathname = usePathname();
  const query = new URLSearchParams(useSearchParams());
  const [, open] = useAuditEvent();
  query.set("event", event.id);
  return (
    <Link
      href={`${pathname}?${query}` as Route}
      scroll={false}
      prefetch={false}
      onNavigate={(navigation) => {
        // The list has the event already: nothing has to be asked for. Another tab asks by itself.
        navigation.preventDefault();
        open(event.id);
      }}
      className="whitespace-nowrap tabular-nums underline-offset-4 hover:underline"
    >
      <time dateTime={event.at} suppressHydrationWarning>
        {formatTime(event.at, useClock())}
      </time>
    </Link>
  );
}
