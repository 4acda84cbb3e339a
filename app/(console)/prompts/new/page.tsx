import type { Metadata } from "next";
import Link from "next/link";
import { showModelChoices } from "#lib/console/prompt-board.ts";
import { requireViewer } from "#lib/console/viewer.ts";
import { PageBody } from "../../../_ui/page-body.tsx";
import { PageHeader } from "../../../_ui/page-header.tsx";
import { PromptEditor } from "../editor/prompt-editor.tsx";

export const metadata: Metadata = { title: "New prompt" };

export default async function NewPromptPage() {
  const viewer = await requireViewer("prompt.write");
  return (
    <PageBody>
      <PageHeader
        breadcrumb={
          <Link href="/prompts" className="hover:underline">
            Prompts
          </Link>
        }
        title="New prompt"
        description="A template that requests name instead of sending its text."
      />
      <PromptEditor models={showModelChoices(viewer)} />
    </PageBody>
  );
}
