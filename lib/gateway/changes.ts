import { forgetAllKeys, forgetKey } from "#lib/auth/api-key.ts";
import type { ConfigChangeKind } from "#lib/contract/config-change.ts";
import type { ConfigChange } from "#lib/db/config-version.ts";
import { refreshSnapshot } from "#lib/db/snapshot.ts";

/** What a kind of change makes stale in a process: remembered keys, the snapshot, both or nothing. */
interface Stale {
  keys?: "one" | "all";
  snapshot?: true;
}

const STALE: Readonly<Record<ConfigChangeKind, Stale>> = {
  api_key: { keys: "one" },
  user: { keys: "all" },
  team: { keys: "all" },
  // A budget is read with the keys that it holds back.
  budget: { keys: "all" },
  deployment: { snapshot: true },
  alias: { snapshot: true },
  admin_token: {},
  settings: {},
  everything: { keys: "all", snapshot: true },
};

/**
 * Takes changes of the configuration over, whether this process made them or another one. Throws
 * when the snapshot cannot be read; it may be called again with the same changes then.
 */
export async function takeOver(changes: readonly ConfigChange[]): Promise<void> {
  for (const { kind, subjectId } of changes) {
    const { keys } = STALE[kind];
    if (keys === "one") {
      forgetKey(subjectId);
    } else if (keys === "all") {
      forgetAllKeys();
    }
  }
  if (changes.some(({ kind }) => STALE[kind].snapshot)) {
    await refreshSnapshot();
  }
}
