"use client";

import { useSearchParams } from "next/navigation";
import type { AuditEvent, AuditPage } from "#lib/contract/audit.ts";
import { DataTable } from "../../_ui/data-table.tsx";
import { AUDIT_COLUMNS } from "./audit-columns.tsx";
import { AuditDrawer } from "./audit-drawer.tsx";
import { AuditEmpty } from "./audit-empty.tsx";
import { writeCursor } from "./audit-params.ts";
import { useAuditEvent } from "./use-audit-event.ts";

export interface AuditTableProps {
  page: AuditPage;
  isFiltered: boolean;
}

/** Events, newest first, a page at a time; pressing one opens it beside the list. */
export function AuditTable({ page, isFiltered }: AuditTableProps) {
  const [openId, open] = useAuditEvent();
  const hasPlace = useSearchParams().has("cursor");
  const place = (side: "before" | "after", sequence: number | null) =>
    sequence === null ? null : { cursor: writeCursor({ side, sequence }) };
  return (
    <>
      <DataTable<AuditEvent>
        name="audit"
        caption="Audit events"
        columns={AUDIT_COLUMNS}
        rows={page.events}
        rowId={({ id }) => id}
        openRowId={openId}
        onRowOpen={({ id }) => open(id)}
        empty={<AuditEmpty isFiltered={isFiltered} hasPlace={hasPlace} />}
        paging={{
          older: place("before", page.older),
          newer: hasPlace ? (place("after", page.newer) ?? { cursor: null }) : null,
        }}
      />
      <AuditDrawer events={page.events} />
    </>
  );
}
