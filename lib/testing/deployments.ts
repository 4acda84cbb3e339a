import type { Alias, Deployment, Snapshot } from "#lib/contract/snapshot.ts";

/** An active deployment whose id is its name, for tests that need no database. */
export function makeDeployment(name: string, changes: Partial<Deployment> = {}): Deployment {
  return {
    id: name,
    name,
    provider: "mock",
    modelName: `${name}-model`,
    apiBase: "http://127.0.0.1:9",
    apiKey: null,
    credentialId: `${name}-credential`,
    priority: 1,
    weight: 100,
    isActive: true,
    timeoutMs: null,
    maxRpm: null,
    maxTpm: null,
    tags: [],
    settings: {},
    price: { state: "free" },
    allowDroppingUnsupportedFields: false,
    ...changes,
  };
}

/** An alias over deployments, all with priority 1 and weight 100. */
export function makeAlias(
  name: string,
  members: readonly Deployment[],
  changes: Partial<Alias> = {},
): Alias {
  return {
    name,
    strategy: "priority",
    members: members.map(({ id }) => ({ deploymentId: id, priority: 1, weight: 100 })),
    maxAttempts: null,
    fallbacks: [],
    timeoutMs: null,
    ...changes,
  };
}

/** A snapshot indexed as the database's is. */
export function makeSnapshot(
  deployments: readonly Deployment[],
  aliases: readonly Alias[] = [],
): Snapshot {
  return {
    version: 1,
    loadedAtMs: 0,
    deployments: new Map(deployments.map((deployment) => [deployment.id, deployment])),
    byModelName: Map.groupBy(deployments, ({ modelName }) => modelName),
    byName: new Map(deployments.map((deployment) => [deployment.name, deployment])),
    aliases: new Map(aliases.map((alias) => [alias.name, alias])),
    rules: [],
    prompts: new Map(),
  };
}
