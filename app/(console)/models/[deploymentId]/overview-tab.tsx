"use client";

import Link from "next/link";
import type { DeploymentBoardRow, DeploymentPoint } from "#lib/contract/deployment-board.ts";
import type { ChartBucket } from "../../../_ui/charts/chart-data.ts";
import { TimeChart } from "../../../_ui/charts/time-chart.tsx";
import { cn } from "../../../_ui/cn.ts";
import { Duration } from "../../../_ui/duration.tsx";
import { EmptyState } from "../../../_ui/empty-state.tsx";
import { formatCount, formatDuration, formatPercent } from "../../../_ui/format.ts";
import { Percent } from "../../../_ui/percent.tsx";
import { buttonClass } from "../../../_ui/primitives/button.tsx";
import { PriceText } from "../price-text.tsx";
import { Facts } from "./facts.tsx";

interface OverviewTabProps {
  row: DeploymentBoardRow;
  series: { intervalSeconds: number; start: string; end: string; points: DeploymentPoint[] };
  isWeek: boolean;
  /** Whether all requests are counted, and not only those that the viewer may see. */
  isAll: boolean;
}

/** How it did lately: figures first, then requests and latency over time. */
export function OverviewTab({ row, series, isWeek, isAll }: OverviewTabProps) {
  const { deployment, traffic, share, price } = row;
  const { buckets, points } = fill(series);
  const requests = sumOf(series.points, "requests");
  const failed = sumOf(series.points, "failed");
  const span = isWeek ? "7 days" : "24 hours";
  return (
    <div className="flex flex-col gap-4">
      <Facts
        facts={[
          ["Requests, 24 h", formatCount(traffic.requests)],
          ["Errors", <Percent key="errors" ratio={traffic.error_rate} />],
          ...(row.failed_tries === null
            ? []
            : ([["Failed tries, 24 h", formatCount(row.failed_tries)]] as const)),
          ["p95 latency", <Duration key="p95" ms={traffic.latency_p95_ms} />],
          ["Share of its model", <Percent key="share" ratio={share} />],
          ["Price per 1M", <PriceText key="price" price={price} />],
        ]}
      />
      {isAll ? null : (
        <p className="text-muted-fg text-sm">Counted are the requests that you may see.</p>
      )}
      <RangeLinks id={deployment.id} isWeek={isWeek} />
      {requests === 0 ? (
        <EmptyState title={`No requests in the last ${span}.`}>
          It shows up here as soon as it answers one.
        </EmptyState>
      ) : (
        <>
          <TimeChart
            title="Requests"
            summary={`${formatCount(requests)} requests in the last ${span}; ${formatPercent(failed / requests)} failed.`}
            shape="bars"
            unit="count"
            syncId="deployment"
            buckets={buckets}
            series={[
              {
                id: "answered",
                label: "Answered",
                color: "success",
                values: points.map((point) => (point ? point.requests - point.failed : 0)),
              },
              {
                id: "failed",
                label: "Failed",
                color: "danger",
                values: points.map((point) => point?.failed ?? 0),
              },
            ]}
          />
          <TimeChart
            title="Latency"
            summary={`The 95th percentile of the last 24 hours is ${formatDuration(traffic.latency_p95_ms)}.`}
            shape="lines"
            unit="ms"
            syncId="deployment"
            buckets={buckets}
            series={[
              {
                id: "p50",
                label: "p50",
                color: "series-1",
                values: points.map((point) => point?.latency_p50_ms ?? null),
              },
              {
                id: "p95",
                label: "p95",
                color: "series-2",
                values: points.map((point) => point?.latency_p95_ms ?? null),
              },
            ]}
          />
        </>
      )}
    </div>
  );
}

function RangeLinks({ id, isWeek }: { id: string; isWeek: boolean }) {
  const look = (isCurrent: boolean) =>
    cn(buttonClass({ variant: "outline", size: "sm" }), isCurrent && "border-primary bg-muted");
  return (
    <nav aria-label="Time range" className="flex gap-2">
      <Link
        href={`/models/${id}`}
        aria-current={isWeek ? undefined : "true"}
        className={look(!isWeek)}
        scroll={false}
      >
        24 hours
      </Link>
      <Link
        href={`/models/${id}?range=7d`}
        aria-current={isWeek ? "true" : undefined}
        className={look(isWeek)}
        scroll={false}
      >
        7 days
      </Link>
    </nav>
  );
}

function sumOf(points: readonly DeploymentPoint[], field: "requests" | "failed"): number {
  return points.reduce((sum, point) => sum + point[field], 0);
}

/** Every interval of the span; one without requests has none, and no latency either. */
function fill({ intervalSeconds, start, end, points }: OverviewTabProps["series"]): {
  buckets: ChartBucket[];
  points: (DeploymentPoint | undefined)[];
} {
  const stepMs = intervalSeconds * 1000;
  const byStart = new Map(points.map((point) => [Date.parse(point.at), point]));
  const firstMs = Math.floor(Date.parse(start) / stepMs) * stepMs;
  const buckets: ChartBucket[] = [];
  const filled: (DeploymentPoint | undefined)[] = [];
  for (let atMs = firstMs; atMs < Date.parse(end); atMs += stepMs) {
    buckets.push({
      from: new Date(atMs).toISOString(),
      to: new Date(atMs + stepMs).toISOString(),
    });
    filled.push(byStart.get(atMs));
  }
  return { buckets, points: filled };
}
