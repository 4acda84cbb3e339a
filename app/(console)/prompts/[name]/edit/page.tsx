import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { parseAsInteger } from "nuqs/server";
import { findPromptPage, showModelChoices } from "#lib/console/prompt-board.ts";
import { requireViewer } from "#lib/console/viewer.ts";
import { PageBody } from "../../../../_ui/page-body.tsx";
import { PageHeader } from "../../../../_ui/page-header.tsx";
import { readParams } from "../../../../_ui/search-params.ts";
import { PromptEditor } from "../../editor/prompt-editor.tsx";
import { nameIn, promptHref } from "../../prompt-href.ts";

export const metadata: Metadata = { title: "New version" };

export default async function EditPromptPage({
  params,
  searchParams,
}: PageProps<"/prompts/[name]/edit">) {
  const viewer = await requireViewer("prompt.write");
  const { from } = readParams({ from: parseAsInteger }, await searchParams).values;
  const page = (await findPromptPage(viewer, nameIn((await params).name), from)) ?? notFound();
  const { prompt, version } = page;
  return (
    <PageBody>
      <PageHeader
        breadcrumb={
          <Link href={promptHref(prompt.name)} className="break-all hover:underline">
            {prompt.name}
          </Link>
        }
        title={`Version ${prompt.latest_version + 1}`}
        description={`Begins with the text of version ${version.version}. Nothing that requests get changes until a label moves${prompt.labels.some(({ label }) => label === "production") ? "" : ", except for those that name no version: without the label production they get the newest"}.`}
      />
      <PromptEditor
        key={version.version}
        from={{ name: prompt.name, version }}
        models={showModelChoices(viewer)}
      />
    </PageBody>
  );
}
