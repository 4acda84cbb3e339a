"use client";

import Link from "next/link";
import type { RequestLogInfo } from "#lib/contract/request-log.ts";
import { type Column, DataTable } from "../../../_ui/data-table.tsx";
import { Duration } from "../../../_ui/duration.tsx";
import { EmptyState } from "../../../_ui/empty-state.tsx";
import { Money } from "../../../_ui/money.tsx";
import { buttonClass } from "../../../_ui/primitives/button.tsx";
import { StatusChip } from "../../../_ui/status-chip.tsx";
import { Timestamp } from "../../../_ui/timestamp.tsx";

interface RequestsTabProps {
  id: string;
  logs: readonly RequestLogInfo[];
}

/** The last few requests that it answered; the log page has all of them. */
export function RequestsTab({ id, logs }: RequestsTabProps) {
  return (
    <DataTable
      name="deployment-requests"
      caption="Last requests"
      columns={COLUMNS}
      rows={logs}
      rowId={(log) => log.id}
      toolbar={
        <Link href={`/logs?dep=${id}`} className={buttonClass({ variant: "outline" })}>
          All requests of this deployment
        </Link>
      }
      empty={
        <EmptyState title="No requests.">
          Nothing that you may see was answered by it yet.
        </EmptyState>
      }
    />
  );
}

const COLUMNS: readonly Column<RequestLogInfo>[] = [
  {
    id: "time",
    header: "Time",
    cell: (log) => (
      <Link href={`/logs/${log.id}`} className="hover:underline">
        <Timestamp at={log.created_at} />
      </Link>
    ),
  },
  {
    id: "status",
    header: "Status",
    mobile: "side",
    cell: (log) => (
      <StatusChip outcome={log.outcome} errorCode={log.error_code} status={log.status} />
    ),
  },
  { id: "asked", header: "Asked for", mobile: "line", cell: (log) => log.model_asked },
  {
    id: "cost",
    header: "Cost",
    align: "end",
    cell: (log) => <Money usd={log.cost_usd} kind="request" />,
  },
  {
    id: "latency",
    header: "Latency",
    align: "end",
    mobile: "line",
    cell: (log) => <Duration ms={log.latency_ms} />,
  },
  {
    id: "error",
    header: "Error",
    cell: (log) => (
      <span className="block max-w-80 truncate text-muted-fg" title={log.error_code ?? undefined}>
        {log.error_code}
      </span>
    ),
  },
];
