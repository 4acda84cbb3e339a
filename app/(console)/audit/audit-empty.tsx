"use client";

import { EmptyState } from "../../_ui/empty-state.tsx";
import { Button } from "../../_ui/primitives/button.tsx";
import { timeParams } from "../../_ui/search-params.ts";
import { useParams } from "../../_ui/use-params.ts";
import { AUDIT_FILTERS, AUDIT_PARAMS } from "./audit-params.ts";

const CLEARED = Object.fromEntries(Object.keys(AUDIT_FILTERS).map((name) => [name, null]));

export interface AuditEmptyProps {
  isFiltered: boolean;
  /** Whether this is a page further back, which events may have left by a filter. */
  hasPlace: boolean;
}

/** No event: why, and how to see some. */
export function AuditEmpty({ isFiltered, hasPlace }: AuditEmptyProps) {
  const { set } = useParams({ ...timeParams, cursor: AUDIT_PARAMS.cursor, ...AUDIT_FILTERS });
  if (hasPlace) {
    return (
      <EmptyState
        title="No events on this page."
        action={<Button onClick={() => set({ cursor: null })}>Go to the newest events</Button>}
      />
    );
  }
  if (isFiltered) {
    return (
      <EmptyState
        title="No events match."
        action={<Button onClick={() => set(CLEARED)}>Clear filters</Button>}
      >
        Take a filter away, or choose a longer time.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="Nothing happened in this time."
      action={
        <Button onClick={() => set({ range: "90d", from: null, to: null })}>Show 90 days</Button>
      }
    >
      Every change of keys, teams, models and settings appears here.
    </EmptyState>
  );
}
