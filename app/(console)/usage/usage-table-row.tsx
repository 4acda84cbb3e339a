import { ScrollText } from "lucide-react";
import type { Route } from "next";
import Link from "next/link";
import type { UsageRow } from "#lib/contract/usage-report.ts";
import { cn } from "../../_ui/cn.ts";
import {
  formatCount,
  formatDelta,
  formatDuration,
  formatPercent,
  formatTokens,
} from "../../_ui/format.ts";
import { Money } from "../../_ui/money.tsx";
import { buttonClass } from "../../_ui/primitives/button.tsx";

export interface UsageTableRowProps {
  row: UsageRow;
  /** The range, so that the list of requests is of just this time. */
  times: { from: string; to: string };
  hasChange: boolean;
  /** Of the row of everything: over how many columns its name goes. */
  span?: number;
}

const CELL = "whitespace-nowrap px-2 py-1.5 text-right";

export function UsageTableRow({ row, times, hasChange, span }: UsageTableRowProps) {
  const name = row.groups.map((group) => group.name).join(", ");
  return (
    <tr className="border-border border-b last:border-0 hover:bg-surface">
      {span === undefined ? (
        row.groups.map((group, at) => (
          <th
            // biome-ignore lint/suspicious/noArrayIndexKey: columns do not move.
            key={at}
            scope={at === 0 ? "row" : undefined}
            title={group.name}
            className="max-w-72 truncate px-2 py-1.5 text-left font-normal"
          >
            {group.name}
          </th>
        ))
      ) : (
        <th scope="row" colSpan={span} className="px-2 py-1.5 text-left">
          Total
        </th>
      )}
      <td className={CELL}>{formatCount(row.requests)}</td>
      <td className={CELL}>{formatTokens(row.input_tokens)}</td>
      <td className={CELL}>{formatTokens(row.cached_tokens)}</td>
      <td className={CELL}>{formatTokens(row.output_tokens)}</td>
      <td className={CELL}>
        <Money usd={spendOf(row)} />
      </td>
      <td className={CELL}>{formatPercent(row.spend_share)}</td>
      <td className={CELL}>
        <Money usd={row.cost_per_request_usd} kind="request" />
      </td>
      <td className={CELL}>{formatPercent(row.error_rate)}</td>
      <td className={CELL}>
        {row.latency_p95_ms === null ? "" : "≈ "}
        {formatDuration(row.latency_p95_ms)}
      </td>
      {hasChange ? (
        <td className={`${CELL} text-muted-fg`}>{formatDelta(row.metric, row.before)}</td>
      ) : null}
      <td
        className={cn(
          "sticky right-0 px-1 py-1 text-right",
          span === undefined ? "bg-bg" : "bg-surface",
        )}
      >
        {row.logs === null ? null : (
          <Link
            href={`/logs?${new URLSearchParams({ ...row.logs, ...times })}` as Route}
            aria-label={span === undefined ? `View logs of ${name}` : "View logs of all"}
            title="View logs"
            className={cn(buttonClass({ variant: "ghost", size: "icon-sm" }), "text-muted-fg")}
          >
            <ScrollText aria-hidden />
          </Link>
        )}
      </td>
    </tr>
  );
}

/** Where nothing with a price was answered, the spend is not zero but unknown. */
function spendOf({ unpriced_requests: unpriced, spend_usd: usd }: UsageRow): string | null {
  return unpriced > 0 && Number(usd) === 0 ? null : usd;
}
