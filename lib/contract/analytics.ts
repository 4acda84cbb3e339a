import { z } from "zod";
import { usdOutput } from "./amounts.ts";
import { instantOrDayInput, instantOutput } from "./instants.ts";
import { adminOperations } from "./operation.ts";
import { pageLimit, pageOffset } from "./paging.ts";

/** Spend and usage over a range of time, from sums that are kept per quarter of an hour. */
const rangeFields = {
  start: instantOrDayInput.optional().meta({ description: "30 days before `end` by default." }),
  end: instantOrDayInput.optional().meta({ description: "Now by default; not included." }),
};

const filterFields = {
  key_id: z.uuid().optional(),
  user_id: z.uuid().optional(),
  team_id: z.uuid().optional(),
  model: z.string().min(1).max(256).optional(),
  provider: z.string().min(1).max(64).optional(),
};

const SPEND_GROUPS = ["model", "provider", "key", "team", "user", "tag"] as const;
export const spendGroup = z.enum(SPEND_GROUPS);
export type SpendGroup = z.infer<typeof spendGroup>;

export const spendQuery = z.strictObject({
  ...rangeFields,
  ...filterFields,
  group_by: spendGroup.default("model"),
  limit: pageLimit,
  offset: pageOffset,
});
export type SpendQuery = z.infer<typeof spendQuery>;

const sums = {
  requests: z.int(),
  failed_requests: z.int(),
  unpriced_requests: z.int().meta({ description: "Requests whose cost is not in the sum." }),
  input_tokens: z.int().meta({ description: "Everything read, from a cache or not." }),
  cached_tokens: z.int().meta({ description: "The share of it that was read from a cache." }),
  output_tokens: z.int(),
  spend_usd: usdOutput,
};

const range = { start: instantOutput, end: instantOutput };

export const spendReport = z
  .object({
    ...range,
    group_by: spendGroup,
    totals: z.object(sums),
    breakdown: z.array(
      z.object({
        group: z.string().nullable().meta({ description: "A name or id; `null` is none." }),
        name: z.string().nullable().meta({ description: "The group in words." }),
        ...sums,
      }),
    ),
    total: z.int().meta({ description: "How many groups there are, on this page or not." }),
  })
  .meta({ id: "SpendReport" });
export type SpendReport = z.infer<typeof spendReport>;

const USAGE_INTERVALS = ["15m", "1h", "1d"] as const;
export const usageInterval = z.enum(USAGE_INTERVALS);
export type UsageInterval = z.infer<typeof usageInterval>;

export const usageQuery = z.strictObject({
  ...rangeFields,
  ...filterFields,
  interval: usageInterval.default("1d"),
});
export type UsageQuery = z.infer<typeof usageQuery>;

const measures = {
  ...sums,
  error_rate: z.number().nullable().meta({ description: "Failed share, 0 to 1." }),
  latency_ms_p50: z.number().nullable(),
  latency_ms_p95: z.number().nullable(),
  latency_ms_p99: z.number().nullable(),
};

export const usageReport = z
  .object({
    ...range,
    interval: usageInterval,
    totals: z.object(measures),
    series: z.array(z.object({ start: instantOutput, ...measures })),
  })
  .meta({ id: "UsageReport" });
export type UsageReport = z.infer<typeof usageReport>;
export type UsageMeasures = UsageReport["totals"];

export const ANALYTICS_OPERATIONS = adminOperations("Observe", [
  {
    method: "get",
    path: "/analytics/spend",
    id: "reportSpend",
    scope: "usage.read",
    summary: "Spend by group",
    query: spendQuery,
    answer: spendReport,
  },
  {
    method: "get",
    path: "/analytics/usage",
    id: "reportUsage",
    scope: "usage.read",
    summary: "Usage, errors and latency over time",
    query: usageQuery,
    answer: usageReport,
  },
]);
