"use client";

import { CircleX, Coins, Gauge } from "lucide-react";
import type { Route } from "next";
import Link from "next/link";
import { Chip } from "../../_ui/chip.tsx";
import { formatDuration, formatId, formatMoney, formatTokenFlow } from "../../_ui/format.ts";
import type { Run } from "./playground-state.ts";

const STATES = {
  running: "Answering",
  done: "Complete",
  stopped: "Stopped",
  failed: "Failed",
} as const satisfies Record<Run["state"], string>;

const PROBLEMS: Readonly<Record<string, string>> = {
  budget_exceeded: "Over budget",
  rate_limit_exceeded: "Rate limited",
  content_blocked: "Blocked",
  guardrail_unavailable: "A guardrail could not check it",
  content_filter: "Blocked by the provider",
  model_not_found: "Model not available",
  model_unpriced: "No price",
};

export interface RunFactsProps {
  run: Run;
  isFastest: boolean;
  isCheapest: boolean;
}

/** What an answer took, who gave it, and why it ended where it did. */
export function RunFacts({ run, isFastest, isCheapest }: RunFactsProps) {
  const { problem } = run;
  return (
    <div className="mt-2 flex flex-col gap-2">
      {problem === null ? null : (
        <div className="rounded-md bg-chip-danger-bg p-2 text-chip-danger-fg text-sm">
          <p className="flex items-center gap-1.5 font-medium">
            <CircleX aria-hidden className="size-4 shrink-0" />
            {labelOf(problem)}
          </p>
          <p className="break-words">{problem.message}</p>
        </div>
      )}
      <dl className="flex flex-wrap gap-x-3 gap-y-1 text-muted-fg text-xs tabular-nums">
        <Fact label="State" value={STATES[run.state]} />
        {run.ttftMs === null ? null : <Fact label="TTFT" value={formatDuration(run.ttftMs)} />}
        {run.totalMs === null ? null : <Fact label="Total" value={formatDuration(run.totalMs)} />}
        {run.inputTokens === null ? null : (
          <Fact label="Tokens" value={formatTokenFlow(run.inputTokens, run.outputTokens)} />
        )}
        {run.costUsd === null ? null : (
          <Fact label="Cost" value={formatMoney(run.costUsd, "request")} />
        )}
        {run.deployment === null ? null : <Fact label="Deployment" value={run.deployment} />}
        {run.requestId === null ? null : (
          <div className="flex gap-1">
            <dt>Request</dt>
            <dd>
              <Link
                href={`/logs?log=${run.requestId}` as Route}
                className="font-mono text-fg underline underline-offset-4"
              >
                {formatId(run.requestId)}
              </Link>
            </dd>
          </div>
        )}
      </dl>
      <Badges run={run} isFastest={isFastest} isCheapest={isCheapest} />
    </div>
  );
}

function Badges({ run, isFastest, isCheapest }: RunFactsProps) {
  const isCached = run.cache?.startsWith("HIT") === true;
  if (!(isFastest || isCheapest || isCached || run.attempts > 1)) {
    return null;
  }
  return (
    <div className="flex flex-wrap gap-1.5">
      {isFastest ? (
        <Chip tone="success" icon={<Gauge aria-hidden />}>
          Fastest
        </Chip>
      ) : null}
      {isCheapest ? (
        <Chip tone="success" icon={<Coins aria-hidden />}>
          Cheapest
        </Chip>
      ) : null}
      {isCached ? <Chip tone="info">Cached</Chip> : null}
      {run.attempts > 1 ? <Chip tone="warning">{run.attempts} attempts</Chip> : null}
    </div>
  );
}

function Fact({ label, value }: { label: string; value: string }) {
  return (
    <div className="flex gap-1">
      <dt>{label}</dt>
      <dd className="text-fg">{value}</dd>
    </div>
  );
}

function labelOf({ status, code }: NonNullable<Run["problem"]>): string {
  const word = code === null ? undefined : PROBLEMS[code];
  const name = word ?? code ?? "No answer";
  return status === null ? name : `${name}, ${status}`;
}
