"use client";

import type { Route } from "next";
import Link from "next/link";
import type { KeyListRow } from "#lib/contract/api-key-list.ts";
import type { TeamInfo } from "#lib/contract/team.ts";
import { BudgetBar } from "../../../_ui/budget-bar.tsx";
import { type Column, DataTable } from "../../../_ui/data-table.tsx";
import { EmptyState } from "../../../_ui/empty-state.tsx";
import { formatCount } from "../../../_ui/format.ts";
import { Timestamp } from "../../../_ui/timestamp.tsx";

export interface KeysTabProps {
  team: TeamInfo;
  keys: readonly KeyListRow[];
  hasMore: boolean;
}

const nameOf = (key: KeyListRow) => key.alias ?? key.key_prefix;

const COLUMNS: readonly Column<KeyListRow>[] = [
  {
    id: "name",
    header: "Name",
    cell: (key) => (
      <Link href={`/keys/${key.id}` as Route} className="break-words hover:underline">
        {nameOf(key)}
      </Link>
    ),
  },
  { id: "owner", header: "Owner", mobile: "line", cell: (key) => key.user_email },
  {
    id: "budget",
    header: "Budget",
    mobile: "line",
    cell: (key) => (
      <BudgetBar
        name={nameOf(key)}
        spentUsd={key.spend_usd}
        limitUsd={key.budget_limit_usd}
        period={key.budget_period}
        resetsAt={key.resets_at}
      />
    ),
  },
  {
    id: "requests",
    header: "Requests, 24 h",
    align: "end",
    cell: (key) => formatCount(key.requests_24h),
  },
  {
    id: "used",
    header: "Last used",
    cell: (key) => <Timestamp at={key.last_used_at} style="relative" fallback="Never" />,
  },
];

/** The keys of a team; everything about one is on its own page. */
export function KeysTab({ team, keys, hasMore }: KeysTabProps) {
  const all = `/keys?team=${team.id}` as Route;
  return (
    <div className="flex flex-col gap-3">
      <DataTable
        name="team-keys"
        caption={`Keys of ${team.name}`}
        columns={COLUMNS}
        rows={keys}
        rowId={({ id }) => id}
        empty={
          <EmptyState title="No keys yet.">
            A key that is created for this team is held to its limits.
          </EmptyState>
        }
      />
      <p className="text-muted-fg text-sm">
        {hasMore ? "These are the latest 50. " : ""}
        <Link href={all} className="text-primary underline-offset-4 hover:underline">
          Open them in Keys
        </Link>
      </p>
    </div>
  );
}
