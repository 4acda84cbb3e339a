"use client";

import {
  columnVisibilityFeature,
  type RowSelectionState,
  rowSelectionFeature,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { type ReactNode, useMemo, useState } from "react";
import { cn } from "./cn.ts";
import { ColumnChooser } from "./column-chooser.tsx";
import { DataTableFooter, type TablePaging } from "./data-table-footer.tsx";
import { DataTableHead, type TableSort } from "./data-table-head.tsx";
import { DataTableRow } from "./data-table-row.tsx";
import { Button } from "./primitives/button.tsx";
import { Scroller } from "./scroller.tsx";
import { useTableQuery } from "./use-table-query.ts";
import { usePreferences } from "./viewer-context.tsx";

/** One column. The first of a table holds a real link: `cell: (key) => <Link href={…}>{key.name}</Link>`. */
export interface Column<Row> {
  id: string;
  header: string;
  cell: (row: Row) => ReactNode;
  /** The value of `?sort=` for this column; the server orders. Without it the head is plain text. */
  sortKey?: string;
  /** Numbers stand to the right. */
  align?: "start" | "end";
  /** Not shown until somebody chooses it. */
  isHidden?: boolean;
  /** Cannot be hidden. The first column never can. */
  isFixed?: boolean;
  /** Below 768 px: on a second line under the first cell, or beside it. Otherwise left out. */
  mobile?: "line" | "side";
  /** Stays at the right edge while the others scroll sideways. */
  isPinned?: boolean;
}

export interface DataTableProps<Row> {
  /** Its name in the preferences, under which a choice of columns is kept. */
  name: string;
  /** What it lists, for screen readers: "Keys". */
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowId: (row: Row) => string;
  /** Stands in place of the rows: an `EmptyState`. */
  empty: ReactNode;
  /** Called by a press anywhere on a row; the first cell's link is what the keyboard uses. */
  onRowOpen?: (row: Row) => void;
  /** Marks the row that is open in a drawer. */
  openRowId?: string | null;
  sort?: TableSort;
  paging?: TablePaging;
  /** Left of the column chooser: counts, filters. */
  toolbar?: ReactNode;
  /** With it rows can be selected; shown while some are. */
  bulkActions?: (selected: readonly Row[], clear: () => void) => ReactNode;
  /** A row's name, for "Select Billing worker". */
  rowLabel?: (row: Row) => string;
  isRefreshing?: boolean;
}

const features = tableFeatures({ columnVisibilityFeature, rowSelectionFeature });
export type Features = typeof features;

/**
 * A table whose rows, order and page come from the server through the URL (`sort`, `dir`, and what
 * `paging` names). It scrolls sideways inside itself.
 *
 *     <DataTable name="keys" caption="Keys" columns={COLUMNS} rows={keys} rowId={(key) => key.id}
 *       sort={{ key: "created", dir: "desc" }} paging={{ older: { offset: "50" }, newer: null }}
 *       empty={<EmptyState title="No keys yet." />} />
 */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { columns, rows, rowId, caption, sort, bulkActions } = props;
  const query = useTableQuery();
  const { preferences } = usePreferences();
  const shown = useShownColumns(props.name, columns);
  const [rowSelection, setRowSelection] = useState<RowSelectionState>({});
  const table = useTable({
    features,
    columns: useMemo(
      () => columns.map((column) => ({ id: column.id, header: column.header })),
      [columns],
    ),
    // The table reads its rows and never writes them.
    data: rows as Row[],
    getRowId: rowId,
    enableSubRowSelection: false,
    state: { rowSelection, columnVisibility: shown.visibility },
    onRowSelectionChange: setRowSelection,
  });
  const visible = columns.filter((column) => shown.visibility[column.id] !== false);
  const isBusy = query.isPending || props.isRefreshing === true;
  const selected = rows.filter((row) => rowSelection[rowId(row)] === true);

  return (
    <div className="flex min-w-0 flex-col gap-2">
      <div
        className={cn(
          "flex min-h-8 flex-wrap items-center justify-between gap-2",
          props.toolbar === undefined && "max-md:hidden",
        )}
      >
        <div className="flex min-w-0 flex-wrap items-center gap-2">{props.toolbar}</div>
        <ColumnChooser tableName={props.name} columns={columns} visible={visible} />
      </div>
      {bulkActions !== undefined && selected.length > 0 ? (
        <BulkBar count={selected.length} onClear={() => setRowSelection({})}>
          {bulkActions(selected, () => setRowSelection({}))}
        </BulkBar>
      ) : null}
      {rows.length === 0 ? (
        props.empty
      ) : (
        <Scroller
          label={caption}
          aria-busy={isBusy}
          className="isolate max-h-[calc(100dvh-8rem)] rounded-lg border border-border"
        >
          {isBusy ? <div className="sticky top-0 left-0 h-0.5 animate-pulse bg-primary" /> : null}
          <table className="w-full border-collapse text-left text-sm tabular-nums">
            <caption className="sr-only">{caption}</caption>
            <DataTableHead
              columns={visible}
              sort={sort}
              query={query}
              selectAll={bulkActions === undefined ? null : table}
            />
            <tbody className={cn("transition-opacity", isBusy && "opacity-60")}>
              {table.getRowModel().rows.map((row) => (
                <DataTableRow
                  key={row.id}
                  row={row}
                  columns={visible}
                  density={preferences.density}
                  isOpen={props.openRowId === row.id}
                  isSelected={rowSelection[row.id] === true}
                  selectLabel={
                    bulkActions === undefined ? null : (props.rowLabel?.(row.original) ?? row.id)
                  }
                  onOpen={props.onRowOpen}
                />
              ))}
            </tbody>
          </table>
        </Scroller>
      )}
      {props.paging === undefined ? null : <DataTableFooter paging={props.paging} query={query} />}
    </div>
  );
}

interface BulkBarProps {
  count: number;
  onClear: () => void;
  children: ReactNode;
}

function BulkBar({ count, onClear, children }: BulkBarProps) {
  return (
    <section
      aria-label="Selected rows"
      className="flex flex-wrap items-center gap-2 rounded-lg border border-border bg-surface px-3 py-2"
    >
      <span role="status" className="text-sm">
        {count} selected
      </span>
      {children}
      <Button variant="ghost" onClick={onClear}>
        Clear selection
      </Button>
    </section>
  );
}

/** Which columns are hidden: by the person's choice for this table, else by their own default. */
function useShownColumns<Row>(name: string, columns: readonly Column<Row>[]) {
  const choice = usePreferences().preferences.columns[name];
  const visibility: Record<string, boolean> = {};
  for (const [index, column] of columns.entries()) {
    const isFixed = index === 0 || column.isFixed === true;
    const isWanted = choice === undefined ? column.isHidden !== true : choice.includes(column.id);
    visibility[column.id] = isFixed || isWanted;
  }
  return { visibility };
}
