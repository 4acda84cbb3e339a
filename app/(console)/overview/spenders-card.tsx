import type { SpenderGroup } from "#lib/contract/overview.ts";
import type { UsageTable } from "#lib/contract/usage-report.ts";
import { formatCount, formatDelta, formatPercent } from "../../_ui/format.ts";
import { Money } from "../../_ui/money.tsx";
import { Card, CardBody, CardHeader, CardTitle } from "../../_ui/primitives/card.tsx";
import { Scroller } from "../../_ui/scroller.tsx";
import { SpendersToggle } from "./spenders-toggle.tsx";

export interface SpendersCardProps {
  table: Promise<UsageTable>;
  by: SpenderGroup;
  /** Members see themselves alone, and have nothing to compare. */
  canSeePeople: boolean;
}

const HEAD = "px-2 py-1.5 font-medium text-muted-fg text-xs";
const CELL = "whitespace-nowrap px-2 py-1.5 text-right tabular-nums";

export async function SpendersCard({ table, by, canSeePeople }: SpendersCardProps) {
  const { rows, hidden } = await table;
  return (
    <Card>
      <CardHeader>
        <CardTitle>Top spenders</CardTitle>
        <SpendersToggle by={by} canSeePeople={canSeePeople} />
      </CardHeader>
      <CardBody>
        {rows.length === 0 ? (
          <p className="text-muted-fg">No spend in this time.</p>
        ) : (
          <Scroller label="Top spenders" className="-mx-2">
            <table className="w-full">
              <thead>
                <tr className="border-border border-b">
                  <th scope="col" className={`${HEAD} text-left`}>
                    Name
                  </th>
                  {["Requests", "Spend", "Share", "Change"].map((head) => (
                    <th key={head} scope="col" className={`${HEAD} text-right`}>
                      {head}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <tr
                    key={row.groups[0]?.value ?? "none"}
                    className="border-border border-b last:border-0"
                  >
                    <th scope="row" className="max-w-56 truncate px-2 py-1.5 text-left font-normal">
                      {row.groups[0]?.name}
                    </th>
                    <td className={CELL}>{formatCount(row.requests)}</td>
                    <td className={CELL}>
                      <Money usd={row.spend_usd} />
                    </td>
                    <td className={CELL}>{formatPercent(row.spend_share)}</td>
                    <td className={`${CELL} text-muted-fg`}>
                      {formatDelta(row.metric, row.before)}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroller>
        )}
        {hidden > 0 ? (
          <p className="mt-2 text-muted-fg text-xs">and {formatCount(hidden)} more</p>
        ) : null}
      </CardBody>
    </Card>
  );
}
