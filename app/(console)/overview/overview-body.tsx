import type { ReactNode } from "react";
import type {
  MonthSpend,
  OverviewTile,
  OverviewTraffic,
  RecentError,
  SpenderGroup,
} from "#lib/contract/overview.ts";
import type { ReportRequest } from "#lib/contract/report-request.ts";
import type { UsageChart, UsageTable } from "#lib/contract/usage-report.ts";
import { Section } from "../../_ui/section.tsx";
import { CardSkeleton, TilesSkeleton } from "./card-skeleton.tsx";
import { ErrorsCard } from "./errors-card.tsx";
import { OverviewStart, type Start } from "./overview-start.tsx";
import { SpendChart } from "./spend-chart.tsx";
import { SpendersCard } from "./spenders-card.tsx";
import { Tiles } from "./tiles.tsx";
import { TrafficCharts } from "./traffic-charts.tsx";

export interface OverviewBodyProps {
  request: ReportRequest;
  tiles: Promise<OverviewTile[]>;
  month: Promise<MonthSpend>;
  start: Promise<Start>;
  traffic: Promise<OverviewTraffic>;
  spend: Promise<UsageChart>;
  spenders: { table: Promise<UsageTable>; by: SpenderGroup };
  errors: Promise<RecentError[]>;
  /** Whether the viewer sees only what is their own. */
  isMember: boolean;
  /** What needs the viewer, or what they have left. */
  children: ReactNode;
}

/** The cards, each of which loads and fails by itself. */
export function OverviewBody({ request, isMember, children, ...data }: OverviewBodyProps) {
  return (
    <>
      <Section what="the start" fallback={null}>
        <OverviewStart
          tiles={data.tiles}
          start={data.start}
          request={request}
          isMember={isMember}
        />
      </Section>
      <Section what="the figures" fallback={<TilesSkeleton />}>
        <Tiles tiles={data.tiles} month={data.month} />
      </Section>
      <div className="grid gap-4 xl:grid-cols-2">
        <Section what="requests and latency" fallback={<CardSkeleton count={2} />}>
          <TrafficCharts traffic={data.traffic} nowMs={request.nowMs} />
        </Section>
        <Section what="spend" fallback={<CardSkeleton />} hint="Other cards are unaffected.">
          <SpendChart chart={data.spend} nowMs={request.nowMs} />
        </Section>
        {children}
        <Section what="top spenders" fallback={<CardSkeleton />}>
          <SpendersCard {...data.spenders} canSeePeople={!isMember} />
        </Section>
        <Section what="recent errors" fallback={<CardSkeleton />}>
          <ErrorsCard errors={data.errors} />
        </Section>
      </div>
    </>
  );
}
