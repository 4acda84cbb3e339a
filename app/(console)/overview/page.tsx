import { showAllowance } from "#lib/console/allowance.ts";
import { showAttention } from "#lib/console/attention.ts";
import { showChecklist } from "#lib/console/checklist.ts";
import { showMonthSpend, showOverviewTiles, showOverviewTraffic } from "#lib/console/overview.ts";
import { showRecentErrors, showTopSpenders } from "#lib/console/overview-lists.ts";
import { showUsageChart } from "#lib/console/usage-chart.ts";
import { showUsageFilters } from "#lib/console/usage-filters.ts";
import { showUsageStart } from "#lib/console/usage-notice.ts";
import { requireViewer } from "#lib/console/viewer.ts";
import type { RawParams } from "#lib/contract/log-filter.ts";
import { readReportRequest } from "#lib/contract/report-request.ts";
import { FilterBar } from "../../_ui/filter-bar.tsx";
import { PageBody } from "../../_ui/page-body.tsx";
import { PageHeader } from "../../_ui/page-header.tsx";
import { Section } from "../../_ui/section.tsx";
import { TimeRangePicker } from "../../_ui/time-range-picker.tsx";
import { usageFiltersOf } from "../../_ui/usage-filters.ts";
import { AllowanceCard } from "./allowance-card.tsx";
import { AttentionCard } from "./attention-card.tsx";
import { CardSkeleton } from "./card-skeleton.tsx";
import { Checklist } from "./checklist.tsx";
import { OverviewBody } from "./overview-body.tsx";
import { readSpenderGroup } from "./spenders-params.ts";

export const metadata = { title: "Overview" };

interface OverviewPageProps {
  searchParams: Promise<RawParams>;
}

const BY_MODEL = { metric: "spend", group: "model", rollup: "auto", top: 6 } as const;

export default async function OverviewPage({ searchParams }: OverviewPageProps) {
  const viewer = await requireViewer("usage.read");
  const { isAdmin, teams } = viewer.principal;
  const isMember = !isAdmin && !teams.some(({ role }) => role === "team_admin");
  const params = await searchParams;
  const context = { nowMs: Date.now(), zone: viewer.reportingZone, defaultRange: "24h" } as const;
  const request = readReportRequest(params, context);
  const by = readSpenderGroup(params, isAdmin);
  const filters = usageFiltersOf(await showUsageFilters(viewer, request.filter));
  return (
    <PageBody>
      <PageHeader
        title="Overview"
        description="Whether it works, what it costs, and what needs you."
      />
      <FilterBar filters={filters} ignored={request.ignored} lead={<TimeRangePicker />} />
      <Section what="the checklist" fallback={null}>
        <Checklist steps={showChecklist(viewer)} />
      </Section>
      <OverviewBody
        request={request}
        tiles={showOverviewTiles(viewer, request)}
        month={showMonthSpend(viewer, request)}
        start={showUsageStart(viewer)}
        traffic={showOverviewTraffic(viewer, request)}
        spend={showUsageChart(viewer, { ...request, ...BY_MODEL })}
        spenders={{
          table: showTopSpenders(viewer, { ...request, by }),
          by,
        }}
        isMember={isMember}
        errors={showRecentErrors(viewer, request)}
      >
        <Section what={isMember ? "your allowance" : "what needs you"} fallback={<CardSkeleton />}>
          {isMember ? (
            <AllowanceCard allowance={showAllowance(viewer)} />
          ) : (
            <AttentionCard items={showAttention(viewer)} />
          )}
        </Section>
      </OverviewBody>
    </PageBody>
  );
}
