import type { Caller } from "#lib/contract/caller.ts";
import type { ReservationRecord } from "#lib/contract/record.ts";
import type { Deployment } from "#lib/contract/snapshot.ts";
import { isRedisUnavailable } from "#lib/redis/breaker.ts";
import type { BudgetDemand, BudgetHold, BudgetVerdict } from "./budget-demand.ts";
import { getLimits, type Limits, type SharedLimits } from "./configure.ts";
import {
  deploymentScope,
  isLimited,
  type RateDemand,
  type RateHold,
  type RateVerdict,
  scopesOf,
  shareOf,
} from "./demand.ts";
import { rateHeaders } from "./headers.ts";
import { budgetError, rateLimitError } from "./refusal.ts";

export interface AdmitDemand {
  /** The gateway's own id of the request; names its leases and reservations. */
  requestId: string;
  caller: Caller;
  /** The most it may cost and use; 0 when no limit asks. What costs nothing passes any budget. */
  estimateNanos: bigint;
  estimateTokens: number;
  /** After this long its slots are free again and its money is charged at the estimate. */
  leaseMs: number;
}

/** What an admitted request holds. `settle` and `release` take effect once, whichever comes first. */
export interface Admission {
  /** OpenAI's `x-ratelimit-*` headers for the tightest limit; empty without limits. */
  readonly headers: Readonly<Record<string, string>>;
  /** What the log row has to carry; `null` when no budget applies. Read it when it is needed. */
  readonly reservation: ReservationRecord | null;
  /** Raises the reserved amount to a new total; `false` when a budget has no room for it. */
  topUp(totalEstimateNanos: bigint): Promise<boolean>;
  /** The request has ended: what it cost and used takes the place of the estimates. */
  settle(used: { costNanos: bigint; tokens: number }): Promise<void>;
  /** The request never ran: money, tokens and slots are given back; it stays counted as a request. */
  release(): Promise<void>;
}

/** A request counted against a deployment's own limits. */
export interface DeploymentTicket {
  settle(used: { tokens: number }): Promise<void>;
}

/** Whether a deployment's own limits have room for a request. */
export type DeploymentVerdict =
  | { granted: true; ticket: DeploymentTicket }
  /** `retryAfterMs`: when there is room again; `undefined` when the request never fits. */
  | { granted: false; retryAfterMs: number | undefined };

const UNLIMITED: Admission = Object.freeze({
  headers: Object.freeze({}),
  reservation: null,
  topUp: async () => true,
  settle: async () => undefined,
  release: async () => undefined,
});
const UNLIMITED_DEPLOYMENT: DeploymentVerdict = Object.freeze({
  granted: true,
  ticket: Object.freeze({ settle: async () => undefined }),
});

/**
 * May they: counts a request against the rates, slots and budgets of its key, user and team, all or
 * none. Throws `rate_limit_exceeded` or `budget_exceeded` naming the limit that was met, and then has
 * changed nothing; throws `budget_store_unavailable` when no store can tell what is spent.
 */
export async function admit(demand: AdmitDemand): Promise<Admission> {
  const { caller } = demand;
  if (
    caller.budgets.length === 0 &&
    !isLimited(caller.keyLimits) &&
    !isLimited(caller.teamLimits)
  ) {
    return UNLIMITED;
  }
  const limits = getLimits();
  if (limits.shared !== undefined) {
    await limits.started;
    return admitShared(limits, limits.shared, demand);
  }
  if (!limits.budgets.isSeeded(caller.budgets)) {
    await limits.budgets.seed(caller.budgets);
  }
  return admitHere(limits, demand);
}

/**
 * Counts a request against a deployment's own limits. A refusal has changed nothing and is no error:
 * another target should be tried.
 */
export async function admitDeployment(demand: {
  requestId: string;
  deployment: Deployment;
  estimateTokens: number;
}): Promise<DeploymentVerdict> {
  const scope = deploymentScope(demand.deployment);
  if (scope === undefined) {
    return UNLIMITED_DEPLOYMENT;
  }
  const limits = getLimits();
  await limits.started;
  const verdict = await takeRates(limits, {
    requestId: demand.requestId,
    scopes: [scope],
    tokens: demand.estimateTokens,
    leaseMs: 0,
  });
  return verdict.granted
    ? { granted: true, ticket: ticketOf(verdict.hold) }
    : { granted: false, retryAfterMs: verdict.refusal.retryAfterMs };
}

