"use client";

import { ChevronDown, ChevronUp, Expand, X } from "lucide-react";
import Link from "next/link";
import { useRef } from "react";
import type { LogNeighbours } from "#lib/contract/log-list.ts";
import type { RequestLogDetail } from "#lib/contract/request-log.ts";
import { withBasePath } from "../../../_ui/base-path.ts";
import { CopyButton } from "../../../_ui/copy-button.tsx";
import { ErrorCard } from "../../../_ui/error-card.tsx";
import { Button, buttonClass } from "../../../_ui/primitives/button.tsx";
import { Skeleton } from "../../../_ui/primitives/skeleton.tsx";
import { useShortcut } from "../../../_ui/shell/use-shortcut.ts";
import { useIsland } from "../../../_ui/use-island.ts";
import { pageChangeFor } from "../list/current-page.ts";
import { useListQuery } from "../use-list-query.tsx";
import { useLogUrl } from "../use-log-url.ts";
import { DrawerFrame } from "./drawer-frame.tsx";
import { LogActions } from "./log-actions.tsx";
import { LogEntry } from "./log-entry.tsx";
import { LogHeading } from "./log-heading.tsx";

type Answer = LogNeighbours & { log: RequestLogDetail };

export interface LogDrawerProps {
  id: string;
}

/** One request beside the list, which stays usable. */
export function LogDrawer({ id }: LogDrawerProps) {
  const url = useLogUrl();
  const query = useListQuery();
  const { data, error, refresh, isLoading } = useIsland<Answer>(
    `/api/console/logs/${encodeURIComponent(id)}${query === "" ? "" : `?${query}`}`,
  );
  const last = useRef<Answer>(undefined);
  last.current = data ?? (error === null ? last.current : undefined);
  const shown = last.current;

  const walk = (direction: "newer" | "older") => {
    const next = data?.[direction] ?? null;
    if (next !== null) {
      const cursor = pageChangeFor(next, direction);
      if (cursor === null) {
        url.show({ log: next });
      } else {
        url.go({ cursor, log: next });
      }
    }
  };
  const close = () => {
    url.show({ log: null, tab: null, wide: null });
    document.querySelector<HTMLElement>(`a[href$="/logs/${CSS.escape(id)}"]`)?.focus();
  };
  useShortcut("j", () => walk("older"), { label: "Next request of the list", priority: 10 });
  useShortcut("k", () => walk("newer"), { label: "Previous request of the list", priority: 10 });
  useShortcut("Escape", close, { label: "Close the request", priority: 10 });

  return (
    <DrawerFrame
      label="Request"
      bar={
        <>
          <Walk direction="newer" id={data?.newer} onWalk={walk} />
          <Walk direction="older" id={data?.older} onWalk={walk} />
          <span className="flex-1" />
          <CopyLink id={id} />
          <Link
            href={`/logs/${encodeURIComponent(id)}`}
            prefetch={false}
            className={buttonClass({ variant: "ghost", size: "icon-sm" })}
            aria-label="Open as a page"
            title="Open as a page"
          >
            <Expand aria-hidden />
          </Link>
          <Button
            variant="ghost"
            size="icon-sm"
            aria-label="Close"
            title="Close (Esc)"
            onClick={close}
          >
            <X aria-hidden />
          </Button>
        </>
      }
    >
      {error === null ? null : (
        <ErrorCard
          title="Could not show the request."
          errorId={error.requestId ?? undefined}
          onRetry={refresh}
          isRetrying={isLoading}
        >
          {error.message}
        </ErrorCard>
      )}
      {shown === undefined ? (
        error === null && <DrawerSkeleton />
      ) : (
        <div
          className="flex flex-col gap-4 transition-opacity aria-busy:opacity-60"
          aria-busy={shown.log.id !== id}
        >
          <LogHeading log={shown.log} />
          <div className="flex flex-wrap gap-2">
            <LogActions log={shown.log} />
          </div>
          <LogEntry key={shown.log.id} log={shown.log} />
        </div>
      )}
    </DrawerFrame>
  );
}

interface WalkProps {
  direction: "newer" | "older";
  id: string | null | undefined;
  onWalk: (direction: "newer" | "older") => void;
}

function Walk({ direction, id, onWalk }: WalkProps) {
  const isNewer = direction === "newer";
  const name = isNewer ? "Previous request" : "Next request";
  return (
    <Button
      variant="ghost"
      size="icon-sm"
      aria-label={name}
      title={`${name} (${isNewer ? "K" : "J"})`}
      aria-disabled={id == null}
      onClick={() => onWalk(direction)}
    >
      {isNewer ? <ChevronUp aria-hidden /> : <ChevronDown aria-hidden />}
    </Button>
  );
}

function CopyLink({ id }: LogDrawerProps) {
  // The address is never shown, so that the server needs none.
  const origin = typeof window === "undefined" ? "" : window.location.origin;
  return <CopyButton text={`${origin}${withBasePath(`/logs/${id}`)}`} what="link" />;
}

function DrawerSkeleton() {
  return (
    <div className="flex flex-col gap-4" role="status" aria-label="Loading the request">
      <Skeleton className="h-6 w-3/4" />
      <Skeleton className="h-10 w-full" />
      <Skeleton className="h-9 w-full" />
      <Skeleton className="h-48 w-full" />
    </div>
  );
}
