import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { showCacheTab, showModelNames } from "#lib/console/cache-tab.ts";
import { requireViewer, type Viewer } from "#lib/console/viewer.ts";
import type { CacheTabQuery } from "#lib/contract/cache-console.ts";
import { resolveRange } from "#lib/contract/time-range.ts";
import { LinkTabs } from "../../_ui/link-tabs.tsx";
import { PageBody } from "../../_ui/page-body.tsx";
import { PageHeader } from "../../_ui/page-header.tsx";
import { Skeleton } from "../../_ui/primitives/skeleton.tsx";
import { rangeOf, readParams } from "../../_ui/search-params.ts";
import { Section } from "../../_ui/section.tsx";
import { CACHE_PAGE, CACHE_RANGE, cacheParams, TABS } from "./cache-params.ts";
import { CacheTab } from "./cache-tab.tsx";
import { CacheToolbar } from "./cache-toolbar.tsx";
import { ClearCache } from "./clear-cache.tsx";

export const metadata: Metadata = { title: "Cache" };

interface CachePageProps {
  searchParams: Promise<SearchParams>;
}

export default async function CachePage({ searchParams }: CachePageProps) {
  const viewer = await requireViewer("cache.read");
  const { values, ignored } = readParams(cacheParams, await searchParams);
  const { isAdmin } = viewer.principal;
  const query = queryOf(viewer, values);
  const models = showModelNames();
  return (
    <PageBody>
      <PageHeader
        title="Cache"
        description="Answers that are kept and given again: how often, what that saves, and which."
        actions={isAdmin ? <ClearCache models={models} /> : null}
      />
      <LinkTabs label="Views of the cache" tabs={TABS} current={query.tab} />
      <CacheToolbar tab={query.tab} models={models} ignored={ignored} />
      <Section
        what="the cache"
        fallback={<Skeleton className="h-96" />}
        hint="Requests go to providers all the same."
        suspendOn={query.tab}
      >
        <CacheTab view={showCacheTab(viewer, query)} isAdmin={isAdmin} models={models} />
      </Section>
    </PageBody>
  );
}

function queryOf(
  { reportingZone: zone }: Viewer,
  values: ReturnType<typeof readParams<typeof cacheParams>>["values"],
): CacheTabQuery {
  const nowMs = Date.now();
  const { tab, kind, asked, team, offset } = values;
  return {
    tab,
    interval: resolveRange(rangeOf(values, CACHE_RANGE), { nowMs, zone }),
    zone,
    nowMs,
    entries: {
      limit: CACHE_PAGE,
      offset,
      kind: kind ?? undefined,
      model: asked ?? undefined,
      team_id: team ?? undefined,
    },
  };
}
