"use client";

import Link from "next/link";
import type { PromptBoardRow } from "#lib/contract/prompt-board.ts";
import { type Column, DataTable } from "../../_ui/data-table.tsx";
import type { TablePaging } from "../../_ui/data-table-footer.tsx";
import { EmptyState } from "../../_ui/empty-state.tsx";
import { formatCount, UNKNOWN } from "../../_ui/format.ts";
import { buttonClass } from "../../_ui/primitives/button.tsx";
import { Timestamp } from "../../_ui/timestamp.tsx";
import { FolderBar } from "./folder-bar.tsx";
import { LabelChips } from "./label-chips.tsx";
import { promptHref } from "./prompt-href.ts";

export interface PromptTableProps {
  rows: readonly PromptBoardRow[];
  folders: readonly string[];
  folder: string | null;
  mayWrite: boolean;
  paging: TablePaging;
}

/** Every prompt of a folder and of those below it. */
export function PromptTable({ rows, folders, folder, mayWrite, paging }: PromptTableProps) {
  return (
    <DataTable
      name="prompts"
      caption="Prompts"
      columns={COLUMNS}
      rows={rows}
      rowId={(row) => row.prompt.id}
      paging={paging}
      toolbar={folders.length === 0 ? undefined : <FolderBar folders={folders} folder={folder} />}
      empty={folder === null ? <NoPrompts mayWrite={mayWrite} /> : <NoneHere />}
    />
  );
}

function NoPrompts({ mayWrite }: { mayWrite: boolean }) {
  return (
    <EmptyState
      title="No prompts."
      action={
        mayWrite ? (
          <Link href="/prompts/new" className={buttonClass({ variant: "primary" })}>
            New prompt
          </Link>
        ) : undefined
      }
    >
      Keep templates here instead of in code.
    </EmptyState>
  );
}

function NoneHere() {
  return (
    <EmptyState
      title="No prompts in this folder."
      action={
        <Link href="/prompts" className={buttonClass()}>
          All prompts
        </Link>
      }
    />
  );
}

const COLUMNS: readonly Column<PromptBoardRow>[] = [
  {
    id: "name",
    header: "Prompt",
    cell: ({ prompt }) => (
      <Link href={promptHref(prompt.name)} className="block break-all hover:underline md:min-w-52">
        {prompt.name}
      </Link>
    ),
  },
  {
    id: "version",
    header: "Newest",
    mobile: "line",
    cell: ({ prompt }) => `v${prompt.latest_version}`,
  },
  {
    id: "labels",
    header: "Labels",
    mobile: "line",
    cell: ({ prompt }) => <LabelChips labels={prompt.labels} />,
  },
  {
    id: "variables",
    header: "Variables",
    cell: ({ prompt: { variables } }) =>
      variables.length === 0 ? (
        <span className="text-muted-fg">None</span>
      ) : (
        <span title={variables.join(", ")} className="block max-w-56 truncate font-mono text-13">
          {variables.join(", ")}
        </span>
      ),
  },
  {
    id: "model",
    header: "Model",
    cell: ({ prompt }) => prompt.model_hint ?? <span className="text-muted-fg">{UNKNOWN}</span>,
  },
  {
    id: "requests",
    header: "Requests, 7 d",
    align: "end",
    mobile: "side",
    cell: ({ requests_7d: requests }) => formatCount(requests),
  },
  {
    id: "updated",
    header: "Changed",
    cell: ({ prompt }) => <Timestamp at={prompt.updated_at} style="relative" />,
  },
  {
    id: "by",
    header: "Newest by",
    cell: ({ prompt }) => (
      <span className="block max-w-44 truncate" title={prompt.updated_by ?? undefined}>
        {prompt.updated_by ?? UNKNOWN}
      </span>
    ),
  },
];
