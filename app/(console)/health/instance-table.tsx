"use client";

import type { InstanceInfo } from "#lib/contract/job.ts";
import { Chip } from "../../_ui/chip.tsx";
import { type Column, DataTable } from "../../_ui/data-table.tsx";
import { EntityId } from "../../_ui/entity-id.tsx";
import { formatBytes, formatCount, formatDuration } from "../../_ui/format.ts";
import { Timestamp } from "../../_ui/timestamp.tsx";

interface InstanceTableProps {
  instances: readonly InstanceInfo[];
}

const MIB = 1024 * 1024;

/** The processes that share the database, as their heartbeats tell. */
export function InstanceTable({ instances }: InstanceTableProps) {
  return (
    <DataTable
      name="instances"
      caption="Processes"
      columns={COLUMNS}
      rows={instances}
      rowId={(instance) => instance.id}
      empty={<p className="text-muted-fg text-sm">No process has told of itself lately.</p>}
    />
  );
}

const COLUMNS: readonly Column<InstanceInfo>[] = [
  { id: "id", header: "Process", cell: ({ id }) => <EntityId id={id} what="process id" /> },
  {
    id: "state",
    header: "State",
    mobile: "side",
    cell: ({ silent }) =>
      silent ? <Chip tone="warning">Silent</Chip> : <Chip tone="success">Alive</Chip>,
  },
  { id: "host", header: "Host", mobile: "line", cell: ({ host }) => host },
  { id: "version", header: "Version", mobile: "line", cell: ({ version }) => version },
  {
    id: "since",
    header: "Started",
    cell: ({ started_at: at }) => <Timestamp at={at} style="relative" />,
  },
  {
    id: "seen",
    header: "Heard of",
    cell: ({ seen_at: at }) => <Timestamp at={at} style="relative" />,
  },
  {
    id: "memory",
    header: "Memory",
    align: "end",
    cell: ({ memory_mib: mib }) => formatBytes(mib * MIB),
  },
  {
    id: "lag",
    header: "Lag",
    align: "end",
    cell: ({ loop_lag_ms: ms }) => formatDuration(ms),
  },
  {
    id: "inFlight",
    header: "In flight",
    align: "end",
    cell: ({ in_flight: count }) => formatCount(count),
  },
  {
    id: "queued",
    header: "Queued",
    align: "end",
    cell: ({ queued }) => formatCount(queued),
  },
  {
    id: "circuits",
    header: "Open circuits",
    align: "end",
    cell: ({ open_circuits: count }) => formatCount(count),
  },
];
