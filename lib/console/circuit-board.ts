import type { HealthCircuit, HealthTick } from "#lib/contract/health-report.ts";
import { instantOf } from "#lib/contract/instants.ts";
import type { Deployment } from "#lib/contract/snapshot.ts";
import { type CircuitEventRow, listCircuitEventsBetween } from "#lib/db/circuit-events.ts";
import { getDb } from "#lib/db/client.ts";
import { listTrafficTicks } from "#lib/db/deployment-usage.ts";
import type { InstanceRow } from "#lib/db/instances.ts";
import { currentSnapshot } from "#lib/db/snapshot.ts";
import { getHealth } from "#lib/routing/health.ts";
import { quarterSpan } from "./span.ts";

const TICK_MS = 15 * 60_000;
const HOURS = 24;
const TICKS = (HOURS * 3_600_000) / TICK_MS;
/** A board of a stormy day needs no more to be right to the quarter of an hour. */
const MAX_EVENTS = 20_000;

/** Every deployment's breaker now, and how it did in the quarters of the last 24 hours. */
export async function readCircuitBoard(
  instances: readonly InstanceRow[],
): Promise<HealthCircuit[]> {
  const db = getDb("console");
  const span = quarterSpan(HOURS);
  const fromMs = span.start.getTime();
  const traffic = Map.groupBy(await listTrafficTicks(db, span), (row) => row.deploymentId);
  const events = Map.groupBy(
    await listCircuitEventsBetween(db, { ...span, limit: MAX_EVENTS }),
    (event) => event.deploymentId,
  );
  return [...currentSnapshot().deployments.values()]
    .map((deployment) => {
      const ticks = emptyTicks();
      for (const { at, requests, failed } of traffic.get(deployment.id) ?? []) {
        const tick = ticks[Math.floor((at.getTime() - fromMs) / TICK_MS)];
        if (tick !== undefined) {
          tick.requests += requests;
          tick.failed += failed;
        }
      }
      markOpen(ticks, events.get(deployment.id) ?? [], fromMs);
      return { ...circuitOf(deployment, instances), ticks, ticks_from: instantOf(span.start) };
    })
    .toSorted((a, b) => a.name.localeCompare(b.name));
}

function emptyTicks(): HealthTick[] {
  return Array.from({ length: TICKS }, () => ({ requests: 0, failed: 0, was_open: false }));
}

/**
 * Marks the quarters in which a breaker of any process was open: from each opening until the same
 * process closed it, or until now.
 */
function markOpen(ticks: HealthTick[], events: readonly CircuitEventRow[], fromMs: number): void {
  for (const own of Map.groupBy(events, (event) => event.instanceId).values()) {
    let openedMs: number | undefined;
    for (const event of own) {
      const atMs = event.at.getTime();
      if (event.state === "closed") {
        // One that was closed without an opening in sight was opened before the board begins.
        mark(ticks, { fromMs: (openedMs ?? fromMs) - fromMs, toMs: atMs - fromMs });
        openedMs = undefined;
      } else {
        openedMs ??= atMs;
      }
    }
    if (openedMs !== undefined) {
      mark(ticks, { fromMs: openedMs - fromMs, toMs: Date.now() - fromMs });
    }
  }
}

function mark(ticks: HealthTick[], { fromMs, toMs }: { fromMs: number; toMs: number }): void {
  const last = Math.min(TICKS - 1, Math.floor(toMs / TICK_MS));
  for (let at = Math.max(0, Math.floor(fromMs / TICK_MS)); at <= last; at += 1) {
    const tick = ticks[at];
    if (tick !== undefined) {
      tick.was_open = true;
    }
  }
}

/** This process speaks for itself at once; the others through their last heartbeat. */
function circuitOf(
  { id, name, provider, modelName, isActive }: Deployment,
  instances: readonly InstanceRow[],
): Omit<HealthCircuit, "ticks" | "ticks_from"> {
  const own = getHealth().healthOf(id);
  const told = instances.flatMap(({ circuits }) =>
    circuits.filter((circuit) => circuit.deploymentId === id),
  );
  return {
    deployment_id: id,
    name,
    provider,
    model_name: modelName,
    is_active: isActive,
    state: own.state,
    retry_at: own.retryAtMs === null ? null : new Date(own.retryAtMs).toISOString(),
    reason: own.reason ?? told[0]?.reason ?? null,
    open_on: Math.max(told.length, own.state === "closed" ? 0 : 1),
  };
}
