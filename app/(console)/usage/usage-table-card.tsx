import type { Interval } from "#lib/contract/time-range.ts";
import { metricOf } from "#lib/contract/usage-metrics.ts";
import type { UsageTable } from "#lib/contract/usage-report.ts";
import { groupLabel, type UsageView } from "#lib/contract/usage-view.ts";
import { formatCount } from "../../_ui/format.ts";
import { Card } from "../../_ui/primitives/card.tsx";
import { Scroller } from "../../_ui/scroller.tsx";
import { UsageTableRow } from "./usage-table-row.tsx";

export interface UsageTableCardProps {
  table: Promise<UsageTable>;
  view: UsageView;
  interval: Interval;
}

const FIGURES = [
  "Requests",
  "Input",
  "Cached",
  "Output",
  "Spend",
  "Share",
  "Per request",
  "Error rate",
  "p95",
];

/** A row a group, under the row of everything, which is computed over all of them. */
export async function UsageTableCard({ table, view, interval }: UsageTableCardProps) {
  const { groups, rows, totals, hidden } = await table;
  if (totals.requests === 0) {
    return null;
  }
  const { label } = metricOf(view.metric);
  const heads = view.compare ? [...FIGURES, `${label} change`] : FIGURES;
  const times = {
    from: new Date(interval.fromMs).toISOString(),
    to: new Date(interval.toMs).toISOString(),
  };
  return (
    <Card>
      <Scroller label="Usage by group" className="max-h-[36rem]">
        <table className="w-full border-collapse text-sm tabular-nums">
          <caption className="sr-only">
            Usage by {groups.map((group) => groupLabel(group).toLowerCase()).join(" and ")}
          </caption>
          <thead className="sticky top-0 z-[1] bg-surface">
            <tr className="border-border border-b">
              {groups.map((group) => (
                <th key={group} scope="col" className={`${HEAD} text-left`}>
                  {groupLabel(group)}
                </th>
              ))}
              {heads.map((head) => (
                <th key={head} scope="col" className={`${HEAD} text-right`}>
                  {head}
                </th>
              ))}
              <th scope="col" className="sticky right-0 bg-surface">
                <span className="sr-only">Requests of the row</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <UsageTableRow
                key={JSON.stringify(row.groups.map(({ value }) => value))}
                row={row}
                times={times}
                hasChange={view.compare}
              />
            ))}
          </tbody>
          <tfoot className="sticky bottom-0 bg-surface font-medium">
            <UsageTableRow
              row={totals}
              times={times}
              hasChange={view.compare}
              span={groups.length}
            />
          </tfoot>
        </table>
      </Scroller>
      {hidden > 0 ? (
        <p className="border-border border-t px-4 py-2 text-muted-fg text-xs">
          {formatCount(hidden)} more groups are in the totals. Export CSV has up to 10,000.
        </p>
      ) : null}
    </Card>
  );
}

const HEAD = "whitespace-nowrap px-2 py-2 font-medium text-muted-fg text-xs";
