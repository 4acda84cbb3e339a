"use client";

import { ChevronLeft, ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "./primitives/button.tsx";
import type { QueryChange, useTableQuery } from "./use-table-query.ts";

/** Where the pages around this one are: what changes in the URL to get there, `null` at an end. */
export interface TablePaging {
  older: QueryChange | null;
  newer: QueryChange | null;
  /** "1–50 of 312", or what else is known about the whole list. */
  summary?: ReactNode;
  /** For lists that are not ordered by time: "Next" and "Previous". */
  olderLabel?: string;
  newerLabel?: string;
}

interface DataTableFooterProps {
  paging: TablePaging;
  query: ReturnType<typeof useTableQuery>;
}

/** Below a `DataTable`: newer to the left, older to the right. */
export function DataTableFooter({ paging, query }: DataTableFooterProps) {
  const { older, newer, summary, olderLabel = "Older", newerLabel = "Newer" } = paging;
  if (older === null && newer === null) {
    return summary === undefined ? null : <p className="text-muted-fg text-xs">{summary}</p>;
  }
  return (
    <nav aria-label="Older and newer" className="flex flex-wrap items-center justify-between gap-2">
      <span className="text-muted-fg text-xs">{summary}</span>
      <span className="flex gap-2">
        <Button disabled={newer === null} onClick={() => newer !== null && query.go(newer)}>
          <ChevronLeft aria-hidden />
          {newerLabel}
        </Button>
        <Button disabled={older === null} onClick={() => older !== null && query.go(older)}>
          {olderLabel}
          <ChevronRight aria-hidden />
        </Button>
      </span>
    </nav>
  );
}
