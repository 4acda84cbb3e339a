import type { Outcome } from "../contract/record.ts";

/**
 * What people call the end of a request. Stored are an outcome and an error code; this table is the
 * only place that turns the two into a label, so that lists, charts and filters agree.
 */
export const OUTCOMES = [
  "ok",
  "cached",
  "client_error",
  "limited",
  "blocked",
  "provider_error",
  "cancelled",
  "partial",
  "interrupted",
] as const satisfies readonly Outcome[];

export type OutcomeTone = "good" | "neutral" | "warning" | "bad";

export interface OutcomeLabel {
  id: OutcomeLabelId;
  label: string;
  tone: OutcomeTone;
  /** Whether it counts in the error rate: what the gateway or a provider failed to do. */
  isFailure: boolean;
}

interface LabelRow extends Omit<OutcomeLabel, "id"> {
  id: string;
  outcome: Outcome;
  /** The error codes it stands for; without any it is the outcome's general label. */
  errorCodes?: readonly string[];
}

/** Special labels of an outcome stand before its general one. */
export const OUTCOME_LABELS = [
  { id: "success", label: "Success", outcome: "ok", tone: "good", isFailure: false },
  { id: "cached", label: "Cached", outcome: "cached", tone: "good", isFailure: false },
  {
    id: "auth",
    label: "Not authorised",
    outcome: "client_error",
    errorCodes: [
      "invalid_api_key",
      "api_key_expired",
      "api_key_revoked",
      "permission_denied",
      "ip_not_allowed",
    ],
    tone: "warning",
    isFailure: false,
  },
  {
    id: "model_not_allowed",
    label: "Model not available",
    outcome: "client_error",
    errorCodes: ["model_not_found"],
    tone: "warning",
    isFailure: false,
  },
  {
    id: "bad_request",
    label: "Bad request",
    outcome: "client_error",
    tone: "warning",
    isFailure: false,
  },
  {
    id: "over_budget",
    label: "Over budget",
    outcome: "limited",
    errorCodes: ["budget_exceeded", "insufficient_quota"],
    tone: "warning",
    isFailure: false,
  },
  {
    id: "rate_limited",
    label: "Rate limited",
    outcome: "limited",
    tone: "warning",
    isFailure: false,
  },
  { id: "blocked", label: "Blocked", outcome: "blocked", tone: "warning", isFailure: false },
  {
    id: "no_deployment",
    label: "No healthy deployment",
    outcome: "provider_error",
    errorCodes: ["no_healthy_upstream"],
    tone: "bad",
    isFailure: true,
  },
  {
    id: "provider_error",
    label: "Provider error",
    outcome: "provider_error",
    tone: "bad",
    isFailure: true,
  },
  { id: "cancelled", label: "Cancelled", outcome: "cancelled", tone: "neutral", isFailure: false },
  { id: "broken", label: "Stream broken", outcome: "partial", tone: "bad", isFailure: true },
  { id: "interrupted", label: "Interrupted", outcome: "interrupted", tone: "bad", isFailure: true },
] as const satisfies readonly LabelRow[];

export type OutcomeLabelId = (typeof OUTCOME_LABELS)[number]["id"];
type KnownLabel = LabelRow & { id: OutcomeLabelId };

/** The label of a stored outcome and error code. */
export function labelOfOutcome(outcome: Outcome, errorCode: string | null): OutcomeLabel {
  const rows: readonly KnownLabel[] = OUTCOME_LABELS.filter((row) => row.outcome === outcome);
  const special = rows.find((row) => errorCode !== null && row.errorCodes?.includes(errorCode));
  const row = special ?? rows.find((each) => each.errorCodes === undefined);
  if (row === undefined) {
    throw new Error(`The outcome ${outcome} has no label.`);
  }
  return { id: row.id, label: row.label, tone: row.tone, isFailure: row.isFailure };
}

/** What rows of a label have in common: an outcome, and error codes that they have or have not. */
export interface LabelCondition {
  outcome: Outcome;
  codes: readonly string[] | undefined;
  /** Codes that have a label of their own; empty beside `codes`. */
  otherCodes: readonly string[];
}

/** The stored columns that `labelOfOutcome` turns into this label. */
export function conditionOfLabel(id: OutcomeLabelId): LabelCondition {
  const labels: readonly LabelRow[] = OUTCOME_LABELS;
  const row = labels.find((each) => each.id === id);
  if (row === undefined) {
    throw new Error(`There is no outcome label ${id}.`);
  }
  const others = labels.filter((each) => each.outcome === row.outcome && each.id !== id);
  return {
    outcome: row.outcome,
    codes: row.errorCodes,
    otherCodes: row.errorCodes === undefined ? others.flatMap((each) => each.errorCodes ?? []) : [],
  };
}

/** The outcomes that count in an error rate. */
export const FAILED_OUTCOMES: readonly Outcome[] = OUTCOMES.filter(
  (outcome) => labelOfOutcome(outcome, null).isFailure,
);
