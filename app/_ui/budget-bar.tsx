"use client";

import type { z } from "zod";
import type { budgetPeriod } from "#lib/contract/limit-fields.ts";
import { parseUsd } from "#lib/money.ts";
import { cn } from "./cn.ts";
import { formatMoney, formatPercent } from "./format.ts";
import { formatRelative, formatTimeExact } from "./format-time.ts";
import { Tooltip, TooltipText } from "./primitives/tooltip.tsx";
import { useClock } from "./viewer-context.tsx";

export interface BudgetBarProps {
  spentUsd: string;
  /** `null` is no limit. */
  limitUsd: string | null;
  /** Room on top, given once. */
  raiseUsd?: string | null;
  period: z.infer<typeof budgetPeriod> | null;
  resetsAt: string | null;
  /** Where the warning begins, marked on the bar. */
  softPercent?: number | null;
  /** Whose budget, for the bar's name: "Growth". */
  name: string;
}

const PERIODS = { total: "in total", day: "daily", week: "weekly", month: "monthly" } as const;

/** `<BudgetBar name={key.name} spentUsd="41.2" limitUsd="50" period="month" resetsAt={…} />` reads `$41.20 of $50.00 monthly, resets in 8 d`. */
export function BudgetBar(props: BudgetBarProps) {
  const { spentUsd, limitUsd, raiseUsd = null, period, resetsAt, softPercent = null, name } = props;
  const clock = useClock();
  if (limitUsd === null) {
    return <span className="text-muted-fg text-sm">{formatMoney(spentUsd)}, no limit</span>;
  }
  const ratio = ratioOf(spentUsd, limitUsd, raiseUsd);
  const resets = resetsAt === null ? "" : `, resets ${formatRelative(resetsAt)}`;
  const text = `${formatMoney(spentUsd)} of ${formatMoney(limitUsd)} ${PERIODS[period ?? "total"]}`;
  const raised = raiseUsd === null ? "" : ` + ${formatMoney(raiseUsd)} once`;
  return (
    <div className="flex min-w-32 flex-col gap-1">
      <meter
        className="sr-only"
        aria-label={`Budget of ${name}`}
        value={Math.min(1, ratio)}
        aria-valuetext={`${formatPercent(ratio)} used`}
      />
      <div aria-hidden className="relative h-1.5 overflow-hidden rounded-full bg-muted">
        <div
          className={cn("h-full rounded-full", toneOf(ratio, softPercent))}
          style={{ width: `${Math.min(100, ratio * 100)}%` }}
        />
        {softPercent === null ? null : (
          <div className="absolute inset-y-0 w-px bg-fg" style={{ left: `${softPercent}%` }} />
        )}
      </div>
      <Tooltip
        content={`${formatPercent(ratio)} used${resetsAt === null ? "" : `; resets ${formatTimeExact(resetsAt, clock)}`}`}
      >
        <TooltipText className="text-muted-fg text-xs tabular-nums">
          {text}
          {raised}
          <span suppressHydrationWarning>{resets}</span>
          {ratio >= 1 ? <span className="font-medium text-danger"> (used up)</span> : null}
        </TooltipText>
      </Tooltip>
    </div>
  );
}

/** A budget of zero is used up from the start. */
function ratioOf(spentUsd: string, limitUsd: string, raiseUsd: string | null): number {
  const limit = (parseUsd(limitUsd) ?? 0n) + (parseUsd(raiseUsd ?? "0") ?? 0n);
  return limit === 0n ? 1 : Number(parseUsd(spentUsd) ?? 0n) / Number(limit);
}

function toneOf(ratio: number, softPercent: number | null): string {
  if (ratio >= 1) {
    return "bg-danger";
  }
  return softPercent !== null && ratio * 100 >= softPercent ? "bg-warning" : "bg-primary";
}
