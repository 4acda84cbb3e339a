import { z } from "zod";
import { adminOperations } from "./operation.ts";

/** What rules did lately, from the hourly sums. */
const HOURS_MAX = 30 * 24;

export const guardrailStatsQuery = z.strictObject({
  hours: z.coerce.number("must be a whole number").int().min(1).max(HOURS_MAX).default(24),
});

/** What a rule did over some hours; runs are counted once for each stage of a request. */
export const guardrailStats = z
  .object({
    rule_id: z.uuid(),
    runs: z.int(),
    acted: z.int().meta({ description: "Runs in which it acted." }),
    would_have: z.int().meta({ description: "Runs in shadow mode in which it would have." }),
    failed: z.int(),
    skipped: z.int(),
    matches: z.int(),
    p95_ms: z.number().nullable().meta({ description: "Null when it has not run." }),
  })
  .meta({ id: "GuardrailStats" });
export type GuardrailStats = z.infer<typeof guardrailStats>;

const statsList = z.object({ hours: z.int(), rules: z.array(guardrailStats) });

export const GUARDRAIL_STATS_OPERATIONS = adminOperations("Guardrails", [
  {
    method: "get",
    path: "/guardrails/stats",
    id: "getGuardrailStats",
    scope: "guardrail.read",
    summary: "Show what each rule found lately, and how long its checks took",
    query: guardrailStatsQuery,
    answer: statsList,
  },
]);
