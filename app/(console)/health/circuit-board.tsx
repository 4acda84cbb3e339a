"use client";

import Link from "next/link";
import { getProviderLabel } from "#lib/catalog/providers.ts";
import type { HealthCircuit } from "#lib/contract/health-report.ts";
import { Chip } from "../../_ui/chip.tsx";
import { CircuitState } from "../../_ui/circuit-state.tsx";
import { EmptyState } from "../../_ui/empty-state.tsx";
import { formatPercent } from "../../_ui/format.ts";
import { buttonClass } from "../../_ui/primitives/button.tsx";
import { TickBar } from "./tick-bar.tsx";

interface CircuitBoardProps {
  circuits: readonly HealthCircuit[];
  /** Processes that were heard of lately. */
  instances: number;
}

/** A row for every deployment: its breaker, and the last 24 hours as a bar of quarters. */
export function CircuitBoard({ circuits, instances }: CircuitBoardProps) {
  if (circuits.length === 0) {
    return (
      <EmptyState
        title="No deployments."
        action={
          <Link href="/models/new" className={buttonClass({ variant: "primary" })}>
            Add deployment
          </Link>
        }
      >
        Add a provider to start routing.
      </EmptyState>
    );
  }
  return (
    <ul className="flex flex-col">
      {circuits.map((circuit) => (
        <li
          key={circuit.deployment_id}
          className="grid items-center gap-x-4 gap-y-1 border-border border-b py-2 last:border-b-0 md:grid-cols-[minmax(0,14rem)_minmax(0,11rem)_minmax(0,1fr)_4rem]"
        >
          <span className="min-w-0">
            <Link
              href={`/models/${circuit.deployment_id}?tab=circuit`}
              className="block truncate font-medium text-sm hover:underline"
            >
              {circuit.name}
            </Link>
            <span className="block truncate text-muted-fg text-xs">
              {getProviderLabel(circuit.provider)}, {circuit.model_name}
            </span>
          </span>
          <span className="min-w-0">
            {circuit.is_active ? (
              <CircuitState
                state={circuit.state}
                retryAt={circuit.retry_at}
                reason={circuit.reason}
              />
            ) : (
              <Chip>Off</Chip>
            )}
            {circuit.open_on > 0 && instances > 1 ? (
              <span className="block text-muted-fg text-xs">
                on {circuit.open_on} of {instances} processes
              </span>
            ) : null}
          </span>
          <TickBar circuit={circuit} />
          <span className="text-right text-sm tabular-nums">
            {formatPercent(availabilityOf(circuit))}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Answered over all, for the whole bar; null without requests. */
function availabilityOf({ ticks }: HealthCircuit): number | null {
  const requests = ticks.reduce((sum, tick) => sum + tick.requests, 0);
  const failed = ticks.reduce((sum, tick) => sum + tick.failed, 0);
  return requests === 0 ? null : (requests - failed) / requests;
}
