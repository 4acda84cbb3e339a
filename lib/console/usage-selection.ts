import { OUTCOME_LABELS, type OutcomeLabelId } from "#lib/catalog/outcomes.ts";
import type { Choice } from "#lib/contract/log-choice.ts";
import type { LogFilter } from "#lib/contract/log-filter.ts";
import type { Outcome } from "#lib/contract/record.ts";
import type { Interval } from "#lib/contract/time-range.ts";
import type { UsageGroupId } from "#lib/contract/usage-view.ts";
import type { Db } from "#lib/db/client.ts";
import type { Wanted } from "#lib/db/log-where.ts";
import type { UsageSource } from "#lib/db/usage-source.ts";
import type { UsageGrouping } from "#lib/db/usage-totals.ts";
import { type Actor, scopeOf } from "./actor.ts";
import { whereOfFilter } from "./log-where.ts";

const QUARTER_MS = 15 * 60_000;

/** Which requests a report is about. */
export interface UsageRange {
  filter: LogFilter;
  interval: Interval;
}

/** Filters that the sums can apply; any other one is read from the rows. */
const KNOWN_TO_SUMS: ReadonlySet<string> = new Set([
  "key",
  "user",
  "team",
  "model",
  "asked",
  "dep",
  "provider",
  "outcome",
]);

/**
 * Where a report is read, within the actor's reach: from the sums where they can tell its groups,
 * its filters and its bounds apart, else from the log rows, whose cost grows with their number.
 */
export async function selectUsage(
  db: Db,
  actor: Actor,
  {
    filter,
    interval,
    groups,
    isFine,
  }: UsageRange & {
    groups: readonly UsageGroupId[];
    /** Whether a bound lies inside a quarter of an hour. */
    isFine: boolean;
  },
): Promise<{ source: UsageSource; interval: Interval }> {
  const where = await whereOfFilter(db, actor, { filter });
  const outcomes = wholeOutcomes(filter.outcome);
  const isKnown =
    Object.keys(filter).every((name) => KNOWN_TO_SUMS.has(name)) &&
    outcomes !== undefined &&
    isEmpty(where.deploymentNames) &&
    !groups.some((group) => group.startsWith("tag:"));
  const scope = scopeOf(actor, "usage.read");
  if (isFine || !isKnown) {
    return { source: { kind: "rows", where: { ...where, scope } }, interval };
  }
  const { keyIds, userIds, teamIds, models, asked, providers, deploymentIds } = where;
  const owners = { scope, keyIds, userIds, teamIds };
  const sums = { ...owners, models, asked, providers, deploymentIds, outcomes };
  return { source: { kind: "sums", where: sums }, interval: alignInterval(interval) };
}

function isEmpty(names: Wanted<string> | undefined): boolean {
  return names === undefined || names.include.length + names.exclude.length === 0;
}

/** The quarters of an hour that hold a range. */
export function alignInterval({ fromMs, toMs }: Interval): Interval {
  return {
    fromMs: Math.floor(fromMs / QUARTER_MS) * QUARTER_MS,
    toMs: Math.ceil(toMs / QUARTER_MS) * QUARTER_MS,
  };
}

/**
 * Labels as the outcomes that the sums keep; `undefined` when one outcome's labels are not all
 * chosen, for the sums know no error codes.
 */
function wholeOutcomes(choice: Choice | undefined): Wanted<Outcome> | undefined {
  const include = outcomesOf(choice?.include ?? []);
  const exclude = outcomesOf(choice?.exclude ?? []);
  return include === undefined || exclude === undefined ? undefined : { include, exclude };
}

function outcomesOf(labels: readonly string[]): Outcome[] | undefined {
  const outcomes = new Set(
    OUTCOME_LABELS.filter(({ id }) => labels.includes(id)).map(({ outcome }) => outcome),
  );
  const isWhole = [...outcomes].every((outcome) =>
    labelsOfOutcome(outcome).every((id) => labels.includes(id)),
  );
  return isWhole ? [...outcomes] : undefined;
}

/** All labels that one stored outcome may have. */
function labelsOfOutcome(outcome: Outcome): OutcomeLabelId[] {
  return OUTCOME_LABELS.filter((row) => row.outcome === outcome).map(({ id }) => id);
}

export function groupingOf(group: UsageGroupId): UsageGrouping {
  // What is no tag is a name of `USAGE_GROUPS`, which are the dimensions of the sums.
  return group.startsWith("tag:")
    ? { tag: group.slice("tag:".length) }
    : (group as Exclude<UsageGrouping, { tag: string }>);
}
