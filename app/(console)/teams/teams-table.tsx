"use client";

import type { Route } from "next";
import Link from "next/link";
import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import type { TeamRow } from "#lib/contract/team-console.ts";
import { BudgetBar } from "../../_ui/budget-bar.tsx";
import { type Column, DataTable } from "../../_ui/data-table.tsx";
import type { TablePaging } from "../../_ui/data-table-footer.tsx";
import { formatCount } from "../../_ui/format.ts";
import { Timestamp } from "../../_ui/timestamp.tsx";

export interface TeamsTableProps {
  teams: readonly TeamRow[];
  paging: TablePaging;
  empty: ReactNode;
}

const pathOf = (team: TeamRow) => `/teams/${team.id}` as Route;

const COLUMNS: readonly Column<TeamRow>[] = [
  {
    id: "name",
    header: "Name",
    cell: (team) => (
      <Link href={pathOf(team)} className="break-words hover:underline">
        {team.name}
      </Link>
    ),
  },
  {
    id: "leads",
    header: "Team admins",
    mobile: "line",
    cell: ({ leads }) => leads.join(", ") || "—",
  },
  {
    id: "members",
    header: "Members",
    align: "end",
    cell: (team) => formatCount(team.member_count),
  },
  { id: "keys", header: "Keys", align: "end", cell: (team) => formatCount(team.key_count) },
  {
    id: "spend",
    header: "Spend",
    mobile: "line",
    cell: (team) => (
      <BudgetBar
        name={team.name}
        spentUsd={team.spend_usd}
        limitUsd={team.budget_limit_usd}
        raiseUsd={team.budget_raise_usd}
        period={team.budget_period}
        resetsAt={team.resets_at}
        softPercent={team.soft_limit_percent}
      />
    ),
  },
  { id: "models", header: "Models", cell: (team) => <ModelList models={team.allowed_models} /> },
  {
    id: "created",
    header: "Created",
    isHidden: true,
    cell: (team) => <Timestamp at={team.created_at} style="day" />,
  },
];

/** The teams that the viewer may see. */
export function TeamsTable({ teams, paging, empty }: TeamsTableProps) {
  const router = useRouter();
  return (
    <DataTable
      name="teams"
      caption="Teams"
      columns={COLUMNS}
      rows={teams}
      rowId={({ id }) => id}
      onRowOpen={(team) => router.push(pathOf(team))}
      paging={paging}
      empty={empty}
    />
  );
}

function ModelList({ models }: { models: readonly string[] | null }) {
  if (models === null) {
    return <span className="text-muted-fg">All</span>;
  }
  return (
    <span className="font-mono text-13" title={models.join(", ")}>
      {models.slice(0, 2).join(", ")}
      {models.length > 2 ? ` and ${models.length - 2} more` : ""}
    </span>
  );
}
