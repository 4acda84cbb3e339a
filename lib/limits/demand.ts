import type { Caller, RateLimits } from "#lib/contract/caller.ts";
import type { Deployment } from "#lib/contract/snapshot.ts";

/** One thing whose rates and slots a request counts against. */
export interface Scope {
  /** `key:…`, `team:…` or `deployment:…`; names its counters in every store. */
  id: string;
  /** For the refusal's text: `key "ci"`. */
  name: string;
  limits: RateLimits;
}

/** What a request wants of the rates: one request, some tokens, one slot, in every scope. */
export interface RateDemand {
  requestId: string;
  scopes: readonly Scope[];
  tokens: number;
  leaseMs: number;
}

/** Which limit a request met. */
export interface RateRefusal {
  scope: Scope;
  limiter: "requests" | "tokens" | "parallel";
  /** As it was applied; a replica without Redis applies its share. */
  limit: number;
  /** When coming back makes sense; `undefined` when it never will. */
  retryAfterMs: number | undefined;
}

/** How much of one limit is left after a request was counted. */
export interface RateReading {
  limiter: "requests" | "tokens";
  limit: number;
  remaining: number;
  /** Milliseconds until the present minute ends. */
  resetMs: number;
}

/** What a request holds of the rates. */
export interface RateHold {
  readonly readings: readonly RateReading[];
  /** Gives the slots back and corrects the tokens to what was used. */
  settle(tokens: number): Promise<void> | undefined;
  /** Gives everything back, the requests as well. */
  undo(): Promise<void> | undefined;
}

export type RateVerdict =
  | { granted: true; hold: RateHold }
  | { granted: false; refusal: RateRefusal };

/** The limited scopes of a caller: its key and its team, where they have limits. */
export function scopesOf(caller: Caller): Scope[] {
  const scopes: Scope[] = [];
  if (isLimited(caller.keyLimits)) {
    scopes.push({
      id: `key:${caller.keyId}`,
      name: `key "${caller.keyAlias ?? caller.keyId}"`,
      limits: caller.keyLimits,
    });
  }
  if (caller.teamId !== null && isLimited(caller.teamLimits)) {
    scopes.push({
      id: `team:${caller.teamId}`,
      name: `team "${caller.teamName ?? caller.teamId}"`,
      limits: caller.teamLimits,
    });
  }
  return scopes;
}

/** A deployment's own limits; `undefined` when it has none. */
export function deploymentScope(deployment: Deployment): Scope | undefined {
  const { maxRpm, maxTpm } = deployment;
  return maxRpm === null && maxTpm === null
    ? undefined
    : {
        id: `deployment:${deployment.id}`,
        name: `deployment "${deployment.name}"`,
        limits: { rpm: maxRpm, tpm: maxTpm, maxParallel: null },
      };
}

export function isLimited(limits: RateLimits | null): limits is RateLimits {
  return (
    limits !== null && (limits.rpm !== null || limits.tpm !== null || limits.maxParallel !== null)
  );
}

/** A demand with every limit divided among replicas that cannot count together; at least one each. */
export function shareOf(demand: RateDemand, replicas: number): RateDemand {
  if (replicas <= 1) {
    return demand;
  }
  const part = (limit: number | null) =>
    limit === null || limit === 0 ? limit : Math.max(1, Math.floor(limit / replicas));
  return {
    ...demand,
    scopes: demand.scopes.map((scope) => ({
      ...scope,
      limits: {
        rpm: part(scope.limits.rpm),
        tpm: part(scope.limits.tpm),
        maxParallel: part(scope.limits.maxParallel),
      },
    })),
  };
}
