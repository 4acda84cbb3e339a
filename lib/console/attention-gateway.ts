import type { AttentionItem } from "#lib/contract/overview.ts";
import { type Alias, CATCH_ALL, type Deployment, type Snapshot } from "#lib/contract/snapshot.ts";
import { getDb } from "#lib/db/client.ts";
import { listUnpricedModels } from "#lib/db/deployment-usage.ts";
import { listInstances } from "#lib/db/instances.ts";
import { currentSnapshot } from "#lib/db/snapshot.ts";
import { getHealth } from "#lib/routing/health.ts";
import { quarterSpan } from "./span.ts";

/** Three heartbeats: what a process said earlier is no longer so. */
const RECENT_MS = 45_000;

/** Deployments that some process keeps requests from. */
export async function openCircuits(): Promise<AttentionItem[]> {
  const since = new Date(Date.now() - RECENT_MS);
  const others = (await listInstances(getDb("console"), { since })).flatMap(
    ({ circuits }) => circuits,
  );
  return [...currentSnapshot().deployments.values()].flatMap((deployment) => {
    const reason = openReason(deployment, others);
    return reason === undefined
      ? []
      : [
          {
            id: `circuit ${deployment.id}`,
            level: "danger" as const,
            title: `${deployment.name} gets no requests`,
            detail: reason ?? "Its circuit is open after failures.",
            href: `/models/${deployment.id}?tab=circuit`,
            action: "Open circuit",
          },
        ];
  });
}

/** Why a deployment's breaker is open; `undefined` when it is not. */
function openReason(
  deployment: Deployment,
  others: readonly { deploymentId: string; state: string; reason: string | null }[],
): string | null | undefined {
  const own = getHealth().healthOf(deployment.id);
  if (own.state === "open") {
    return own.reason;
  }
  return others.find(
    ({ deploymentId, state }) => deploymentId === deployment.id && state === "open",
  )?.reason;
}

/**
 * Deployments whose key does not open: another master key, or a row that somebody has changed past
 * the gateway. They serve nothing until the key is entered again.
 */
export function closedKeys(): AttentionItem[] {
  return [...currentSnapshot().deployments.values()]
    .filter(({ credentialId, apiKey }) => credentialId !== null && apiKey === null)
    .map(({ id, name }) => ({
      id: `key ${id}`,
      level: "danger" as const,
      title: `${name} has a key that does not open`,
      detail: "The master key is another one, or its row was changed in the database.",
      href: `/models/${id}`,
      action: "Enter the key again",
    }));
}

/** Aliases with no second deployment to turn to, and no fallback either. */
export async function lonelyAliases(): Promise<AttentionItem[]> {
  const snapshot = currentSnapshot();
  return [...snapshot.aliases.values()]
    .filter(({ name, fallbacks }) => name !== CATCH_ALL && fallbacks.length === 0)
    .map((alias) => ({ alias, healthy: healthyMembers(snapshot, alias) }))
    .filter(({ healthy }) => healthy < 2)
    .map(({ alias, healthy }) => ({
      id: `alias ${alias.name}`,
      level: healthy === 0 ? ("danger" as const) : ("warning" as const),
      title:
        healthy === 0
          ? `Nobody answers for alias ${alias.name}`
          : `Alias ${alias.name} has no working backup`,
      detail:
        healthy === 0
          ? "None of its deployments is active and healthy."
          : "When its one healthy deployment fails, requests fail too.",
      href: `/routing/${encodeURIComponent(alias.name)}`,
      action: "Edit alias",
    }));
}

function healthyMembers({ deployments }: Snapshot, { members }: Alias): number {
  return members.filter(({ deploymentId }) => {
    const isActive = deployments.get(deploymentId)?.isActive === true;
    return isActive && getHealth().healthOf(deploymentId).state !== "open";
  }).length;
}

const A_WEEK_HOURS = 7 * 24;
const MODELS_READ = 50;

/** Models that answered in the last week without a known price. */
export async function unpricedModels(): Promise<AttentionItem[]> {
  const span = quarterSpan(A_WEEK_HOURS);
  const models = await listUnpricedModels(getDb("console"), { ...span, limit: MODELS_READ });
  const [first] = models;
  if (first === undefined) {
    return [];
  }
  const requests = models.reduce((sum, model) => sum + model.requests, 0);
  const count = requests.toLocaleString("en-US");
  return [
    {
      id: "unpriced",
      level: "warning",
      title:
        models.length === 1
          ? `${first.model} has no price`
          : `${models.length} models have no price`,
      detail: `${count} requests of the last 7 days are not in the spend.`,
      href: "/settings/pricing",
      action: "Add price",
    },
  ];
}
