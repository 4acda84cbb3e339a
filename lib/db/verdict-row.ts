import { resultOf, type VerdictRecord } from "#lib/contract/guardrail-verdict.ts";
import { quoted, unless, whole } from "./json-text.ts";

const MAX_REASON = 500;

/** The guardrails' part of a log row: the result of all, and each verdict. */
export function verdictsOf(verdicts: readonly VerdictRecord[]): string {
  const result = resultOf(verdicts);
  if (result === null) {
    return "";
  }
  return `,"guardrail_result":"${result}","verdicts":[${verdicts.map(verdictOf).join(",")}]`;
}

function verdictOf(verdict: VerdictRecord, at: number): string {
  const { score, reason } = verdict;
  return (
    `{"position":${at + 1},"rule_id":"${verdict.ruleId}","rule_name":${quoted(verdict.ruleName)}` +
    `,"rule_version":${whole(verdict.ruleVersion)},"rule_type":"${verdict.type}"` +
    `,"stage":"${verdict.stage}","action":"${verdict.action}","mode":"${verdict.mode}"` +
    `,"state":"${verdict.state}","matches":${whole(verdict.matches)}` +
    `,"kinds":${JSON.stringify(verdict.kinds)}` +
    `${score === null || !Number.isFinite(score) ? "" : `,"score":${score}`}` +
    `,"duration_us":${whole(verdict.durationUs)}` +
    `${reason === null ? "" : unless(reason.slice(0, MAX_REASON), null, "reason")}}`
  );
}
