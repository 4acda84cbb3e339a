import type { Deployment } from "#lib/contract/snapshot.ts";
import { currentSnapshot } from "#lib/db/snapshot.ts";
import { ConduitError } from "#lib/errors.ts";
import { estimateRequest } from "#lib/ledger/tokens.ts";
import { getHealth } from "#lib/routing/health.ts";
import { planRoute, type RoutePlan } from "#lib/routing/plan.ts";
import type { Story } from "./story.ts";

/**
 * Who could answer. A caller with a budget is never sent to a target whose price nobody knows:
 * unknown is not zero, and the budget could not hold.
 */
export function planRequest(story: Story): RoutePlan {
  const health = getHealth();
  const plan = planRoute({
    snapshot: currentSnapshot(),
    model: story.modelAsked,
    allowedModels: story.caller?.allowedModels ?? null,
    random: Math.random,
    latencyMsOf: (deployment) => health.latencyMsOf(deployment),
    costOf: (deployment) => costOf(story, deployment),
  });
  story.alias = plan.alias;
  story.adjusted = new Set(plan.adjusted);
  if ((story.caller?.budgets.length ?? 0) === 0) {
    return plan;
  }
  const targets = plan.targets.filter(({ deployment }) => deployment.price.state !== "unpriced");
  if (targets.length === 0) {
    throw unpriced(story, plan);
  }
  return { ...plan, targets };
}

function costOf(story: Story, { price }: Deployment): bigint | undefined {
  if (story.request === null || price.state === "unpriced") {
    return undefined;
  }
  return estimateRequest({
    request: story.request,
    endpoint: story.endpoint.name,
    prices: [price],
    precision: "bound",
  }).nanos;
}

function unpriced(story: Story, plan: RoutePlan): ConduitError {
  const names = plan.targets.map(({ deployment }) => deployment.name).join(", ");
  return new ConduitError("model_unpriced", {
    message:
      `"${story.modelAsked}" has no known price, and this key counts against a budget. ` +
      `An administrator can set input and output prices on ${names}, or declare it free with prices of 0.`,
    param: "model",
  });
}
