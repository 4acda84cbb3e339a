"use client";

import type { Row as TableRow } from "@tanstack/react-table";
import type { MouseEvent } from "react";
import type { Density } from "#lib/contract/preferences.ts";
import { cn } from "./cn.ts";
import type { Column, Features } from "./data-table.tsx";

/** A native box: its click carries the Shift key, which a range needs. */
export const selectBox =
  "block size-4 cursor-pointer accent-primary outline-offset-2 focus-visible:outline-2 focus-visible:outline-primary";

const HEIGHTS = {
  compact: "h-8",
  default: "h-9",
  relaxed: "h-11",
} as const satisfies Record<Density, string>;

/** On a narrow screen only the first column and those beside it are columns of their own. */
export function cellVisibility<Row>(column: Column<Row>, index: number): string {
  return index === 0 || column.mobile === "side" ? "" : "max-md:hidden";
}

interface DataTableRowProps<Row extends object> {
  row: TableRow<Features, Row>;
  columns: readonly Column<Row>[];
  density: Density;
  isOpen: boolean;
  isSelected: boolean;
  /** `null` when rows cannot be selected. */
  selectLabel: string | null;
  onOpen: ((row: Row) => void) | undefined;
}

/** One row of a `DataTable`; on a narrow screen a second line holds what has no column there. */
export function DataTableRow<Row extends object>({
  row,
  columns,
  density,
  isOpen,
  isSelected,
  selectLabel,
  onOpen,
}: DataTableRowProps<Row>) {
  const lines = columns.filter((column, index) => index > 0 && column.mobile === "line");
  return (
    <tr
      className={cn(
        "border-border border-b bg-bg last:border-b-0 hover:bg-surface",
        onOpen !== undefined && "cursor-pointer",
        (isOpen || isSelected) && "bg-muted hover:bg-muted",
      )}
      onClick={
        onOpen === undefined ? undefined : (event) => openBy(event, () => onOpen(row.original))
      }
    >
      {selectLabel === null ? null : (
        <td className="w-10 px-3">
          <input
            type="checkbox"
            className={selectBox}
            aria-label={`Select ${selectLabel}`}
            checked={isSelected}
            onChange={row.getToggleSelectedHandler()}
          />
        </td>
      )}
      {columns.map((column, index) => (
        <td
          key={column.id}
          className={cn(
            "px-3 py-1",
            HEIGHTS[density],
            index === 0 ? "font-medium" : "max-w-80",
            column.align === "end" && "text-right",
            column.isPinned === true && "sticky right-0 bg-inherit",
            cellVisibility(column, index),
          )}
        >
          {column.cell(row.original)}
          {index === 0 && lines.length > 0 ? (
            <div className="flex flex-wrap gap-x-3 font-normal text-muted-fg text-xs md:hidden">
              {lines.map((line) => (
                <span key={line.id}>{line.cell(row.original)}</span>
              ))}
            </div>
          ) : null}
        </td>
      ))}
    </tr>
  );
}

/** A press on a link, a button or a box inside of the row is theirs; so is marking text. */
function openBy(event: MouseEvent<HTMLElement>, open: () => void) {
  const target = event.target instanceof Element ? event.target : null;
  const isOwn = target?.closest('a, button, input, label, [role="menuitem"], [role="dialog"]');
  const isForeign = target !== null && !event.currentTarget.contains(target);
  const hasMarked = (window.getSelection()?.toString() ?? "") !== "";
  if (isOwn === null && !isForeign && !hasMarked) {
    open();
  }
}
