import { latencyPercentile } from "#lib/catalog/latency-buckets.ts";
import type {
  CheckView,
  CircuitEventView,
  DeploymentBoardRow,
  DeploymentImpact,
  DeploymentPoint,
} from "#lib/contract/deployment-board.ts";
import { instantOf } from "#lib/contract/instants.ts";
import { listCircuitEvents } from "#lib/db/circuit-events.ts";
import { getDb } from "#lib/db/client.ts";
import { recordChange } from "#lib/db/config-version.ts";
import { listChecksOf } from "#lib/db/deployment-checks.ts";
import { sumDeploymentOverTime, sumTrafficByDeployment } from "#lib/db/deployment-usage.ts";
import { getDeployment } from "#lib/db/deployments.ts";
import { currentSnapshot } from "#lib/db/snapshot.ts";
import { getHealth } from "#lib/routing/health.ts";
import { type Actor, scopeOf } from "./actor.ts";
import { applyChange } from "./change.ts";
import { checkViewOf, showDeploymentBoard } from "./deployment-board.ts";
import { requireFound } from "./found.ts";
import { quarterSpan } from "./span.ts";

const EVENTS = 50;
const CHECKS = 10;

/** One row of the board; `undefined` for an id that is none, or of nothing. */
export async function findDeploymentRow(
  actor: Actor,
  id: string,
): Promise<DeploymentBoardRow | undefined> {
  const rows = await showDeploymentBoard(actor);
  return rows.find((row) => row.deployment.id === id);
}

/** A deployment's last hours, in as many points as a chart shows well. */
export async function showDeploymentSeries(
  actor: Actor,
  query: { id: string; hours: number },
): Promise<{ intervalSeconds: number; start: string; end: string; points: DeploymentPoint[] }> {
  const span = quarterSpan(query.hours);
  const intervalSeconds = query.hours <= 24 ? 900 : 6 * 3600;
  const rows = await sumDeploymentOverTime(getDb("console"), {
    ...span,
    scope: scopeOf(actor, "usage.read"),
    deploymentId: query.id,
    intervalSeconds,
  });
  return {
    intervalSeconds,
    start: instantOf(span.start),
    end: instantOf(span.end),
    points: rows.map((row) => ({
      at: instantOf(row.start),
      requests: row.requests,
      failed: row.failed,
      latency_p50_ms: latencyPercentile(row.latencyBuckets, 0.5),
      latency_p95_ms: latencyPercentile(row.latencyBuckets, 0.95),
    })),
  };
}

/** When its breaker changed, newest first, as all processes saw theirs. */
export async function showCircuitEvents(_actor: Actor, id: string): Promise<CircuitEventView[]> {
  const rows = await listCircuitEvents(getDb("console"), { deploymentId: id, limit: EVENTS });
  return rows.map((row) => ({
    at: instantOf(row.at),
    state: row.state,
    reason: row.reason,
    instance_id: row.instanceId,
  }));
}

/** Its latest connection tests, newest first. */
export async function showChecks(actor: Actor, id: string): Promise<CheckView[]> {
  const rows = await listChecksOf(getDb("console"), { deploymentId: id, limit: CHECKS });
  return rows.flatMap((row) => checkViewOf(actor, row) ?? []);
}

/** What taking a deployment away would hit: live figures for the question before it. */
export async function showImpact(actor: Actor, id: string): Promise<DeploymentImpact> {
  const db = getDb("console");
  requireFound(await getDeployment(db, { id }), "deployment");
  const scope = scopeOf(actor, "deployment.delete");
  const day = await sumTrafficByDeployment(db, { ...quarterSpan(24), scope });
  const hour = await sumTrafficByDeployment(db, { ...quarterSpan(1), scope });
  return {
    requests_24h: day.get(id)?.requests ?? 0,
    requests_1h: hour.get(id)?.requests ?? 0,
    aliases: aliasesWith(id),
  };
}

function aliasesWith(id: string): DeploymentImpact["aliases"] {
  const { aliases, deployments } = currentSnapshot();
  return [...aliases.values()]
    .filter(({ members }) => members.some((member) => member.deploymentId === id))
    .map(({ name, members }) => ({
      name,
      is_last: !members.some(
        (member) =>
          member.deploymentId !== id && deployments.get(member.deploymentId)?.isActive === true,
      ),
    }));
}

/**
 * Closes a deployment's breaker and wakes its credential, in this process before it answers and in
 * the others as soon as they hear of it.
 */
export async function resetCircuit(actor: Actor, id: string): Promise<void> {
  await applyChange(actor, async (tx) => {
    requireFound(await getDeployment(tx, { id }), "deployment");
    const { state, reason } = getHealth().healthOf(id);
    await recordChange(tx, { kind: "circuit", subjectId: id });
    return {
      result: undefined,
      kind: "deployment",
      subjectId: id,
      action: "deployment.circuit.reset",
      before: { state, reason },
      after: { state: "closed" },
    };
  });
}
