"use client";

import type { Route } from "next";
import Link from "next/link";
import type { CacheBoardRow } from "#lib/contract/cache-console.ts";
import { type Column, DataTable } from "../../_ui/data-table.tsx";
import type { TablePaging } from "../../_ui/data-table-footer.tsx";
import { EmptyState } from "../../_ui/empty-state.tsx";
import { formatBytes, formatCount, formatId } from "../../_ui/format.ts";
import { Money } from "../../_ui/money.tsx";
import { Timestamp } from "../../_ui/timestamp.tsx";
import { DeleteEntry } from "./delete-entry.tsx";

export interface EntriesTableProps {
  entries: readonly CacheBoardRow[];
  paging: TablePaging;
  isFiltered: boolean;
  /** Whether answers are kept at all. */
  isOn: boolean;
  isAdmin: boolean;
}

const COLUMNS: readonly Column<CacheBoardRow>[] = [
  {
    id: "question",
    header: "Question",
    cell: ({ question, source_request_id: source }) => (
      <Link
        href={`/logs/${source}` as Route}
        className="block min-w-48 max-w-96 truncate hover:underline"
        title={question ?? "The request that was answered first"}
      >
        {question ?? <span className="font-mono text-13 text-muted-fg">{formatId(source)}</span>}
      </Link>
    ),
  },
  { id: "kind", header: "Kind", mobile: "side", cell: ({ kind }) => KINDS[kind] },
  {
    id: "model",
    header: "Model",
    mobile: "line",
    cell: ({ model }) => <span className="break-all font-mono text-13">{model}</span>,
  },
  { id: "scope", header: "Answers", cell: (entry) => <ScopeName entry={entry} /> },
  { id: "hits", header: "Hits", align: "end", cell: ({ hits }) => formatCount(hits) },
  {
    id: "saved",
    header: "Saved",
    align: "end",
    mobile: "line",
    cell: ({ saved_usd: saved }) => <Money usd={saved} kind="request" />,
  },
  {
    id: "size",
    header: "Size",
    align: "end",
    isHidden: true,
    cell: ({ size_bytes: size }) => formatBytes(size),
  },
  {
    id: "created",
    header: "Created",
    cell: ({ created_at: at }) => <Timestamp at={at} />,
  },
  { id: "expires", header: "Expires", cell: ({ expires_at: at }) => <Timestamp at={at} /> },
];

const KINDS = { exact: "Exact", semantic: "Semantic" } as const;

const DELETE: Column<CacheBoardRow> = {
  id: "actions",
  header: "Actions",
  isFixed: true,
  isPinned: true,
  align: "end",
  cell: ({ id, model }) => <DeleteEntry id={id} model={model} />,
};

/** The stored answers within the viewer's reach. */
export function EntriesTable({ entries, paging, isFiltered, isOn, isAdmin }: EntriesTableProps) {
  return (
    <DataTable
      name="cache-entries"
      caption="Stored answers"
      columns={isAdmin ? [...COLUMNS, DELETE] : COLUMNS}
      rows={entries}
      rowId={({ id }) => id}
      paging={paging}
      empty={
        isFiltered ? (
          <EmptyState title="No stored answers match.">Clear the filters to see all.</EmptyState>
        ) : (
          <EmptyState title={isOn ? "No stored answers yet." : "Cache is off."}>
            {isOn
              ? "A complete answer is kept a moment after it was given."
              : "Nothing is kept while both kinds of matching are off."}
          </EmptyState>
        )
      }
    />
  );
}

/** Whose requests an entry answers. */
function ScopeName({ entry }: { entry: CacheBoardRow }) {
  const { scope, key_alias: alias, key_id: keyId, team_name: team } = entry;
  return scope === "team" ? (
    <span className="break-words">{team ?? "A deleted team"} (team)</span>
  ) : (
    <span className="break-words">{alias ?? formatId(keyId)} (key)</span>
  );
}
