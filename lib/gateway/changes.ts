import { forgetAllKeys, forgetKey } from "#lib/auth/api-key.ts";
import { retainListed } from "#lib/cache/store.ts";
import { isJobName } from "#lib/catalog/jobs.ts";
import type { ConfigChangeKind } from "#lib/contract/config-change.ts";
import type { ConfigChange } from "#lib/db/config-version.ts";
import { refreshSettings } from "#lib/db/settings.ts";
import { currentSnapshot, refreshSnapshot } from "#lib/db/snapshot.ts";
import { getHealth } from "#lib/routing/health.ts";
import { launchJob } from "./jobs.ts";
import { cutEndedKeys } from "./revoking.ts";

/** What a kind of change makes stale in a process: remembered keys, the snapshot, settings, stored answers. */
interface Stale {
  keys?: "one" | "all";
  snapshot?: true;
  settings?: true;
  answers?: true;
}

const STALE: Readonly<Record<ConfigChangeKind, Stale>> = {
  api_key: { keys: "one" },
  user: { keys: "all" },
  team: { keys: "all" },
  // A budget is read with the keys that it holds back.
  budget: { keys: "all" },
  deployment: { snapshot: true },
  alias: { snapshot: true },
  circuit: {},
  price: { snapshot: true },
  admin_token: {},
  settings: { settings: true },
  guardrail: { snapshot: true },
  prompt: { snapshot: true },
  cache: { answers: true },
  job: {},
  everything: { keys: "all", snapshot: true, settings: true, answers: true },
};

/**
 * Takes changes of the configuration over, whether this process made them or another one. Throws
 * when one of them cannot be read; it may be called again with the same changes then.
 */
export async function takeOver(changes: readonly ConfigChange[]): Promise<void> {
  changes.forEach(takeOverOne);
  await cutEndedKeys(changes);
  const isStale = (what: keyof Stale) => changes.some(({ kind }) => STALE[kind][what]);
  if (isStale("snapshot")) {
    await refreshSnapshot();
  }
  if (isStale("settings")) {
    await refreshSettings();
  }
  if (isStale("answers")) {
    await retainListed();
  }
}

function takeOverOne({ kind, subjectId }: ConfigChange): void {
  if (kind === "circuit") {
    resetCircuit(subjectId);
  }
  if (kind === "job" && isJobName(subjectId)) {
    launchJob(subjectId);
  }
  const { keys } = STALE[kind];
  if (keys === "one") {
    forgetKey(subjectId);
  } else if (keys === "all") {
    forgetAllKeys();
  }
}

function resetCircuit(deploymentId: string): void {
  const deployment = currentSnapshot().deployments.get(deploymentId);
  if (deployment !== undefined) {
    getHealth().reset(deployment, "an administrator closed it");
  }
}
