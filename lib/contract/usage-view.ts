import type { UsageMetricId } from "./usage-metrics.ts";

/** What usage may be broken down by, as `group=` and `then=` say it. Tags are `tag:` and a name. */
export const USAGE_GROUPS = [
  { id: "model", label: "Model" },
  { id: "asked", label: "Alias or model asked for" },
  { id: "dep", label: "Deployment" },
  { id: "provider", label: "Provider" },
  { id: "team", label: "Team" },
  { id: "key", label: "Key" },
  { id: "user", label: "User" },
  { id: "outcome", label: "Outcome" },
] as const;

type GroupId = (typeof USAGE_GROUPS)[number]["id"];
export type UsageGroupId = GroupId | `tag:${string}`;

export const USAGE_ROLLUPS = [
  { id: "auto", label: "Automatic" },
  { id: "15m", label: "15 minutes" },
  { id: "1h", label: "Hour" },
  { id: "1d", label: "Day" },
  { id: "1w", label: "Week" },
  { id: "1mo", label: "Month" },
  { id: "none", label: "Whole range" },
] as const;
export type UsageRollup = (typeof USAGE_ROLLUPS)[number]["id"];

export const USAGE_TOPS = [6, 10, 20] as const;
export type UsageTop = (typeof USAGE_TOPS)[number];

/** How usage is looked at; which requests it is about is a `LogFilter`. */
export interface UsageView {
  metric: UsageMetricId;
  group: UsageGroupId;
  /** The second group of the table, `then=` in an address. */
  second: UsageGroupId | null;
  rollup: UsageRollup;
  top: UsageTop;
  /** Whether the period before is shown beside. */
  compare: boolean;
}

export const DEFAULT_USAGE_VIEW: UsageView = {
  metric: "spend",
  group: "model",
  second: null,
  rollup: "auto",
  top: 6,
  compare: true,
};

/** A view as parameters of an address, defaults left out. */
export function writeUsageView(view: UsageView): Record<string, string> {
  const usual = DEFAULT_USAGE_VIEW;
  const changed = (["metric", "group", "rollup", "top"] as const)
    .filter((name) => view[name] !== usual[name])
    .map((name) => [name, String(view[name])]);
  return Object.fromEntries([
    ...changed,
    ...(view.second === null ? [] : [["then", view.second]]),
    ...(view.compare ? [] : [["cmp", "off"]]),
  ]);
}

/** A group in words. */
export function groupLabel(group: UsageGroupId): string {
  const known = USAGE_GROUPS.find(({ id }) => id === group);
  return known?.label ?? `Tag ${group.slice("tag:".length)}`;
}
