import type { GuardrailBacktestResult } from "#lib/contract/guardrail-test.ts";
import type { RuleAction, VerdictRecord } from "#lib/contract/guardrail-verdict.ts";
import type { StoredPayload } from "#lib/db/stored-payloads.ts";
import type { TrialStage } from "./guardrail-trial.ts";

/** Enough to judge a rule by, and to look at one by one. */
const MOST_SAMPLES = 20;

/** A backtest before its first request. */
export function emptyTally(action: RuleAction): GuardrailBacktestResult {
  return {
    looked_at: 0,
    out_of_scope: 0,
    unreadable: 0,
    passed: 0,
    skipped: 0,
    failed: 0,
    acted: 0,
    action,
    matches: 0,
    kinds: {},
    samples: [],
    oldest_at: null,
    more: false,
  };
}

/** Counts what a rule found in one request: once, by the weightiest of its verdicts. */
export function addStages(
  tally: GuardrailBacktestResult,
  row: Pick<StoredPayload, "requestId" | "createdAt">,
  stages: readonly TrialStage[],
): void {
  const verdicts = stages.flatMap((stage) => stage.verdicts);
  const has = (state: VerdictRecord["state"]) => verdicts.some((each) => each.state === state);
  const state = (["acted", "failed", "passed"] as const).find(has) ?? "skipped";
  tally[state] += 1;
  for (const verdict of verdicts.filter((each) => each.state === "acted")) {
    const { stage, matches, kinds, score } = verdict;
    tally.matches += matches;
    for (const [kind, count] of Object.entries(kinds)) {
      tally.kinds[kind] = (tally.kinds[kind] ?? 0) + count;
    }
    if (tally.samples.length < MOST_SAMPLES) {
      tally.samples.push({
        request_id: row.requestId,
        at: row.createdAt.toISOString(),
        stage,
        matches,
        kinds: { ...kinds },
        score,
      });
    }
  }
}
