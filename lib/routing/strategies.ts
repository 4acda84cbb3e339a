import type { Deployment, RoutingStrategy } from "#lib/contract/snapshot.ts";

/** A deployment with the priority and weight that it has in one group. */
export interface Candidate {
  deployment: Deployment;
  /** Lower goes first. */
  priority: number;
  /** The share within a priority; zero is a spare that goes after all others. */
  weight: number;
}

/** What the strategies compare by. Handed in, so that an order is a pure function of its input. */
export interface OrderFacts {
  /** Uniform in [0, 1). */
  random: () => number;
  /** The recent latency of a deployment, in milliseconds; `undefined` when it is not known. */
  latencyMsOf: (deployment: Deployment) => number | undefined;
  /** What this request would cost there, in nano-dollars; `undefined` when there is no price. */
  costOf: (deployment: Deployment) => bigint | undefined;
}

/** A candidate at its place, with the reason why it stands there. */
export interface Placed {
  deployment: Deployment;
  reason: string;
}

/** Below every measured latency. */
const UNMEASURED = -1;

type Strategy = (candidates: readonly Candidate[], facts: OrderFacts) => Placed[];

/** Every way to put a group in order. All are permutations: nobody is left out. */
export const STRATEGIES = {
  priority: (candidates, { random }) =>
    byPriority(candidates, random).map(({ deployment, priority }) => ({
      deployment,
      reason: `priority ${priority}`,
    })),
  weighted: (candidates, { random }) =>
    shuffleByWeight(candidates, random).map(({ deployment, weight }) => ({
      deployment,
      reason: `weight ${weight}`,
    })),
  lowest_cost: (candidates, { random, costOf }) =>
    byPriority(candidates, random)
      .map(({ deployment }) => ({ deployment, costNanos: costOf(deployment) }))
      .sort((a, b) => compareCosts(a.costNanos, b.costNanos))
      .map(({ deployment, costNanos }) => ({
        deployment,
        reason: costNanos === undefined ? "no price" : `cost ${costNanos} nanos`,
      })),
  lowest_latency: (candidates, { random, latencyMsOf }) =>
    byPriority(candidates, random)
      .map(({ deployment }) => ({ deployment, latencyMs: latencyMsOf(deployment) }))
      // A deployment that nobody has measured goes first: only a try can tell how fast it is.
      .sort((a, b) => (a.latencyMs ?? UNMEASURED) - (b.latencyMs ?? UNMEASURED))
      .map(({ deployment, latencyMs }) => ({
        deployment,
        reason: latencyMs === undefined ? "latency unknown" : `latency ${Math.round(latencyMs)} ms`,
      })),
} as const satisfies Record<RoutingStrategy, Strategy>;

/** Lower priority first; inside one priority, chance by weight. */
function byPriority(candidates: readonly Candidate[], random: () => number): Candidate[] {
  // Sorting keeps equals in place, so the shuffle survives inside each priority.
  return shuffleByWeight(candidates, random).sort((a, b) => a.priority - b.priority);
}

/**
 * A random order in which each place is drawn by weight from those that are left. Every candidate
 * draws `-ln(u) / weight`, and the smallest goes first (Efraimidis and Spirakis, 2006); a weight of
 * zero draws infinity and so goes after all others.
 */
function shuffleByWeight(candidates: readonly Candidate[], random: () => number): Candidate[] {
  if (candidates.length < 2) {
    return [...candidates];
  }
  return candidates
    .map((candidate) => ({ candidate, draw: drawOf(candidate.weight, random) }))
    .sort((a, b) => compareDraws(a.draw, b.draw))
    .map(({ candidate }) => candidate);
}

function drawOf(weight: number, random: () => number): number {
  return weight > 0 ? -Math.log(1 - random()) / weight : Number.POSITIVE_INFINITY;
}

/** Ascending. Two infinities are equal, which their difference (not a number) would not say. */
function compareDraws(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

/** Cheapest first; those without a price last, since an unknown price is not zero. */
function compareCosts(a: bigint | undefined, b: bigint | undefined): number {
  if (a === undefined || b === undefined) {
    return Number(a === undefined) - Number(b === undefined);
  }
  return Number(a > b) - Number(a < b);
}
