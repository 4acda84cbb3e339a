import { Plus } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { parseAsString, type SearchParams } from "nuqs/server";
import { mayTake } from "#lib/console/permission.ts";
import { showPromptBoard } from "#lib/console/prompt-board.ts";
import { requireViewer, type Viewer } from "#lib/console/viewer.ts";
import { offsetPaging, parseAsOffset } from "../../_ui/offset-paging.ts";
import { PageBody } from "../../_ui/page-body.tsx";
import { PageHeader } from "../../_ui/page-header.tsx";
import { buttonClass } from "../../_ui/primitives/button.tsx";
import { Skeleton } from "../../_ui/primitives/skeleton.tsx";
import { readParams } from "../../_ui/search-params.ts";
import { Section } from "../../_ui/section.tsx";
import { PromptTable } from "./prompt-table.tsx";

export const metadata: Metadata = { title: "Prompts" };

const PAGE_SIZE = 50;
const PARAMS = { folder: parseAsString, offset: parseAsOffset };

interface PromptsPageProps {
  searchParams: Promise<SearchParams>;
}

export default async function PromptsPage({ searchParams }: PromptsPageProps) {
  const viewer = await requireViewer("prompt.read");
  const mayWrite = mayTake(viewer.principal, "prompt.write");
  const { values } = readParams(PARAMS, await searchParams);
  return (
    <PageBody>
      <PageHeader
        title="Prompts"
        description="Templates with versions. Requests name one and send its variables."
        actions={
          mayWrite ? (
            <Link href="/prompts/new" className={buttonClass({ variant: "primary" })}>
              <Plus aria-hidden /> New prompt
            </Link>
          ) : null
        }
      />
      <Section what="the prompts" fallback={<Skeleton className="h-96" />}>
        <Prompts viewer={viewer} mayWrite={mayWrite} {...values} />
      </Section>
    </PageBody>
  );
}

interface PromptsProps {
  viewer: Viewer;
  mayWrite: boolean;
  folder: string | null;
  offset: number;
}

async function Prompts({ viewer, mayWrite, folder, offset }: PromptsProps) {
  const query = { limit: PAGE_SIZE, offset, ...(folder === null ? {} : { folder }) };
  const { rows, total, folders } = await showPromptBoard(viewer, query);
  return (
    <PromptTable
      rows={rows}
      folders={folders}
      folder={folder}
      mayWrite={mayWrite}
      paging={offsetPaging({ offset, size: PAGE_SIZE, total })}
    />
  );
}
