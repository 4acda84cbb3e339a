"use client";

import Link from "next/link";
import type { AliasBoardRow } from "#lib/contract/alias-board.ts";
import { Chip } from "../../_ui/chip.tsx";
import { CircuitBadge } from "../../_ui/circuit-badge.tsx";
import { type Column, DataTable } from "../../_ui/data-table.tsx";
import { EmptyState } from "../../_ui/empty-state.tsx";
import { formatCount, UNKNOWN } from "../../_ui/format.ts";
import { Percent } from "../../_ui/percent.tsx";
import { buttonClass } from "../../_ui/primitives/button.tsx";
import { ShareBar } from "./share-bar.tsx";
import { strategyLabel } from "./strategies.ts";

export interface AliasTableProps {
  rows: readonly AliasBoardRow[];
  mayEdit: boolean;
}

/** Every alias with who answers for it. */
export function AliasTable({ rows, mayEdit }: AliasTableProps) {
  return (
    <DataTable
      name="aliases"
      caption="Aliases"
      columns={COLUMNS}
      rows={rows}
      rowId={(row) => row.alias.name}
      empty={
        <EmptyState
          title="No aliases."
          action={
            mayEdit ? (
              <Link href="/routing/new" className={buttonClass({ variant: "primary" })}>
                New alias
              </Link>
            ) : undefined
          }
        >
          Callers can use upstream model names until you add one.
        </EmptyState>
      }
    />
  );
}

const COLUMNS: readonly Column<AliasBoardRow>[] = [
  {
    id: "alias",
    header: "Alias",
    cell: ({ alias }) => (
      <Link
        href={`/routing/${encodeURIComponent(alias.name)}`}
        className="break-all hover:underline"
      >
        {alias.name}
      </Link>
    ),
  },
  {
    id: "strategy",
    header: "Strategy",
    mobile: "line",
    cell: ({ alias }) => strategyLabel(alias.strategy),
  },
  { id: "members", header: "Members", cell: ({ members }) => <ShareBar members={members} /> },
  {
    id: "fallbacks",
    header: "Fallbacks",
    cell: ({ alias }) =>
      alias.fallbacks.length === 0 ? (
        <span className="text-muted-fg">None</span>
      ) : (
        alias.fallbacks.join(", ")
      ),
  },
  {
    id: "requests",
    header: "Requests, 24 h",
    align: "end",
    mobile: "line",
    cell: ({ requests_24h: requests }) => `${formatCount(requests)}`,
  },
  {
    id: "errors",
    header: "Errors",
    align: "end",
    cell: ({ error_rate_24h: rate }) => (rate === null ? UNKNOWN : <Percent ratio={rate} />),
  },
  { id: "state", header: "State", mobile: "side", cell: (row) => <AliasState row={row} /> },
];

/** The state of the alias as a whole: as long as one member is well, it answers. */
function AliasState({ row }: { row: AliasBoardRow }) {
  const active = row.members.filter((member) => member.is_active);
  if (active.length === 0) {
    return <Chip tone="danger">No active member</Chip>;
  }
  const well = active.filter((member) => member.circuit === "closed");
  if (well.length === 0) {
    return <CircuitBadge state="open" />;
  }
  if (well.length < active.length) {
    return (
      <Chip tone="warning">
        {well.length} of {active.length} healthy
      </Chip>
    );
  }
  return active.length === 1 && row.alias.fallbacks.length === 0 ? (
    <Chip>No backup</Chip>
  ) : (
    <CircuitBadge state="closed" />
  );
}
