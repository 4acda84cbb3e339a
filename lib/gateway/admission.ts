import { ConduitError, isConduitError } from "#lib/errors.ts";
import { estimateRequest } from "#lib/ledger/tokens.ts";
import { admit } from "#lib/limits/admit.ts";
import type { RoutePlan } from "#lib/routing/plan.ts";
import { openDeadline, requireDeadline } from "./deadline.ts";
import { isLedgerOut } from "./degraded.ts";
import { assertRoomForStream } from "./pressure.ts";
import { requireRuntime } from "./runtime.ts";
import { requireRequest, type Story } from "./story.ts";

/** A lease outlives its request a little, so that a slow ending does not give its slot away. */
const LEASE_MARGIN_MS = 30_000;

/**
 * May they: takes the caller's rates, its slot and a reservation over all its budgets, or refuses
 * with 429 and leaves every counter as it was. The estimate is made of the dearest target in the
 * plan, so that no fallback can outgrow it, and only when a limit needs one. It is an upper bound at
 * first; tokens are counted only for a request that the bound would refuse.
 */
export async function admitRequest(story: Story, plan: RoutePlan): Promise<void> {
  assertRoomForStream(story.stream);
  assertRecordable(story);
  story.deadline = openDeadline(story.exchange, story.caller, plan.timeoutMs);
  if (!needsEstimate(story, plan)) {
    await admitAt(story, NO_ESTIMATE);
    return;
  }
  try {
    await admitAt(story, estimateOf(story, plan, "bound"));
  } catch (error) {
    if (!isConduitError(error) || error.status !== 429) {
      throw error;
    }
    await admitAt(story, estimateOf(story, plan, "counted"));
  }
}

const RECORDS_BACK_MS = 5000;

/**
 * A budget holds only as long as what is spent is written down somewhere. Keys without one are served
 * on, and what they used is kept in memory until something takes it.
 */
function assertRecordable({ caller }: Story): void {
  if ((caller?.budgets.length ?? 0) > 0 && isLedgerOut(requireRuntime())) {
    throw new ConduitError("budget_store_unavailable", {
      message: "The gateway can write no usage record at the moment, so no budget could be kept.",
      retryAfterMs: RECORDS_BACK_MS,
    });
  }
}

const NO_ESTIMATE = { nanos: 0n, tokens: 0, inputTokens: 0 };

function needsEstimate({ caller }: Story, plan: RoutePlan): boolean {
  return (
    (caller?.budgets.length ?? 0) > 0 ||
    caller?.keyLimits.tpm != null ||
    caller?.teamLimits?.tpm != null ||
    plan.targets.some(({ deployment }) => deployment.maxTpm !== null)
  );
}

function estimateOf(story: Story, plan: RoutePlan, precision: "bound" | "counted") {
  return estimateRequest({
    request: requireRequest(story),
    endpoint: story.endpoint.name,
    prices: plan.targets.map(({ deployment }) => deployment.price),
    precision,
  });
}

async function admitAt(story: Story, estimate: typeof NO_ESTIMATE): Promise<void> {
  const { caller, exchange } = story;
  const deadline = requireDeadline(story);
  if (caller === null) {
    return;
  }
  story.estimateNanos = estimate.nanos;
  story.estimateTokens = estimate.tokens;
  story.estimateInputTokens = estimate.inputTokens;
  story.admission = await admit({
    requestId: exchange.id,
    caller,
    estimateNanos: estimate.nanos,
    estimateTokens: estimate.tokens,
    leaseMs: Math.ceil(deadline.atMs - performance.now()) + LEASE_MARGIN_MS,
  });
}
