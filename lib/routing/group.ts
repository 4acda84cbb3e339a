import {
  type Alias,
  CATCH_ALL,
  type Deployment,
  type RoutingStrategy,
  type Snapshot,
} from "#lib/contract/snapshot.ts";
import { type Candidate, type OrderFacts, STRATEGIES } from "./strategies.ts";

/** What a name stands for: candidates, how to order them, and where to go on after them. */
export interface Group {
  name: string;
  /** How the group is called in a target's reason. */
  label: string;
  kind: "alias" | "model" | "deployment";
  strategy: RoutingStrategy;
  candidates: readonly Candidate[];
  fallbacks: readonly string[];
}

export interface Resolved {
  group: Group;
  alias: Alias | null;
}

/** One deployment that may answer. */
export interface Target {
  deployment: Deployment;
  /** Why it is in the plan and at this place, for logs and dry runs: `alias "fast": priority 1`. */
  reason: string;
}

/** Alias, then model name, then deployment name, then the catch-all. */
export function resolveName(snapshot: Snapshot, name: string): Resolved | undefined {
  return resolveConfigured(snapshot, name) ?? resolveAlias(snapshot, CATCH_ALL);
}

function resolveConfigured(snapshot: Snapshot, name: string): Resolved | undefined {
  if (name === CATCH_ALL) {
    return undefined;
  }
  return resolveAlias(snapshot, name) ?? resolveDeployments(snapshot, name);
}

function resolveAlias(snapshot: Snapshot, name: string): Resolved | undefined {
  const alias = snapshot.aliases.get(name);
  if (alias === undefined) {
    return undefined;
  }
  const candidates: Candidate[] = [];
  for (const { deploymentId, priority, weight } of alias.members) {
    const deployment = snapshot.deployments.get(deploymentId);
    if (deployment?.isActive) {
      candidates.push({ deployment, priority, weight });
    }
  }
  const { strategy, fallbacks } = alias;
  const label = `alias "${name}"`;
  return { alias, group: { name, label, kind: "alias", strategy, candidates, fallbacks } };
}

function resolveDeployments(snapshot: Snapshot, name: string): Resolved | undefined {
  const sharing = snapshot.byModelName.get(name);
  const named = snapshot.byName.get(name);
  const deployments = sharing?.length ? sharing : named && [named];
  if (deployments === undefined) {
    return undefined;
  }
  const kind = sharing?.length ? "model" : "deployment";
  return {
    alias: null,
    group: {
      name,
      label: `${kind} "${name}"`,
      kind,
      strategy: "priority",
      candidates: deployments
        .filter((deployment) => deployment.isActive)
        .map((deployment) => ({
          deployment,
          priority: deployment.priority,
          weight: deployment.weight,
        })),
      fallbacks: [],
    },
  };
}

/**
 * The group's candidates in order, then those of its fallbacks, depth first. A name is followed
 * once, so a circle of aliases ends; a deployment that comes up again keeps its first place. A
 * fallback that names nothing is passed over: the catch-all answers callers, not configuration.
 */
export function collectTargets(snapshot: Snapshot, group: Group, facts: OrderFacts): Target[] {
  const targets = new Map<string, Target>();
  const followed = new Set([group.name]);
  const follow = (current: Group): void => {
    for (const { deployment, reason } of STRATEGIES[current.strategy](current.candidates, facts)) {
      if (!targets.has(deployment.id)) {
        targets.set(deployment.id, { deployment, reason: `${current.label}: ${reason}` });
      }
    }
    for (const name of current.fallbacks) {
      const next = resolveFallback(snapshot, name);
      if (next !== undefined && !followed.has(next.name)) {
        followed.add(next.name);
        follow({ ...next, label: `fallback to ${next.label}` });
      }
    }
  };
  follow(group);
  return [...targets.values()];
}

/** A fallback may name the catch-all outright. */
function resolveFallback(snapshot: Snapshot, name: string): Group | undefined {
  const resolved =
    name === CATCH_ALL ? resolveAlias(snapshot, name) : resolveConfigured(snapshot, name);
  return resolved?.group;
}
