import type { KeyTab } from "#lib/contract/key-tab.ts";
import { UsageTimeChart } from "../../../_ui/charts/usage-time-chart.tsx";
import { EmptyState } from "../../../_ui/empty-state.tsx";
import { TimeRangePicker } from "../../../_ui/time-range-picker.tsx";

export interface KeyUsageProps {
  charts: Extract<KeyTab, { tab: "usage" }>["charts"];
}

/** What the key was used for, from the sums. */
export function KeyUsage({ charts }: KeyUsageProps) {
  return (
    <div className="flex flex-col gap-4">
      <div>
        <TimeRangePicker defaultRange="7d" />
      </div>
      {charts.every(({ chart }) => chart.isEmpty) ? (
        <EmptyState title="No requests in this time.">
          Usage appears a few seconds after a request.
        </EmptyState>
      ) : (
        <div className="grid gap-4 lg:grid-cols-2">
          {charts.map(({ title, chart }) => (
            <UsageTimeChart key={title} title={title} chart={chart} syncId="key" />
          ))}
        </div>
      )}
    </div>
  );
}
