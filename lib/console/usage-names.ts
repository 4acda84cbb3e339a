import { labelOfOutcome, OUTCOMES } from "#lib/catalog/outcomes.ts";
import { getProvider } from "#lib/catalog/providers.ts";
import type { UsageGroupId } from "#lib/contract/usage-view.ts";
import type { Db } from "#lib/db/client.ts";
import { findDeployments } from "#lib/db/deployment-names.ts";
import { listLogNames } from "#lib/db/log-names.ts";

type NameOf = (value: string | null) => string;

/** What people call the values of a group. */
export async function namesOf(
  db: Db,
  group: UsageGroupId,
  values: readonly (string | null)[],
): Promise<NameOf> {
  const ids = values.filter((value) => value !== null);
  const names = await lookUp(db, group, ids);
  return (value) => (value === null ? noneOf(group) : (names.get(value) ?? value));
}

async function lookUp(
  db: Db,
  group: UsageGroupId,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (group === "key" || group === "user" || group === "team") {
    const none: string[] = [];
    const subjects = { keyIds: none, userIds: none, teamIds: none, [`${group}Ids`]: ids };
    const found = await listLogNames(db, subjects);
    return new Map([...found].map(([id, { name, hint }]) => [id, name ?? hint ?? id]));
  }
  if (group === "dep") {
    const found = ids.length === 0 ? [] : await findDeployments(db, { keys: ids });
    return new Map(found.map(({ id, name }) => [id, name]));
  }
  if (group === "provider") {
    return new Map(ids.map((id) => [id, getProvider(id)?.label ?? id]));
  }
  return group === "outcome" ? OUTCOME_NAMES : new Map();
}

/** The sums tell outcomes apart, not error codes: outcomes with several labels have a name of their own. */
const OUTCOME_NAMES: ReadonlyMap<string, string> = new Map(
  OUTCOMES.map((outcome) => [outcome, outcomeName(outcome)]),
);

function outcomeName(outcome: (typeof OUTCOMES)[number]): string {
  if (outcome === "client_error") {
    return "Client error";
  }
  return outcome === "limited" ? "Limited" : labelOfOutcome(outcome, null).label;
}

const NONE: Readonly<Record<string, string>> = {
  team: "No team",
  dep: "No deployment",
  provider: "No provider",
  model: "No model answered",
  asked: "Unknown name",
};

const noneOf = (group: UsageGroupId): string =>
  NONE[group] ?? (group.startsWith("tag:") ? "Without this tag" : "None");
