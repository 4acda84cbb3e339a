"use client";

import { type ReactNode, useEffect, useState } from "react";
import type { LogListPage, LogSort } from "#lib/contract/log-list.ts";
import { DataTable } from "../../../_ui/data-table.tsx";
import { formatCount } from "../../../_ui/format.ts";
import { Button } from "../../../_ui/primitives/button.tsx";
import { useShortcut } from "../../../_ui/shell/use-shortcut.ts";
import { LiveBar } from "../live/live-bar.tsx";
import { mergeRows, useLiveTail } from "../live/use-live-tail.ts";
import { useListQuery } from "../use-list-query.tsx";
import { useLogUrl } from "../use-log-url.ts";
import { publishPage } from "./current-page.ts";
import { logColumns } from "./log-columns.tsx";

export interface LogTableProps {
  page: LogListPage;
  sort: { key: LogSort; dir: "asc" | "desc" };
  /** Whether the range is short enough to be ordered by cost or latency. */
  canSort: boolean;
  /** Whether the range ends now: only then there is something to follow. */
  canFollow: boolean;
  /** When the page was read. */
  readAtMs: number;
  /** How many requests match. */
  summary: ReactNode;
  empty: ReactNode;
}

/** The rows of a page, and above them what ends while somebody looks. */
export function LogTable({
  page,
  sort,
  canSort,
  canFollow,
  readAtMs,
  summary,
  empty,
}: LogTableProps) {
  const url = useLogUrl();
  const query = useListQuery();
  const openId = url.params.get("log");
  // A list that somebody reads stands still, until they say that it may go on.
  const [hold, setHold] = useState<"no" | "reading" | "resumed">("no");
  const [isScrolled, setScrolled] = useState(false);
  const isRead = hold === "reading" || isScrolled || openId !== null;
  const isLive = canFollow && url.params.get("live") === "1" && !url.params.has("cursor");
  const tail = useLiveTail({
    isOn: isLive,
    isHeld: isRead && hold !== "resumed",
    query,
    sinceMs: readAtMs,
  });
  const rows = isLive ? mergeRows(tail.rows, page.logs).slice(0, 500) : page.logs;
  const open = (id: string) => url.show({ log: id });

  useEffect(() => {
    publishPage({ ids: rows.map(({ id }) => id), older: page.older, newer: page.newer });
  });
  useShortcut("[", () => page.newer !== null && url.go({ cursor: page.newer }), {
    label: "Go to newer requests",
  });
  useShortcut("]", () => page.older !== null && url.go({ cursor: page.older }), {
    label: "Go to older requests",
  });

  return (
    <div
      className="flex min-w-0 flex-col gap-2"
      onPointerEnter={() => setHold("reading")}
      onPointerLeave={() => setHold("no")}
      onScrollCapture={({ target }) =>
        setScrolled(target instanceof Element && target.scrollTop > 0)
      }
    >
      {isLive ? <LiveBar tail={tail} onResume={() => setHold("resumed")} /> : null}
      <DataTable
        name="logs"
        caption="Requests"
        columns={logColumns({
          onOpen: open,
          longestMs: Math.max(0, ...rows.map(({ latency_ms }) => latency_ms)),
          canSort,
        })}
        rows={rows}
        rowId={({ id }) => id}
        onRowOpen={({ id }) => open(id)}
        openRowId={openId}
        empty={empty}
        isRefreshing={url.isPending}
        sort={sort}
        toolbar={
          page.new_count === 0 ? null : (
            <Button onClick={() => url.go({ cursor: null })}>
              {formatCount(page.new_count)} new
            </Button>
          )
        }
        paging={{
          older: page.older === null ? null : { cursor: page.older },
          newer: page.newer === null ? null : { cursor: page.newer },
          summary: <Summary counted={summary} followed={tail.rows.length} />,
        }}
      />
    </div>
  );
}

interface SummaryProps {
  counted: ReactNode;
  /** Rows that the live tail has added since the others were counted. */
  followed: number;
}

function Summary({ counted, followed }: SummaryProps) {
  return (
    <>
      {counted}
      {followed === 0 ? null : <span>, {formatCount(followed)} more since then</span>}
    </>
  );
}
