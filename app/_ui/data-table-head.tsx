"use client";

import type { Table } from "@tanstack/react-table";
import { ArrowDown, ArrowUp, ChevronsUpDown } from "lucide-react";
import { cn } from "./cn.ts";
import type { Column, Features } from "./data-table.tsx";
import { cellVisibility, selectBox } from "./data-table-row.tsx";
import { focusRing } from "./primitives/focus-ring.ts";
import type { useTableQuery } from "./use-table-query.ts";

/** The order that the server has applied. */
export interface TableSort {
  /** A column's `sortKey`. */
  key: string;
  dir: "asc" | "desc";
  /** What another order takes with it: the place in the list. `cursor` and `offset` unless named. */
  clears?: readonly string[];
}

interface DataTableHeadProps<Row extends object> {
  columns: readonly Column<Row>[];
  sort: TableSort | undefined;
  query: ReturnType<typeof useTableQuery>;
  selectAll: Table<Features, Row> | null;
}

/** The sticky head of a `DataTable`. */
export function DataTableHead<Row extends object>({
  columns,
  sort,
  query,
  selectAll,
}: DataTableHeadProps<Row>) {
  return (
    <thead className="sticky top-0 z-1 bg-surface text-muted-fg">
      <tr className="shadow-[inset_0_-1px_0_var(--color-border)]">
        {selectAll === null ? null : (
          <th scope="col" className="w-10 px-3">
            <input
              type="checkbox"
              aria-label="Select all rows on this page"
              className={selectBox}
              checked={selectAll.getIsAllRowsSelected()}
              ref={(box) => {
                if (box !== null) {
                  box.indeterminate = selectAll.getIsSomeRowsSelected();
                }
              }}
              onChange={selectAll.getToggleAllRowsSelectedHandler()}
            />
          </th>
        )}
        {columns.map((column, index) => (
          <th
            key={column.id}
            scope="col"
            aria-sort={ariaSort(column, sort)}
            className={cn(
              "h-9 whitespace-nowrap px-3 font-medium text-[13px]",
              column.align === "end" && "text-right",
              column.isPinned === true && "sticky right-0 bg-surface",
              cellVisibility(column, index),
            )}
          >
            {column.sortKey === undefined || sort === undefined ? (
              column.header
            ) : (
              <SortButton
                header={column.header}
                sortKey={column.sortKey}
                sort={sort}
                query={query}
              />
            )}
          </th>
        ))}
      </tr>
    </thead>
  );
}

function ariaSort<Row>(column: Column<Row>, sort: TableSort | undefined) {
  if (column.sortKey === undefined || sort === undefined) {
    return undefined;
  }
  if (column.sortKey !== sort.key) {
    return "none";
  }
  return sort.dir === "asc" ? "ascending" : "descending";
}

interface SortButtonProps {
  header: string;
  sortKey: string;
  sort: TableSort;
  query: ReturnType<typeof useTableQuery>;
}

/** The first press sorts by falling values: the largest, the latest. */
function SortButton({ header, sortKey, sort, query }: SortButtonProps) {
  const isSorted = sort.key === sortKey;
  const next = isSorted && sort.dir === "desc" ? "asc" : "desc";
  const clears = sort.clears ?? ["cursor", "offset"];
  return (
    <button
      type="button"
      className={cn(
        focusRing,
        "-mx-1 inline-flex min-h-6 items-center gap-1 rounded-md px-1 hover:text-fg",
        isSorted && "text-fg",
      )}
      onClick={() =>
        query.go({
          ...Object.fromEntries(clears.map((name) => [name, null])),
          sort: sortKey,
          dir: next,
        })
      }
    >
      {header}
      <SortMark dir={isSorted ? sort.dir : null} />
    </button>
  );
}

function SortMark({ dir }: { dir: TableSort["dir"] | null }) {
  if (dir === null) {
    return <ChevronsUpDown aria-hidden className="size-3.5 opacity-60" />;
  }
  return dir === "asc" ? (
    <ArrowUp aria-hidden className="size-3.5" />
  ) : (
    <ArrowDown aria-hidden className="size-3.5" />
  );
}
