/** How often a budget starts anew; windows begin at UTC midnight, Monday, or the first of a month. */
export type BudgetPeriod = "total" | "day" | "week" | "month";

export type BudgetSubject = "key" | "user" | "team" | "organization" | "deployment" | "tag";

/** The subject id of the one budget that every request of the install counts against. */
export const ORGANIZATION_ID = "organization";

/** One money limit that a request counts against. */
export interface BudgetLimit {
  id: string;
  subject: BudgetSubject;
  subjectId: string;
  /** For the refusal's text: the alias, address or team name. */
  subjectName: string;
  period: BudgetPeriod;
  limitNanos: bigint;
}

/** Requests and tokens per minute; `null` is no limit. */
export interface RateLimits {
  rpm: number | null;
  tpm: number | null;
  maxParallel: number | null;
}

/** Whose requests may be answered with each other's stored answers: a key's own, or its team's. */
export interface CacheScope {
  kind: "key" | "team";
  id: string;
}

/** Who is calling: one virtual key with all that limits it. Immutable; shared between requests. */
export interface Caller {
  keyId: string;
  keyAlias: string | null;
  userId: string;
  userEmail: string;
  teamId: string | null;
  teamName: string | null;
  /** Names this key may ask for, already met with its team's; `null` is every name. */
  allowedModels: ReadonlySet<string> | null;
  keyLimits: RateLimits;
  teamLimits: RateLimits | null;
  /** Ordered by id, so that every store locks them in one order. */
  budgets: readonly BudgetLimit[];
  allowedCidrs: readonly string[] | null;
  tags: Readonly<Record<string, string>>;
  /** What the team wants to be kept of its requests; null is the install's setting. */
  payloadStorage: "metadata" | "full" | null;
  cacheScope: CacheScope;
  /** Whether identical requests of the key that are in flight at once share one upstream call. */
  coalesce: boolean;
}
