import type { AliasPlan, AliasSimulate } from "#lib/contract/alias.ts";
import type { Deployment, Price, Snapshot } from "#lib/contract/snapshot.ts";
import { NO_USAGE } from "#lib/contract/usage.ts";
import { getAlias } from "#lib/db/aliases.ts";
import { getDb } from "#lib/db/client.ts";
import { currentSnapshot } from "#lib/db/snapshot.ts";
import { priceUsage } from "#lib/ledger/price.ts";
import { formatUsd } from "#lib/money.ts";
import type { Target } from "#lib/routing/group.ts";
import { getHealth } from "#lib/routing/health.ts";
import { planRoute, type RoutePlan } from "#lib/routing/plan.ts";
import type { Actor } from "./actor.ts";
import { requireFound } from "./found.ts";
import { readSimulatedKey, type SimulatedKey } from "./simulated-key.ts";

/**
 * The order in which an alias would be tried now, by the planner that serves requests: those who
 * are ready as planned, then those who rest, the soonest back first. Nothing is called. Throws what
 * the planner throws: 404 for a key that may not ask for the alias, 503 when nobody is active.
 */
export async function simulateAlias(
  _actor: Actor,
  name: string,
  input: AliasSimulate,
): Promise<AliasPlan> {
  requireFound(await getAlias(getDb("console"), { name }), "alias");
  const snapshot = currentSnapshot();
  const key = await readSimulatedKey(input.key_id);
  const plan = planRoute({
    snapshot,
    model: name,
    allowedModels: key.allowedModels,
    random: seededRandom(input.seed),
    latencyMsOf: (deployment) => getHealth().latencyMsOf(deployment),
    costOf: ({ price }) => costOf(price, input),
  });
  const asked = plan.targets.filter((target) => mayCost(target, key));
  return {
    alias: plan.alias,
    max_attempts: plan.maxAttempts,
    targets: inOrder(asked, input).map((target) => describeTarget(target, input)),
    skipped: skippedOf({ snapshot, name, plan, key }),
  };
}

/** A key with a budget is never sent to a target whose price nobody knows. */
function mayCost({ deployment }: Target, key: SimulatedKey): boolean {
  return !key.hasBudget || deployment.price.state !== "unpriced";
}

function inOrder(targets: readonly Target[], input: AliasSimulate): Target[] {
  const resting = targets.filter(({ deployment }) => restOf(deployment, input) !== null);
  const ready = targets.filter((target) => !resting.includes(target));
  const health = getHealth();
  return [
    ...ready,
    ...resting.toSorted((a, b) => health.restMsOf(a.deployment) - health.restMsOf(b.deployment)),
  ];
}

/** Why a target is asked only when nobody better is left. */
function restOf(deployment: Deployment, input: AliasSimulate): string | null {
  if (isPretended(deployment, input)) {
    return "its circuit is taken to be open";
  }
  const health = getHealth();
  if (health.isReady(deployment)) {
    return null;
  }
  const { state, reason } = health.healthOf(deployment.id);
  return reason ?? (state === "closed" ? "its credential rests" : "its circuit is open");
}

function isPretended({ id, name }: Deployment, { pretend_open: open }: AliasSimulate): boolean {
  return open.includes(id) || open.includes(name);
}

function describeTarget(
  { deployment, reason }: Target,
  input: AliasSimulate,
): AliasPlan["targets"][number] {
  const cost = costOf(deployment.price, input);
  return {
    deployment_id: deployment.id,
    deployment: deployment.name,
    provider: deployment.provider,
    model: deployment.modelName,
    reason,
    health: isPretended(deployment, input) ? "open" : getHealth().healthOf(deployment.id).state,
    resting: restOf(deployment, input),
    estimated_cost_usd: cost === undefined ? null : formatUsd(cost),
  };
}

/** Members that are not asked whatever happens, and targets that the key's budget rules out. */
function skippedOf(run: {
  snapshot: Snapshot;
  name: string;
  plan: RoutePlan;
  key: SimulatedKey;
}): AliasPlan["skipped"] {
  const { snapshot, name, plan, key } = run;
  const members = snapshot.aliases.get(name)?.members ?? [];
  const inactive = members
    .map(({ deploymentId }) => snapshot.deployments.get(deploymentId))
    .filter((deployment) => deployment?.isActive === false);
  const unpriced = plan.targets.filter((target) => !mayCost(target, key));
  return [
    ...inactive.map((deployment) => ({
      deployment: deployment?.name ?? "",
      reason: "it is switched off",
    })),
    ...unpriced.map(({ deployment }) => ({
      deployment: deployment.name,
      reason: "it has no known price, and this key counts against a budget",
    })),
  ];
}

/** What the request would cost there; `undefined` without a known price. */
function costOf(price: Price, size: AliasSimulate): bigint | undefined {
  const { input_tokens: input, output_tokens: output } = size;
  return price.state === "unpriced"
    ? undefined
    : priceUsage({ ...NO_USAGE, input, output }, price).costNanos;
}

/** Mulberry32: a small generator whose draws can be repeated from its seed. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
