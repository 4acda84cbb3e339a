import type { VerdictRecord } from "./guardrail-verdict.ts";
import type { Usage } from "./usage.ts";

/** How a request ended. The console derives its labels from this and the error code. */
export type Outcome =
  | "ok"
  | "cached"
  | "client_error"
  | "limited"
  | "blocked"
  | "provider_error"
  | "cancelled"
  | "partial"
  | "interrupted";

export type CacheResult = "HIT" | "SEMANTIC" | "MISS" | "BYPASS";

/** One try of one target. */
export interface AttemptRecord {
  deploymentId: string;
  deploymentName: string;
  provider: string;
  /** The upstream's HTTP status; `null` when there was no answer. */
  status: number | null;
  errorCode: string | null;
  errorMessage: string | null;
  startedAtMs: number;
  durationMs: number;
  /** Why it ended: `ok`, an `UpstreamFailure` kind, `maybe_double_billed`, `skipped_limit`, `cancelled`. */
  ended: string;
  costNanos: bigint;
}

/** What a stored answer was worth to the request that it answered. */
export interface CacheHitRecord {
  /** The request whose answer it was. */
  sourceId: string;
  /** What that answer had cost. */
  savedNanos: bigint;
  /** How near the question was; `null` for the very same one. */
  similarity: number | null;
}

/** A reservation that this request holds, to be settled with its row. */
export interface ReservationRecord {
  store: "memory" | "redis" | "postgres";
  budgetIds: readonly string[];
  estimateNanos: bigint;
}

/**
 * One request's log row: written to the journal first, then to `request_logs`, and replayed to the
 * same row after a crash. Exactly one exists for every request whose key was known.
 */
export interface RequestRecord {
  /** UUIDv7; its millisecond is the row's `created_at`. */
  id: string;
  keyId: string;
  userId: string;
  teamId: string | null;
  /** The API dialect of the caller: `openai`. */
  dialect: string;
  endpoint: string;
  modelAsked: string;
  alias: string | null;
  deploymentId: string | null;
  deploymentName: string | null;
  provider: string | null;
  /** The model's name at the upstream that answered. */
  model: string | null;
  /** HTTP status sent to the caller; 499 for a hang-up. */
  status: number;
  outcome: Outcome;
  errorCode: string | null;
  errorMessage: string | null;
  usage: Usage;
  /** Whether the tokens were counted by us because the upstream told none. */
  estimated: boolean;
  costNanos: bigint;
  /** The unit prices that were applied, as decimal strings; `null` when none were. */
  priceSnapshot: Record<string, string> | null;
  priceState: "priced" | "free" | "unpriced" | "none";
  latencyMs: number;
  /** Milliseconds to the first content; `null` when none came. */
  ttftMs: number | null;
  overheadMs: number;
  attempts: readonly AttemptRecord[];
  stream: boolean;
  cacheResult: CacheResult;
  /** `null` unless a stored answer was given. */
  cacheHit: CacheHitRecord | null;
  /** What each guardrail rule found, in the order in which they ran. */
  verdicts: readonly VerdictRecord[];
  /** The managed prompt that the messages were made from. */
  prompt: { name: string; version: number } | null;
  /** Fields that were emulated or left out, as in `x-conduit-adjusted`. */
  adjusted: readonly string[];
  tags: Readonly<Record<string, string>>;
  session: string | null;
  ip: string | null;
  userAgent: string | null;
  reservation: ReservationRecord | null;
}

/** What the journal keeps before the upstream is called, so that a crash still leaves a row. */
export interface RequestIntent {
  id: string;
  keyId: string;
  userId: string;
  teamId: string | null;
  endpoint: string;
  modelAsked: string;
  stream: boolean;
  estimateNanos: bigint;
  reservation: ReservationRecord | null;
}