function ticketOf(hold: RateHold): DeploymentTicket {
  let settled = false;
  return {
    settle: async ({ tokens }) => {
      if (!settled) {
        settled = true;
        await hold.settle(tokens);
      }
    },
  };
}

/** One replica: nothing awaits between the first check and the last count. */
function admitHere(limits: Limits, demand: AdmitDemand): Admission {
  const rateDemand = rateDemandOf(demand);
  const rates = limits.rates.take(rateDemand);
  if (!rates.granted) {
    throw rateLimitError(rates.refusal, demand.estimateTokens);
  }
  if (demand.caller.budgets.length === 0) {
    return admissionOf(rates.hold, undefined);
  }
  const budgets = limits.budgets.reserve(budgetDemandOf(demand));
  if (!budgets.granted) {
    // Given back in the same step in which it was taken, so nobody has seen it gone.
    rates.hold.undo();
    throw refusedBudget(limits, demand, budgets);
  }
  return admissionOf(rates.hold, budgets.hold);
}

/**
 * Several replicas: rates first, because a rate that is given back a moment later costs another
 * request a short wait, while money held for a moment could tell it that its budget is spent.
 */
async function admitShared(
  limits: Limits,
  shared: SharedLimits,
  demand: AdmitDemand,
): Promise<Admission> {
  const rates = await takeRates(limits, rateDemandOf(demand));
  if (!rates.granted) {
    throw rateLimitError(rates.refusal, demand.estimateTokens);
  }
  if (demand.caller.budgets.length === 0) {
    return admissionOf(rates.hold, undefined);
  }
  try {
    const budgets = await shared.budgets.reserve(budgetDemandOf(demand));
    if (!budgets.granted) {
      throw refusedBudget(limits, demand, budgets);
    }
    return admissionOf(rates.hold, budgets.hold);
  } catch (error) {
    await rates.hold.undo();
    throw error;
  }
}

/** Takes rates and slots in Redis, or this process's share of them while Redis is away. */
async function takeRates(limits: Limits, demand: RateDemand): Promise<RateVerdict> {
  if (limits.shared === undefined || demand.scopes.length === 0) {
    return limits.rates.take(demand);
  }
  try {
    const verdict = await limits.shared.rates.take(demand);
    return verdict.granted ? { granted: true, hold: noted(limits, demand, verdict.hold) } : verdict;
  } catch (error) {
    if (!isRedisUnavailable(error)) {
      throw error;
    }
    return limits.rates.take(shareOf(demand, limits.replicas));
  }
}

/** What Redis granted is counted here too, so that an outage does not begin a minute anew. */
function noted({ rates }: Limits, demand: RateDemand, hold: RateHold): RateHold {
  const own = rates.note(demand);
  return {
    readings: hold.readings,
    settle: (tokens) => {
      void own.settle(tokens);
      return hold.settle(tokens);
    },
    undo: () => {
      void own.undo();
      return hold.undo();
    },
  };
}

function rateDemandOf({ requestId, caller, estimateTokens, leaseMs }: AdmitDemand): RateDemand {
  return { requestId, scopes: scopesOf(caller), tokens: estimateTokens, leaseMs };
}

function budgetDemandOf({ requestId, caller, estimateNanos, leaseMs }: AdmitDemand): BudgetDemand {
  return { requestId, budgets: caller.budgets, estimateNanos, leaseMs };
}

function refusedBudget(
  limits: Limits,
  { estimateNanos }: AdmitDemand,
  { refusal }: Extract<BudgetVerdict, { granted: false }>,
): Error {
  return budgetError(refusal, { estimateNanos, nowMs: limits.now() });
}

function admissionOf(rates: RateHold, budget: BudgetHold | undefined): Admission {
  let ended = false;
  const end = async (finish: () => readonly (Promise<void> | undefined)[]): Promise<void> => {
    if (!ended) {
      ended = true;
      await Promise.all(finish());
    }
  };
  return {
    headers: rateHeaders(rates.readings),
    get reservation() {
      return budget?.record ?? null;
    },
    topUp: async (totalEstimateNanos) => budget?.topUp(totalEstimateNanos) ?? true,
    settle: ({ costNanos, tokens }) => end(() => [rates.settle(tokens), budget?.settle(costNanos)]),
    release: () => end(() => [rates.settle(0), budget?.release()]),
  };
}
