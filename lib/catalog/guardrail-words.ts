import type {
  GuardrailResult,
  RuleAction,
  RuleMode,
  RuleStage,
  VerdictState,
} from "../contract/guardrail-verdict.ts";

/** What people call the parts of guardrails: one place for forms, lists, filters and the log. */
export const MODE_WORDS = {
  enforced: "Enforced",
  shadow: "Shadow",
  off: "Off",
} as const satisfies Record<RuleMode, string>;

export const STAGE_WORDS = {
  pre: "Request",
  during: "Request, beside the model",
  post: "Answer",
  both: "Request and answer",
} as const satisfies Record<RuleStage | "both", string>;

export const ACTION_WORDS = {
  block: "Block",
  redact: "Redact",
  mask: "Mask and restore",
  warn: "Warn",
  log: "Log",
} as const satisfies Record<RuleAction, string>;

/** What was done, as "it blocked". */
export const ACTED_WORDS = {
  block: "Blocked",
  redact: "Redacted",
  mask: "Masked",
  warn: "Warned",
  log: "Logged",
} as const satisfies Record<RuleAction, string>;

export const STATE_WORDS = {
  passed: "Passed",
  acted: "Acted",
  skipped: "Skipped",
  failed: "Failed",
} as const satisfies Record<VerdictState, string>;

export type GuardrailTone = "good" | "neutral" | "warning" | "bad";

/** A request's verdicts in one word. */
export const RESULT_WORDS = {
  blocked: { label: "Blocked", tone: "bad" },
  changed: { label: "Redacted or masked", tone: "warning" },
  warned: { label: "Warned or logged", tone: "warning" },
  shadowed: { label: "Would have acted", tone: "neutral" },
  failed: { label: "Check failed", tone: "bad" },
  passed: { label: "Passed", tone: "good" },
  skipped: { label: "Nothing to read", tone: "neutral" },
} as const satisfies Record<GuardrailResult, { label: string; tone: GuardrailTone }>;
