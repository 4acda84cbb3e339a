import type { AliasPlan, AliasSimulate } from "#lib/contract/alias.ts";
import type { Deployment } from "#lib/contract/snapshot.ts";
import { getAlias } from "#lib/db/aliases.ts";
import { getApiKey } from "#lib/db/api-key-admin.ts";
import { getDb } from "#lib/db/client.ts";
import { currentSnapshot } from "#lib/db/snapshot.ts";
import { getTeam } from "#lib/db/teams.ts";
import { costNanos } from "#lib/money.ts";
import { getHealth } from "#lib/routing/health.ts";
import { planRoute } from "#lib/routing/plan.ts";
import { requireFound, requireNamed } from "./found.ts";

/** The order in which an alias would be tried now. Nothing is called. */
export async function simulateAlias(name: string, input: AliasSimulate): Promise<AliasPlan> {
  requireFound(await getAlias(getDb("console"), { name }), "alias");
  const health = getHealth();
  const plan = planRoute({
    snapshot: currentSnapshot(),
    model: name,
    allowedModels: await allowedModelsOf(input.key_id),
    random: seededRandom(input.seed),
    latencyMsOf: (deployment) => health.latencyMsOf(deployment),
    costOf,
  });
  return {
    alias: plan.alias,
    max_attempts: plan.maxAttempts,
    targets: plan.targets.map(({ deployment, reason }) => ({
      deployment_id: deployment.id,
      deployment: deployment.name,
      provider: deployment.provider,
      model: deployment.modelName,
      reason,
      health: health.healthOf(deployment.id).state,
    })),
  };
}

/** What a key may ask for, its team's list included; `null` is everything. */
async function allowedModelsOf(keyId: string | undefined): Promise<ReadonlySet<string> | null> {
  if (keyId === undefined) {
    return null;
  }
  const db = getDb("console");
  const key = requireNamed(await getApiKey(db, { id: keyId }), { param: "key_id", what: "key" });
  const team = key.teamId === null ? undefined : await getTeam(db, { id: key.teamId });
  const own = key.allowedModels === null ? null : new Set(key.allowedModels);
  const shared = team?.allowedModels ? new Set(team.allowedModels) : null;
  return own !== null && shared !== null ? own.intersection(shared) : (own ?? shared);
}

const TOKENS = 1000;

/** Candidates are compared by what a thousand tokens in and out would cost. */
function costOf({ price }: Deployment): bigint | undefined {
  switch (price.state) {
    case "free":
      return 0n;
    case "unpriced":
      return undefined;
    case "priced":
      return costNanos([
        { tokens: TOKENS, nanosPerMillion: price.list.base.input },
        { tokens: TOKENS, nanosPerMillion: price.list.base.output },
      ]);
    default:
      return price satisfies never;
  }
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
