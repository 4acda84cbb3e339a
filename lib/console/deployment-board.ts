import type {
  CatalogueRow,
  CheckView,
  DeploymentBoardRow,
  PriceView,
} from "#lib/contract/deployment-board.ts";
import { instantOf } from "#lib/contract/instants.ts";
import { sharesOf } from "#lib/contract/share.ts";
import { CATCH_ALL } from "#lib/contract/snapshot.ts";
import { getDb } from "#lib/db/client.ts";
import { type DeploymentCheckRow, listLastChecks } from "#lib/db/deployment-checks.ts";
import { sumTrafficByDeployment } from "#lib/db/deployment-usage.ts";
import { type DeploymentRow, listDeployments } from "#lib/db/deployments.ts";
import { countFailedTries } from "#lib/db/failed-tries.ts";
import { currentSnapshot } from "#lib/db/snapshot.ts";
import { getContextWindow } from "#lib/ledger/catalogue-price.ts";
import { type Actor, scopeOf } from "./actor.ts";
import { deploymentInfoFor, seesInside } from "./deployment-view.ts";
import { priceViewOf } from "./price-view.ts";
import { quarterSpan } from "./span.ts";
import { trafficViewOf } from "./traffic-view.ts";

/** More deployments than this are no longer one page; the admin API pages through them. */
const MAX_ROWS = 1000;
const HOURS = 24;

/** Every deployment with how it did in the last 24 hours, for the requests that the actor may see. */
export async function showDeploymentBoard(actor: Actor): Promise<DeploymentBoardRow[]> {
  const db = getDb("console");
  const { rows } = await listDeployments(db, { limit: MAX_ROWS, offset: 0 });
  const traffic = await sumTrafficByDeployment(db, {
    ...quarterSpan(HOURS),
    scope: scopeOf(actor, "usage.read"),
  });
  // Counted over everybody's requests, so for those alone who may see all of a deployment.
  const failed = seesInside(actor) ? await countFailedTries(db, quarterSpan(HOURS)) : undefined;
  const checks = await listLastChecks(db);
  const aliasesOf = aliasesByDeployment();
  const shares = sharesById(rows);
  return rows.map((row) => ({
    deployment: deploymentInfoFor(actor, row),
    aliases: aliasesOf.get(row.id) ?? [],
    share: shares.get(row.id) ?? 0,
    price: priceOf(row),
    traffic: trafficViewOf(traffic.get(row.id)),
    failed_tries: failed === undefined ? null : (failed.get(row.id) ?? 0),
    last_check: checkViewOf(actor, checks.get(row.id)),
  }));
}

/** Deployments of one model's name share its requests by priority, then by weight. */
function sharesById(rows: readonly DeploymentRow[]): Map<string, number> {
  const byId = new Map<string, number>();
  for (const group of Map.groupBy(rows, (row) => row.modelName).values()) {
    const shares = sharesOf("priority", group);
    group.forEach((row, at) => {
      byId.set(row.id, shares[at] ?? 0);
    });
  }
  return byId;
}

/** The models that can be asked for, over their deployments. */
export async function showCatalogue(_actor: Actor): Promise<CatalogueRow[]> {
  const { rows } = await listDeployments(getDb("console"), { limit: MAX_ROWS, offset: 0 });
  const aliasesOf = aliasesByDeployment();
  const groups = [...Map.groupBy(rows, (row) => row.modelName)];
  return groups
    .map(([model, group]) => ({
      model,
      providers: [...new Set(group.map((row) => row.provider))],
      deployments: group.map(({ id, name, isActive }) => ({ id, name, is_active: isActive })),
      aliases: [...new Set(group.flatMap((row) => aliasesOf.get(row.id) ?? []))].toSorted(),
      context_window: group.map(getContextWindow).find((size) => size !== undefined) ?? null,
      price: cheapestOf(group),
    }))
    .toSorted((a, b) => a.model.localeCompare(b.model));
}

/** The first active deployment that has a price speaks for its model. */
function cheapestOf(group: readonly DeploymentRow[]): PriceView {
  const ordered = group.toSorted((a, b) => Number(b.isActive) - Number(a.isActive));
  const views = ordered.map(priceOf);
  return views.find((view) => view.state !== "unpriced") ?? priceViewOf(undefined, { own: false });
}

function priceOf(row: DeploymentRow): PriceView {
  const own = row.inputPricePerMillionNanos !== null || row.outputPricePerMillionNanos !== null;
  return priceViewOf(currentSnapshot().deployments.get(row.id)?.price, { own });
}

/** The catch-all says least about a deployment, so it comes last. */
function aliasesByDeployment(): Map<string, string[]> {
  const byId = new Map<string, string[]>();
  const aliases = [...currentSnapshot().aliases.values()];
  for (const { name, members } of aliases.toSorted(catchAllLast)) {
    for (const { deploymentId } of members) {
      byId.set(deploymentId, [...(byId.get(deploymentId) ?? []), name]);
    }
  }
  return byId;
}

function catchAllLast(a: { name: string }, b: { name: string }): number {
  return Number(a.name === CATCH_ALL) - Number(b.name === CATCH_ALL);
}

/** A check as pages show it; what the provider wrote is for those who may change the deployment. */
export function checkViewOf(actor: Actor, row: DeploymentCheckRow | undefined): CheckView | null {
  if (row === undefined) {
    return null;
  }
  const note = row.steps.find((step) => step.state === "failed")?.note ?? null;
  return {
    at: instantOf(row.at),
    ok: row.ok,
    ms: row.durationMs,
    note: seesInside(actor) ? note : null,
  };
}
