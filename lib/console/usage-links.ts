import { OUTCOME_LABELS } from "#lib/catalog/outcomes.ts";
import type { Choice } from "#lib/contract/log-choice.ts";
import { type LogFilter, writeLogFilter } from "#lib/contract/log-filter.ts";
import type { UsageGroupId } from "#lib/contract/usage-view.ts";

/**
 * The filter of `/logs` that means exactly the requests of one row: the page's own, narrowed to the
 * row's values; without values, the page's own. `null` where no filter means just them.
 */
export function logsOf(
  filter: LogFilter,
  groups: readonly UsageGroupId[],
  values: readonly (string | null)[] | null,
): Record<string, string> | null {
  let narrowed: LogFilter | null = filter;
  for (const [at, group] of groups.entries()) {
    const value = values?.[at];
    if (values === null || narrowed === null) {
      break;
    }
    narrowed = value === undefined || value === null ? null : narrow(narrowed, group, value);
  }
  return narrowed === null ? null : writeLogFilter(narrowed);
}

function narrow(filter: LogFilter, group: UsageGroupId, value: string): LogFilter | null {
  if (group.startsWith("tag:")) {
    return narrowTag(filter, `${group.slice("tag:".length)}=${value}`);
  }
  if (group === "outcome") {
    return { ...filter, outcome: only(labelsWithin(filter.outcome, value)) };
  }
  // What is neither is the name of a list of the filter; the row's value is among those chosen.
  return { ...filter, [group]: only([value]) };
}

const only = (include: readonly string[]): Choice => ({ include, exclude: [] });

/** The labels of an outcome, without those that the page leaves out. */
function labelsWithin(choice: Choice | undefined, outcome: string): string[] {
  const labels = OUTCOME_LABELS.filter((row) => row.outcome === outcome).map(({ id }) => id);
  const { include = [], exclude = [] } = choice ?? {};
  return labels.filter(
    (id) => (include.length === 0 || include.includes(id)) && !exclude.includes(id),
  );
}

/** Chosen tags are alternatives, so that one more of another name would widen the choice. */
function narrowTag(filter: LogFilter, tag: string): LogFilter | null {
  const name = tag.slice(0, tag.indexOf("=") + 1);
  const chosen = filter.tag?.include ?? [];
  return chosen.every((other) => other.startsWith(name))
    ? { ...filter, tag: { include: [tag], exclude: filter.tag?.exclude ?? [] } }
    : null;
}
