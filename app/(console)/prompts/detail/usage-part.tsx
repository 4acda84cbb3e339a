"use client";

import type { Route } from "next";
import Link from "next/link";
import type { PromptVersionUsage } from "#lib/contract/prompt-board.ts";
import { type Column, DataTable } from "../../../_ui/data-table.tsx";
import { Duration } from "../../../_ui/duration.tsx";
import { EmptyState } from "../../../_ui/empty-state.tsx";
import { ErrorCard } from "../../../_ui/error-card.tsx";
import { formatCount } from "../../../_ui/format.ts";
import { Money } from "../../../_ui/money.tsx";
import { buttonClass } from "../../../_ui/primitives/button.tsx";
import { Skeleton } from "../../../_ui/primitives/skeleton.tsx";
import { useIsland } from "../../../_ui/use-island.ts";
import { promptHref } from "../prompt-href.ts";

export interface UsagePartProps {
  name: string;
}

/** What each version was used for in a week. */
export function UsagePart({ name }: UsagePartProps) {
  const path = `/api/console/prompts/usage?name=${encodeURIComponent(name)}` as const;
  const { data, error, refresh, isRefreshing } = useIsland<PromptVersionUsage[]>(path);
  if (error !== null) {
    return (
      <ErrorCard title="Could not load the usage." onRetry={refresh}>
        {error.message}
      </ErrorCard>
    );
  }
  if (data === undefined) {
    return <Skeleton className="h-64" />;
  }
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <p className="text-muted-fg text-sm">Requests of the last 7 days that you may see.</p>
      <DataTable
        name="prompt-usage"
        caption="Usage by version"
        columns={columnsFor(name)}
        rows={data}
        rowId={(row) => String(row.version)}
        isRefreshing={isRefreshing}
        empty={
          <EmptyState title="No requests yet.">
            Requests that name this prompt are counted here by version.
          </EmptyState>
        }
      />
      <Link
        href={`/logs?prompt=${encodeURIComponent(name)}&range=7d` as Route}
        className={`${buttonClass()} self-start`}
      >
        Open in logs
      </Link>
    </div>
  );
}

function columnsFor(name: string): Column<PromptVersionUsage>[] {
  return [
    {
      id: "version",
      header: "Version",
      cell: ({ version }) => (
        <Link href={promptHref(name, { v: version })} className="hover:underline">
          Version {version}
        </Link>
      ),
    },
    {
      id: "requests",
      header: "Requests",
      align: "end",
      mobile: "side",
      cell: ({ requests }) => formatCount(requests),
    },
    {
      id: "cost",
      header: "Cost",
      align: "end",
      mobile: "line",
      cell: ({ cost_usd: cost }) => <Money usd={cost} />,
    },
    {
      id: "latency",
      header: "Latency p95",
      align: "end",
      mobile: "line",
      cell: ({ latency_ms_p95: ms }) => <Duration ms={ms} />,
    },
  ];
}
