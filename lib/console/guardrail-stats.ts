import { CHECK_BOUNDS_US } from "#lib/catalog/check-durations.ts";
import type { GuardrailStats } from "#lib/contract/guardrail-stats.ts";
import { getDb } from "#lib/db/client.ts";
import {
  type HourSpan,
  type RuleRuns,
  sumRuleDurations,
  sumRuleRuns,
} from "#lib/db/guardrail-stats.ts";
import type { Actor } from "./actor.ts";

const HOUR_MS = 3_600_000;
const US_PER_MS = 1000;
const SLOWEST_SHARE = 0.95;

/** What each rule did in the last hours, the one that is filling included. */
export async function showRuleStats(
  _actor: Actor,
  { hours }: { hours: number },
): Promise<{ hours: number; rules: GuardrailStats[] }> {
  const db = getDb("console");
  const span = hourSpan(hours, Date.now());
  const runs = Map.groupBy(await sumRuleRuns(db, span), ({ ruleId }) => ruleId);
  const durations = await sumRuleDurations(db, span);
  return {
    hours,
    rules: [...runs].map(([ruleId, rows]) => statsOf(ruleId, rows, durations.get(ruleId) ?? [])),
  };
}

/** Whole hours of UTC, as the sums are kept. */
function hourSpan(hours: number, nowMs: number): HourSpan {
  const endMs = Math.floor(nowMs / HOUR_MS) * HOUR_MS + HOUR_MS;
  return { start: new Date(endMs - hours * HOUR_MS), end: new Date(endMs) };
}

function statsOf(
  ruleId: string,
  rows: readonly RuleRuns[],
  durations: readonly number[],
): GuardrailStats {
  const runsOf = (fits: (row: RuleRuns) => boolean) =>
    rows.filter(fits).reduce((sum, row) => sum + row.runs, 0);
  return {
    rule_id: ruleId,
    runs: runsOf(() => true),
    acted: runsOf(({ state, mode }) => state === "acted" && mode === "enforced"),
    would_have: runsOf(({ state, mode }) => state === "acted" && mode === "shadow"),
    failed: runsOf(({ state }) => state === "failed"),
    skipped: runsOf(({ state }) => state === "skipped"),
    matches: rows.reduce((sum, row) => sum + row.matches, 0),
    p95_ms: percentileMs(durations, SLOWEST_SHARE),
  };
}

/**
 * The duration in milliseconds below which a share of the runs lies, interpolated inside its class;
 * in the open last class its lower bound, the most that is known. `null` when nothing was counted.
 */
function percentileMs(counts: readonly number[], share: number): number | null {
  const total = counts.reduce((sum, count) => sum + (count ?? 0), 0);
  if (total === 0) {
    return null;
  }
  const rank = share * total;
  let below = 0;
  for (const [at, count = 0] of counts.entries()) {
    if (count > 0 && below + count >= rank) {
      const lower = at === 0 ? 0 : (CHECK_BOUNDS_US[at - 1] ?? 0);
      const upper = CHECK_BOUNDS_US[at] ?? lower;
      const us = lower + (upper - lower) * ((rank - below) / count);
      return Math.round(us) / US_PER_MS;
    }
    below += count;
  }
  return (CHECK_BOUNDS_US.at(-1) ?? 0) / US_PER_MS;
}
