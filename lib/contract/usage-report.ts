import type { UsageKind, UsageMetricId, UsageUnit } from "./usage-metrics.ts";
import type { UsageGroupId } from "./usage-view.ts";

/** What the usage page and the overview show: made by `lib/console`, drawn by pages. */

/** `[from, to)`: exactly the requests that are counted in it. */
export interface UsageBucket {
  from: string;
  to: string;
  /** Whether requests may still come. */
  isFilling: boolean;
}

export interface UsageSeries {
  /** `group value`, or `other`. */
  id: string;
  name: string;
  isOther: boolean;
  /** One a bucket; `null` where there is nothing to tell. */
  values: (number | null)[];
}

export interface UsageChart {
  metric: UsageMetricId;
  label: string;
  unit: UsageUnit;
  kind: UsageKind;
  buckets: UsageBucket[];
  series: UsageSeries[];
  /** The metric of everything. */
  total: number | null;
  /** Groups in all, drawn or not. */
  groupCount: number;
  /** The zone whose days and weeks the buckets are; `null` where none matters. */
  zone: string | null;
  isEmpty: boolean;
}

/** A row of the table: a group, or a pair of groups, or everything. */
export interface UsageRow {
  /** The value and its name for each group, in order. */
  groups: { value: string | null; name: string }[];
  requests: number;
  input_tokens: number;
  cached_tokens: number;
  output_tokens: number;
  reasoning_tokens: number;
  unpriced_requests: number;
  spend_usd: string;
  /** Of everything's spend, 0 to 1. */
  spend_share: number | null;
  cost_per_request_usd: string | null;
  error_rate: number | null;
  latency_p95_ms: number | null;
  /** The metric that is looked at, now and in the period before. */
  metric: number | null;
  before: number | null;
  /** The row as filter parameters of `/logs`; `null` where no filter means it. */
  logs: Record<string, string> | null;
}

export interface UsageTable {
  groups: UsageGroupId[];
  rows: UsageRow[];
  /** Computed over all groups, shown or not. */
  totals: UsageRow;
  /** Groups that are not among the rows. */
  hidden: number;
}

/** What the reader has to know of the figures. */
export interface UsageNotice {
  /** Requests that are stored already have ended before then. */
  completeTo: string;
  /** Requests that have ended and wait to be stored. */
  waiting: number;
  requests: number;
  unpricedRequests: number;
  unpricedModels: number;
}

export interface UsageFilterOption {
  value: string;
  label: string;
  hint?: string;
}

/** What the filters of a report offer. */
export type UsageFilterOptions = Record<
  "outcome" | "model" | "dep" | "provider" | "key" | "user",
  UsageFilterOption[]
>;
