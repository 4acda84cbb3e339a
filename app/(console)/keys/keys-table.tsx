"use client";

import type { Route } from "next";
import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import type { KeyListPage } from "#lib/contract/api-key-list.ts";
import { DataTable } from "../../_ui/data-table.tsx";
import { BulkKeys } from "./bulk-keys.tsx";
import { keyName } from "./key-cells.tsx";
import { keyColumns } from "./key-columns.tsx";
import { useKeyVerbs } from "./use-key-verbs.tsx";

export interface KeysTableProps {
  page: KeyListPage;
  isFirstPage: boolean;
  empty: ReactNode;
}

/** The keys of one page, and what is done with them from here. */
export function KeysTable({ page, isFirstPage, empty }: KeysTableProps) {
  const router = useRouter();
  const verbs = useKeyVerbs();
  return (
    <>
      <DataTable
        name="keys"
        caption="Keys"
        columns={keyColumns(verbs.run)}
        rows={page.keys}
        rowId={(key) => key.id}
        rowLabel={keyName}
        onRowOpen={(key) => router.push(`/keys/${key.id}` as Route)}
        bulkActions={(selected, clear) => <BulkKeys keys={selected} onDone={clear} />}
        empty={empty}
        paging={{
          older: page.next === null ? null : { cursor: page.next },
          newer: isFirstPage ? null : { cursor: null },
          newerLabel: "First page",
        }}
      />
      {verbs.dialogs}
    </>
  );
}
