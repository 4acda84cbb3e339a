import { CATCH_ALL, type Snapshot } from "#lib/contract/snapshot.ts";
import { collectTargets, type Group, resolveName } from "./group.ts";
import type { OrderFacts } from "./strategies.ts";

/** A name that a caller may ask for, as `GET /v1/models` shows it. */
export interface ListedModel {
  name: string;
  kind: Group["kind"];
  /** The provider that answers; `null` when several do. */
  provider: string | null;
}

/**
 * Every name that a key may ask for and that an active deployment answers for, sorted, each once.
 * The catch-all is not listed; a name on the key's own list that only the catch-all answers is.
 */
export function listModels(input: {
  snapshot: Snapshot;
  allowedModels: ReadonlySet<string> | null;
}): ListedModel[] {
  const { snapshot, allowedModels } = input;
  const names = new Set([
    ...snapshot.aliases.keys(),
    ...snapshot.byModelName.keys(),
    ...snapshot.byName.keys(),
    ...(allowedModels ?? []),
  ]);
  names.delete(CATCH_ALL);
  return [...names]
    .filter((name) => mayAsk(allowedModels, name))
    .map((name) => describeName(snapshot, name))
    .filter((listed) => listed !== undefined)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

const UNORDERED: OrderFacts = {
  random: () => 0,
  latencyMsOf: () => undefined,
  costOf: () => undefined,
};

/**
 * Whether a key may ask for a name. Only the asked name counts: a key that may use an alias may use
 * whatever the alias leads to. `null`, or a list that holds `*`, is every name.
 */
export function mayAsk(allowedModels: ReadonlySet<string> | null, name: string): boolean {
  return allowedModels === null || allowedModels.has(name) || allowedModels.has(CATCH_ALL);
}

/** A group's members and everything that its fallbacks lead to, in no particular order. */
function describeName(snapshot: Snapshot, name: string): ListedModel | undefined {
  const resolved = resolveName(snapshot, name);
  if (resolved === undefined) {
    return undefined;
  }
  const providers = new Set(
    collectTargets(snapshot, resolved.group, UNORDERED).map(
      ({ deployment }) => deployment.provider,
    ),
  );
  const [first] = providers;
  if (first === undefined) {
    return undefined;
  }
  return { name, kind: resolved.group.kind, provider: providers.size === 1 ? first : null };
}
