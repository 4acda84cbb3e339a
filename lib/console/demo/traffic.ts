import type { RequestRecord } from "#lib/contract/record.ts";
import { DEMO_ALIASES, type DemoAlias } from "./company.ts";
import type { Arrival, HistoryApp, HistoryDeployment } from "./draft.ts";
import type { Incident } from "./incidents.ts";
import { type Chance, chanceOf } from "./random.ts";
import { busyness, localClock } from "./rhythm.ts";
import { tellStory, type World } from "./story.ts";

const QUARTER_MS = 15 * 60_000;
const DAY_MS = 86_400_000;
/** Stand-ins are the last of their names: in the past they were hardly ever needed. */
const MOST_TRIES = 3;

export interface TrafficPlan {
  rows: number;
  fromMs: number;
  nowMs: number;
  zone: string;
  seed: number;
  apps: readonly HistoryApp[];
  deployments: readonly HistoryDeployment[];
  incidents: readonly Incident[];
}

/** As many rows as planned, oldest first, in the rhythm of the apps that made them. */
export function* makeTraffic(
  plan: TrafficPlan,
): Generator<{ record: RequestRecord; atMs: number }> {
  const chance = chanceOf(plan.seed);
  const world: World = {
    incidents: plan.incidents,
    nowMs: plan.nowMs,
    candidates: candidatesOf(plan.deployments),
    kept: new Map(),
  };
  const quarters = weighQuarters(plan, chance);
  const total = quarters.reduce((sum, quarter) => sum + quarter.total, 0);
  let seen = 0;
  for (const { startMs, weights, total: weight } of quarters) {
    const before = Math.round((seen / total) * plan.rows);
    seen += weight;
    const count = Math.round((seen / total) * plan.rows) - before;
    const endMs = Math.min(startMs + QUARTER_MS, plan.nowMs);
    for (const atMs of arrivals(chance, { count, startMs, endMs })) {
      const app = chance.weighted(weights);
      const asked = chance.weighted(app.asks);
      const isAlias = DEMO_ALIASES.some(({ name }) => name === asked);
      const arrival = { app, asked, alias: isAlias ? asked : null, atMs, chance };
      yield { record: tellStory(world, arrival), atMs };
    }
  }
}

function arrivals(
  chance: Chance,
  quarter: { count: number; startMs: number; endMs: number },
): number[] {
  const { count, startMs, endMs } = quarter;
  const times = Array.from({ length: count }, () => chance.between(startMs, endMs - 1));
  return times.sort((a, b) => a - b);
}

interface Quarter {
  startMs: number;
  weights: (readonly [HistoryApp, number])[];
  total: number;
}

function weighQuarters(plan: TrafficPlan, chance: Chance): Quarter[] {
  const clock = localClock(plan.zone);
  const first = Math.floor(plan.fromMs / QUARTER_MS) * QUARTER_MS;
  const count = Math.ceil((plan.nowMs - first) / QUARTER_MS);
  return Array.from({ length: count }, (_, index) => {
    const startMs = first + index * QUARTER_MS;
    const time = clock(startMs);
    const passed = index / count;
    const share = Math.min(1, (plan.nowMs - startMs) / QUARTER_MS);
    const mood = chance.around(1, 0.2) * share;
    const weights = plan.apps
      .filter((app) => app.weight > 0 && isTalking(app, startMs, plan.nowMs))
      .map((app) => {
        const growth = 1 + ((app.growth ?? 1) - 1) * passed;
        return [app, app.weight * growth * busyness(app.hours, time) * mood] as const;
      });
    return { startMs, weights, total: weights.reduce((sum, [, weight]) => sum + weight, 0) };
  });
}

function isTalking(app: HistoryApp, atMs: number, nowMs: number): boolean {
  return atMs < nowMs - (app.quietForDays ?? 0) * DAY_MS;
}

/** Who may answer for a name: an alias's members by priority and weight, a model's, or one by name. */
function candidatesOf(deployments: readonly HistoryDeployment[]): World["candidates"] {
  const byName = new Map(deployments.map((each) => [each.name, each]));
  const aliases = new Map<string, DemoAlias>(DEMO_ALIASES.map((each) => [each.name, each]));
  const byModel = Map.groupBy(
    deployments.filter((each) => each.isActive !== false),
    (each) => each.model,
  );
  return (asked, { chance }: Arrival) => {
    const alias = aliases.get(asked);
    if (alias === undefined) {
      const named = byName.get(asked);
      const group = byModel.get(asked) ?? (named === undefined ? [] : [named]);
      return group.toSorted((a, b) => (a.priority ?? 1) - (b.priority ?? 1)).slice(0, MOST_TRIES);
    }
    // A random key to the power of 1/weight orders by chance, in proportion to the weights
    // (Efraimidis and Spirakis, 2006).
    return alias.members
      .map(({ deployment, priority, weight }) => ({
        deployment: byName.get(deployment),
        priority,
        order: -Math.log(1 - chance.next()) / weight,
      }))
      .sort((a, b) => a.priority - b.priority || a.order - b.order)
      .flatMap(({ deployment }) => (deployment === undefined ? [] : [deployment]))
      .slice(0, MOST_TRIES);
  };
}
