import { showSavedViews } from "#lib/console/saved-views.ts";
import { showUsageChart } from "#lib/console/usage-chart.ts";
import { showUsageFilters } from "#lib/console/usage-filters.ts";
import { showUsageNotice, showUsageStart } from "#lib/console/usage-notice.ts";
import { showUsageTable } from "#lib/console/usage-table.ts";
import { showTagNames } from "#lib/console/usage-tags.ts";
import { requireViewer } from "#lib/console/viewer.ts";
import { readReportRequest } from "#lib/contract/report-request.ts";
import { FilterBar } from "../../_ui/filter-bar.tsx";
import { PageBody } from "../../_ui/page-body.tsx";
import { PageHeader } from "../../_ui/page-header.tsx";
import { SavedViews } from "../../_ui/saved-views.tsx";
import { Section } from "../../_ui/section.tsx";
import { TimeRangePicker } from "../../_ui/time-range-picker.tsx";
import { usageFiltersOf } from "../../_ui/usage-filters.ts";
import { deleteUsageView, saveUsageView } from "./actions.ts";
import { PinnedLink } from "./pinned-link.tsx";
import { UnpricedBanner } from "./unpriced-banner.tsx";
import { UsageControls } from "./usage-controls.tsx";
import { UsageExport } from "./usage-export.tsx";
import { UsageFigure } from "./usage-figure.tsx";
import { ChartSkeleton, TableSkeleton } from "./usage-skeleton.tsx";
import { UsageTableCard } from "./usage-table-card.tsx";

export const metadata = { title: "Usage" };

const VIEW_ACTIONS = { save: saveUsageView, remove: deleteUsageView };
const SLOW = "The query took longer than 10 s. Try a shorter range or a coarser rollup.";

export default async function UsagePage({ searchParams }: PageProps<"/usage">) {
  const viewer = await requireViewer("usage.read");
  const context = { nowMs: Date.now(), zone: viewer.reportingZone, defaultRange: "30d" } as const;
  const request = readReportRequest(await searchParams, context);
  const { filter, view, interval, ignored } = request;
  const query = { ...request, ...view };
  const [options, tags, views] = await Promise.all([
    showUsageFilters(viewer, filter),
    showTagNames(viewer, { interval }),
    showSavedViews(viewer, "usage"),
  ]);
  // Begun only now: a failure before anybody awaits it would belong to no part of the page.
  const notice = showUsageNotice(viewer, request);
  return (
    <PageBody isWide>
      <PageHeader
        title="Usage"
        description="Spend, tokens, speed and errors over time, by whatever they belong to."
        actions={
          <>
            <SavedViews page="usage" views={views} actions={VIEW_ACTIONS} />
            <PinnedLink interval={interval} />
            <UsageExport />
          </>
        }
      />
      <FilterBar
        filters={usageFiltersOf(options)}
        ignored={ignored}
        lead={<TimeRangePicker defaultRange="30d" />}
      />
      <UsageControls view={view} tags={tags} canSeePeople={options.user.length > 0} />
      <Section what="requests without a price" fallback={null}>
        <UnpricedBanner notice={notice} isAdmin={viewer.principal.isAdmin} />
      </Section>
      <Section what="the chart" fallback={<ChartSkeleton />} hint={SLOW}>
        <UsageFigure
          chart={showUsageChart(viewer, query)}
          notice={notice}
          start={showUsageStart(viewer)}
          view={view}
        />
      </Section>
      <Section what="the table" fallback={<TableSkeleton />} hint={SLOW}>
        <UsageTableCard table={showUsageTable(viewer, query)} view={view} interval={interval} />
      </Section>
    </PageBody>
  );
}
