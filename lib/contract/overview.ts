import type { BudgetUse } from "./budget-tree.ts";
import type { Outcome } from "./record.ts";
import type { UsageMetricId, UsageUnit } from "./usage-metrics.ts";
import type { UsageBucket, UsageSeries } from "./usage-report.ts";

/** The tiles of the overview, in their order. */
export const OVERVIEW_TILES = [
  { metric: "spend", isBetter: null },
  { metric: "requests", isBetter: null },
  { metric: "error_rate", isBetter: "lower" },
  { metric: "latency_p95", isBetter: "lower" },
  { metric: "ttft_p95", isBetter: "lower" },
  { metric: "saved", isBetter: null },
] as const satisfies readonly { metric: UsageMetricId; isBetter: "lower" | null }[];

export interface OverviewTile {
  metric: UsageMetricId;
  label: string;
  unit: UsageUnit;
  value: number | null;
  /** Of the equally long time just before. */
  before: number | null;
  isBetter: "lower" | null;
  /** 24 values over the range; `null` where there is nothing to tell. */
  spark: (number | null)[];
}

/** Requests by how they ended, and how long they took, over the same buckets. */
export interface OverviewTraffic {
  buckets: UsageBucket[];
  outcomes: (UsageSeries & { tone: "success" | "info" | "neutral" | "warning" | "danger" })[];
  latencies: UsageSeries[];
  requests: number;
  zone: string | null;
}

/** Spend of the calendar month so far, in the reporting zone. */
export interface MonthSpend {
  spent_usd: string;
  /** At the pace so far; `null` while too little of the month has passed. */
  projected_usd: string | null;
}

export const SPENDER_GROUPS = ["key", "team", "user", "model"] as const;
export type SpenderGroup = (typeof SPENDER_GROUPS)[number];

/** Something that waits for a person, with the one place to do something about it. */
export interface AttentionItem {
  id: string;
  level: "danger" | "warning" | "info";
  title: string;
  detail: string | null;
  /** A path of the console. */
  href: string;
  /** What one does there, as "Open circuit". */
  action: string;
}

/** The steps from an empty install to one in use. */
export interface ChecklistStep {
  id: "provider" | "alias" | "key" | "request" | "budget" | "invite";
  label: string;
  isDone: boolean;
  href: string;
}

/** What a person has left to spend, what they may ask for, and where. */
export interface Allowance {
  budgets: BudgetUse[];
  models: string[];
  /** One of them for a first request: an alias where there is one. */
  model: string | null;
  /** How the install is reached, without `/v1`; `null` when nobody has said. */
  baseUrl: string | null;
}

export interface RecentError {
  id: string;
  created_at: string;
  model: string;
  outcome: Outcome;
  status: number;
  error_code: string | null;
  error_message: string | null;
}
