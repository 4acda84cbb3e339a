import type { UsageChart, UsageNotice } from "#lib/contract/usage-report.ts";
import { groupLabel, type UsageView } from "#lib/contract/usage-view.ts";
import { UsageTimeChart } from "../../_ui/charts/usage-time-chart.tsx";
import { FirstRequest } from "../../_ui/first-request.tsx";
import { formatCount } from "../../_ui/format.ts";
import { Caption } from "./caption.tsx";
import { NothingFound } from "./nothing-found.tsx";

export interface UsageFigureProps {
  chart: Promise<UsageChart>;
  notice: Promise<UsageNotice>;
  start: Promise<{ hasRequests: boolean; model: string | null; baseUrl: string | null }>;
  view: UsageView;
}

/** The chart, or what stands in its place. */
export async function UsageFigure({ chart, notice, start, view }: UsageFigureProps) {
  const [data, told, { hasRequests, model, baseUrl }] = await Promise.all([chart, notice, start]);
  if (!hasRequests) {
    return (
      <FirstRequest title="No usage yet." model={model} baseUrl={baseUrl}>
        Usage appears a few seconds after the first request.
      </FirstRequest>
    );
  }
  if (data.isEmpty) {
    return <NothingFound />;
  }
  const shown = data.series.filter(({ isOther }) => !isOther).length;
  return (
    <UsageTimeChart
      title={`${data.label} by ${groupLabel(view.group).toLowerCase()}`}
      chart={data}
      completeTo={told.completeTo}
      caption={
        <Caption
          zone={data.zone}
          completeTo={told.completeTo}
          waiting={told.waiting}
          note={
            data.groupCount > shown
              ? `Top ${shown} of ${formatCount(data.groupCount)}; the rest is Other.`
              : null
          }
        />
      }
    />
  );
}
