/** What kinds of checks there are; each has a file in `lib/guardrails/rules`. */
export const RULE_TYPES = [
  "pii",
  "secrets",
  "injection",
  "content_filter",
  "regex",
  "word_list",
  "max_tokens",
  "json_schema",
  "llm_judge",
  "webhook",
  "presidio",
] as const;
export type RuleType = (typeof RULE_TYPES)[number];

/**
 * When a rule runs: on the request before anything is sent, on the request while the upstream works
 * on it, or on the answer.
 */
export const RULE_STAGES = ["pre", "during", "post"] as const;
export type RuleStage = (typeof RULE_STAGES)[number];

/**
 * What happens when a rule finds something. `redact` leaves a label in its place for good; `mask`
 * sends a placeholder upstream and gives the caller the original back.
 */
export const RULE_ACTIONS = ["block", "redact", "mask", "warn", "log"] as const;
export type RuleAction = (typeof RULE_ACTIONS)[number];

/** `shadow` finds and records, and changes nothing. */
export const RULE_MODES = ["enforced", "shadow", "off"] as const;
export type RuleMode = (typeof RULE_MODES)[number];

/** What a request goes by when a rule cannot say anything. */
export const RULE_FAILS = ["open", "closed"] as const;
export type RuleFail = (typeof RULE_FAILS)[number];

/**
 * How a rule's run ended. `passed` is said only where text was read and nothing found; a rule that
 * had nothing to read was `skipped`, and one that could not finish has `failed`.
 */
export const VERDICT_STATES = ["passed", "acted", "skipped", "failed"] as const;
export type VerdictState = (typeof VERDICT_STATES)[number];

/** One rule's verdict on one stage of one request. Holds counts, never what was found. */
export interface VerdictRecord {
  ruleId: string;
  ruleName: string;
  ruleVersion: number;
  type: RuleType;
  stage: RuleStage;
  action: RuleAction;
  /** `acted` in shadow mode means that it would have. */
  mode: "enforced" | "shadow";
  state: VerdictState;
  matches: number;
  /** Matches by kind, as `{"email": 2}`. */
  kinds: Readonly<Record<string, number>>;
  score: number | null;
  /** Time that the check itself took, in microseconds. */
  durationUs: number;
  /** Why it was skipped or has failed; never a part of the text. */
  reason: string | null;
}

/** All verdicts of a request in one word, the weightiest first. */
export const GUARDRAIL_RESULTS = [
  "blocked",
  "changed",
  "warned",
  "shadowed",
  "failed",
  "passed",
  "skipped",
] as const;
export type GuardrailResult = (typeof GUARDRAIL_RESULTS)[number];

/** The request's result as its log row keeps it; `null` when no rule applied to it. */
export function resultOf(verdicts: readonly VerdictRecord[]): GuardrailResult | null {
  const found = new Set(verdicts.map(wordOf));
  return GUARDRAIL_RESULTS.find((result) => found.has(result)) ?? null;
}

const ACTED = {
  block: "blocked",
  redact: "changed",
  mask: "changed",
  warn: "warned",
  log: "warned",
} as const satisfies Record<RuleAction, GuardrailResult>;

function wordOf({ state, mode, action }: VerdictRecord): GuardrailResult {
  if (state !== "acted") {
    return state;
  }
  return mode === "shadow" ? "shadowed" : ACTED[action];
}
