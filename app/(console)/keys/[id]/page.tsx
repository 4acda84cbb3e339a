import type { Metadata } from "next";
import { notFound } from "next/navigation";
import type { SearchParams } from "nuqs/server";
import { parseAsStringLiteral } from "nuqs/server";
import { showKeyRow } from "#lib/console/api-key-list.ts";
import { showKeyTab } from "#lib/console/key-tab.ts";
import { mayTake } from "#lib/console/permission.ts";
import { requireViewer } from "#lib/console/viewer.ts";
import type { KeyListRow } from "#lib/contract/api-key-list.ts";
import { KEY_TABS } from "#lib/contract/key-tab.ts";
import { idParams } from "#lib/contract/params.ts";
import { resolveRange } from "#lib/contract/time-range.ts";
import { isConduitError } from "#lib/errors.ts";
import { LinkTabs } from "../../../_ui/link-tabs.tsx";
import { PageBody } from "../../../_ui/page-body.tsx";
import { Skeleton } from "../../../_ui/primitives/skeleton.tsx";
import { rangeOf, readParams, timeParams } from "../../../_ui/search-params.ts";
import { Section } from "../../../_ui/section.tsx";
import { KeyHead } from "./key-head.tsx";
import { KeyTabView } from "./key-tab-view.tsx";

export const metadata: Metadata = { title: "Key" };

interface KeyPageProps {
  params: Promise<{ id: string }>;
  searchParams: Promise<SearchParams>;
}

const PARAMS = { ...timeParams, tab: parseAsStringLiteral(KEY_TABS).withDefault("usage") };

const TABS = [
  { id: "usage", label: "Usage" },
  { id: "limits", label: "Limits" },
  { id: "requests", label: "Requests" },
  { id: "snippets", label: "Snippets" },
] as const;

export default async function KeyPage({ params, searchParams }: KeyPageProps) {
  const viewer = await requireViewer("key.read");
  const key = await findKey(async (id) => await showKeyRow(viewer, id), params);
  const { values } = readParams(PARAMS, await searchParams);
  const mayAudit = mayTake(viewer.principal, "audit.read");
  const tab = values.tab === "activity" && !mayAudit ? "usage" : values.tab;
  const zone = viewer.reportingZone;
  const interval = resolveRange(rangeOf(values, "7d"), { nowMs: Date.now(), zone });
  return (
    <PageBody>
      <KeyHead row={key} />
      <LinkTabs
        label="Views of the key"
        tabs={mayAudit ? [...TABS, { id: "activity", label: "Activity" }] : TABS}
        current={tab}
      />
      <Section what={tab} fallback={<Skeleton className="h-80" />} suspendOn={tab}>
        <KeyTabView row={key} view={showKeyTab(viewer, { id: key.id, tab, interval, zone })} />
      </Section>
    </PageBody>
  );
}

/** An id that is none, and a key out of reach, are equally not there. */
async function findKey(
  show: (id: string) => Promise<KeyListRow>,
  params: KeyPageProps["params"],
): Promise<KeyListRow> {
  const parsed = idParams.safeParse(await params);
  if (!parsed.success) {
    notFound();
  }
  return await show(parsed.data.id).catch((error: unknown) => {
    if (isConduitError(error) && error.status === 404) {
      notFound();
    }
    throw error;
  });
}
