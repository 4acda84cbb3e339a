import { OUTCOME_LABELS } from "#lib/catalog/outcomes.ts";
import { getProvider } from "#lib/catalog/providers.ts";
import type { LogFilter } from "#lib/contract/log-filter.ts";
import type { LookupEntry, LookupType } from "#lib/contract/lookup.ts";
import type { UsageFilterOptions } from "#lib/contract/usage-report.ts";
import { currentSnapshot } from "#lib/db/snapshot.ts";
import type { Actor } from "./actor.ts";
import { showLookup } from "./lookup.ts";
import { mayTake } from "./permission.ts";

/** What the filters of a report offer within the actor's reach, the values chosen already included. */
export async function showUsageFilters(
  actor: Actor,
  filter: LogFilter,
): Promise<UsageFilterOptions> {
  const deployments = [...currentSnapshot().deployments.values()];
  const providers = new Set(deployments.map(({ provider }) => provider));
  const models = new Set(deployments.map(({ modelName }) => modelName));
  const [key, user] = await Promise.all([
    entriesOf(actor, "key", filter.key),
    mayTake(actor.principal, "user.read") ? entriesOf(actor, "user", filter.user) : [],
  ]);
  return {
    outcome: OUTCOME_LABELS.map(({ id, label }) => ({ value: id, label })),
    model: [...models].sort().map((name) => ({ value: name, label: name })),
    dep: deployments.map(({ name }) => ({ value: name, label: name })),
    provider: [...providers]
      .sort()
      .map((id) => ({ value: id, label: getProvider(id)?.label ?? id })),
    key,
    user,
  };
}

type Options = UsageFilterOptions["key"];

async function entriesOf(
  actor: Actor,
  type: LookupType,
  choice: LogFilter["key"],
): Promise<Options> {
  const chosen = [...(choice?.include ?? []), ...(choice?.exclude ?? [])];
  const { entries } = await showLookup(actor, type, { q: "" });
  const missing = chosen.filter((id) => !entries.some((entry) => entry.id === id));
  const found = await Promise.all(missing.map((id) => showLookup(actor, type, { q: "", id })));
  const others = found.flatMap((answer, at) =>
    answer.entries.filter((entry) => entry.id === missing[at]),
  );
  return [...others, ...entries].map(optionOf);
}

function optionOf({ id, name, hint }: LookupEntry): Options[number] {
  return { value: id, label: name, ...(hint === null ? {} : { hint }) };
}
