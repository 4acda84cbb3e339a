"use client";

import Link from "next/link";
import type { DeploymentBoardRow } from "#lib/contract/deployment-board.ts";
import { DataTable } from "../../_ui/data-table.tsx";
import { EmptyState } from "../../_ui/empty-state.tsx";
import { Button, buttonClass } from "../../_ui/primitives/button.tsx";
import type { IgnoredParam } from "../../_ui/search-params.ts";
import { useTableQuery } from "../../_ui/use-table-query.ts";
import type { BoardQuery } from "./board-query.ts";
import { BoardToolbar, NO_FILTERS } from "./board-toolbar.tsx";
import { COLUMNS, EDITOR_COLUMNS } from "./deployment-columns.tsx";

export interface DeploymentTableProps {
  rows: readonly DeploymentBoardRow[];
  query: BoardQuery;
  ignored: readonly IgnoredParam[];
  /** Whether the address narrows the list. */
  isNarrowed: boolean;
  providers: readonly string[];
  aliases: readonly string[];
  mayEdit: boolean;
}

/** Every deployment with its share, its circuit and its last 24 hours. */
export function DeploymentTable({
  rows,
  query,
  ignored,
  isNarrowed,
  providers,
  aliases,
  mayEdit,
}: DeploymentTableProps) {
  return (
    <DataTable
      name="deployments"
      caption="Deployments"
      columns={mayEdit ? EDITOR_COLUMNS : COLUMNS}
      rows={rows}
      rowId={(row) => row.deployment.id}
      sort={{ key: query.sort, dir: query.dir }}
      toolbar={
        <BoardToolbar query={query} ignored={ignored} providers={providers} aliases={aliases} />
      }
      empty={isNarrowed ? <NothingMatches /> : <NothingYet mayEdit={mayEdit} />}
    />
  );
}

function NothingMatches() {
  const { go } = useTableQuery();
  return (
    <EmptyState
      title="No deployments match."
      action={<Button onClick={() => go(NO_FILTERS)}>Clear filters</Button>}
    />
  );
}

function NothingYet({ mayEdit }: { mayEdit: boolean }) {
  return mayEdit ? (
    <EmptyState
      title="No deployments."
      action={
        <Link href="/models/new" className={buttonClass({ variant: "primary" })}>
          Add deployment
        </Link>
      }
    >
      Add a provider to start routing.
    </EmptyState>
  ) : (
    <EmptyState title="No deployments.">Ask an admin to add a provider.</EmptyState>
  );
}
