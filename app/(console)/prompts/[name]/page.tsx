import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { parseAsInteger, parseAsStringLiteral } from "nuqs/server";
import { mayTake } from "#lib/console/permission.ts";
import { findPromptPage } from "#lib/console/prompt-board.ts";
import { publicUrl } from "#lib/console/settings.ts";
import { requireViewer } from "#lib/console/viewer.ts";
import { PageBody } from "../../../_ui/page-body.tsx";
import { PageHeader } from "../../../_ui/page-header.tsx";
import { readParams } from "../../../_ui/search-params.ts";
import { PromptActions } from "../detail/prompt-actions.tsx";
import { PromptPart } from "../detail/prompt-part.tsx";
import { PromptTabs } from "../detail/prompt-tabs.tsx";
import { VersionRail } from "../detail/version-rail.tsx";
import { nameIn, PROMPT_TAB_IDS } from "../prompt-href.ts";

export const metadata: Metadata = { title: "Prompt" };

const PARAMS = {
  v: parseAsInteger,
  a: parseAsInteger,
  b: parseAsInteger,
  tab: parseAsStringLiteral(PROMPT_TAB_IDS),
};

export default async function PromptPage({ params, searchParams }: PageProps<"/prompts/[name]">) {
  const viewer = await requireViewer("prompt.read");
  const { v, a, b, tab: asked } = readParams(PARAMS, await searchParams).values;
  const page = (await findPromptPage(viewer, nameIn((await params).name), v)) ?? notFound();
  const { prompt, version } = page;
  const mayWrite = mayTake(viewer.principal, "prompt.write");
  // Two versions in the address are there to be compared.
  const tab = asked ?? (a === null && b === null ? "template" : "compare");
  return (
    <PageBody>
      <PageHeader
        breadcrumb={
          <Link href="/prompts" className="hover:underline">
            Prompts
          </Link>
        }
        title={<span className="break-all">{prompt.name}</span>}
        description={prompt.description ?? undefined}
        actions={mayWrite ? <PromptActions page={page} /> : null}
      />
      <div className="grid min-w-0 items-start gap-6 lg:grid-cols-[17rem_minmax(0,1fr)]">
        <VersionRail page={page} tab={tab} />
        <div className="flex min-w-0 flex-col gap-4">
          <PromptTabs name={prompt.name} version={version.version} tab={tab} />
          <PromptPart
            // What was typed belongs to the version that it was typed for.
            key={`${prompt.id} ${version.version}`}
            page={page}
            tab={tab}
            compared={{ a, b }}
            mayWrite={mayWrite}
            baseUrl={publicUrl()}
          />
        </div>
      </div>
    </PageBody>
  );
}
