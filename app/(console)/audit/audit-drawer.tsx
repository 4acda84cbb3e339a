"use client";

import type { Route } from "next";
import Link from "next/link";
import type { AuditEvent } from "#lib/contract/audit.ts";
import { cn } from "../../_ui/cn.ts";
import { ErrorCard } from "../../_ui/error-card.tsx";
import { buttonClass } from "../../_ui/primitives/button.tsx";
import {
  Sheet,
  SheetBody,
  SheetContent,
  SheetDescription,
  SheetHeader,
  SheetTitle,
} from "../../_ui/primitives/sheet.tsx";
import { Skeleton } from "../../_ui/primitives/skeleton.tsx";
import { useIsland } from "../../_ui/use-island.ts";
import { AuditDetail } from "./audit-detail.tsx";
import { useAuditEvent } from "./use-audit-event.ts";

export interface AuditDrawerProps {
  /** The events of the list; one that is not among them is asked for. */
  events: readonly AuditEvent[];
}

/** One event beside the list, by `?event=`. */
export function AuditDrawer({ events }: AuditDrawerProps) {
  const [id, open] = useAuditEvent();
  const listed = events.find((event) => event.id === id);
  const asked = useIsland<AuditEvent>(
    id === null || listed !== undefined ? null : `/api/console/audit/${encodeURIComponent(id)}`,
  );
  const { error, refresh, isLoading } = asked;
  const data = listed ?? asked.data;
  return (
    <Sheet open={id !== null} onOpenChange={(isOpen) => (isOpen ? undefined : open(null))}>
      <SheetContent className="sm:w-[36rem]">
        <SheetHeader>
          <SheetTitle className="break-all font-mono text-sm">{data?.action ?? "Event"}</SheetTitle>
          <SheetDescription>
            {data === undefined
              ? "An event of the audit log"
              : `Event ${data.sequence} of the chain`}
          </SheetDescription>
        </SheetHeader>
        <SheetBody>
          {error === null ? (
            <Loaded event={data} />
          ) : (
            <ErrorCard
              title={error.status === 404 ? "This event is not here." : "Could not load the event."}
              errorId={error.requestId ?? undefined}
              onRetry={refresh}
              isRetrying={isLoading}
            >
              {error.message}
            </ErrorCard>
          )}
        </SheetBody>
      </SheetContent>
    </Sheet>
  );
}

interface LoadedProps {
  event: AuditEvent | undefined;
}

function Loaded({ event }: LoadedProps) {
  if (event === undefined) {
    return (
      <div className="flex flex-col gap-4">
        <Skeleton className="h-40" />
        <Skeleton className="h-56" />
      </div>
    );
  }
  const { target_type: target, target_id: id } = event;
  const query = new URLSearchParams({ target, ...(id === null ? {} : { target_id: id }) });
  return (
    <div className="flex flex-col gap-4">
      <AuditDetail event={event} />
      {id === null ? null : (
        <Link href={`/audit?${query}` as Route} className={cn(buttonClass(), "self-start")}>
          All events for this target
        </Link>
      )}
    </div>
  );
}
