import { setTimeout as sleep } from "node:timers/promises";
import type { Answer } from "#lib/contract/answer.ts";
import type { Deployment } from "#lib/contract/snapshot.ts";
import { ConduitError, toConduitError, type UpstreamFailure } from "#lib/errors.ts";
import { admitDeployment } from "#lib/limits/admit.ts";
import { callUpstream } from "#lib/providers/call.ts";
import { Itinerary, type Move } from "#lib/routing/itinerary.ts";
import type { RoutePlan } from "#lib/routing/plan.ts";
import { hasHungUp, requireDeadline } from "./deadline.ts";
import { waitForContent } from "./first-content.ts";
import { hopsOf } from "./loop.ts";
import { requireRequest, type Story } from "./story.ts";
import { recordTry } from "./tries.ts";

/**
 * Tries the plan's targets until one begins to answer, and returns that answer. An answer has begun
 * with its first content, so a stream that opens with an error still falls back. A target that
 * cannot take the request as it is, or that is at its own limit, is passed over. Throws the last
 * failure once every try is used up.
 */
export async function attempt(story: Story, plan: RoutePlan): Promise<Answer> {
  const way = new Itinerary({
    plan,
    deadlineMs: requireDeadline(story).atMs,
    nowMs: () => performance.now(),
  });
  try {
    return await walk(story, plan, way);
  } finally {
    // Gives back a probe or a retry's place that a hang-up left taken; else it does nothing.
    way.abandon();
  }
}

async function walk(story: Story, plan: RoutePlan, way: Itinerary): Promise<Answer> {
  let failure: ConduitError | undefined;
  let target: Called | undefined = way.first();
  while (target !== undefined) {
    const tried = await tryTarget(story, plan, target);
    if ("answer" in tried) {
      way.succeed({ latencyMs: tried.latencyMs });
      return tried.answer;
    }
    const { error } = tried;
    if (story.exchange.signal.aborted) {
      // The caller, the clock or a shutdown cut it: that says nothing of the target.
      throw error;
    }
    if (error.upstream === undefined) {
      failure = error.code === "rate_limit_exceeded" ? sooner(failure, error) : (failure ?? error);
      target = way.skip();
    } else {
      failure = error;
      target = await follow(story, way.fail(error.upstream), error);
    }
  }
  throw lastFailure(failure);
}

/** Of two targets at their own limits, the caller is told of the one that has room first. */
function sooner(known: ConduitError | undefined, found: ConduitError): ConduitError {
  const isSooner = (found.retryAfterMs ?? 0) < (known?.retryAfterMs ?? 0);
  return known === undefined || (known.code === found.code && isSooner) ? found : known;
}

/** What the caller is told when the way has ended without a failure of its last target. */
function lastFailure(failure: ConduitError | undefined): ConduitError {
  if (failure === undefined) {
    return new ConduitError("no_healthy_upstream", { message: "No deployment could be asked." });
  }
  return failure.upstream === undefined
    ? failure
    : exhausted(failure, failure.upstream, failure.upstream.kind === "rate_limit");
}

/** Waits as long as the move says, and returns the target that it names. Throws at the end of the way. */
async function follow(story: Story, move: Move, failure: ConduitError): Promise<Called> {
  if (move.kind === "give_up") {
    throw exhausted(failure, failure.upstream, move.clientMayRetry);
  }
  if (move.delayMs > 0) {
    const { signal } = story.exchange;
    const from = performance.now();
    await sleep(move.delayMs, undefined, { signal }).catch(() => {
      // Cut short by the caller or the clock, whose reason is the better error.
      throw signal.reason;
    });
    // The upstream asked for this wait; it is none of the gateway's own time.
    story.upstreamMs += performance.now() - from;
  }
  return { deployment: move.target.deployment, isFresh: move.isFresh === true };
}

/** A target, and whether it is to be called on a connection of its own. */
interface Called {
  deployment: Deployment;
  isFresh?: boolean;
}

type Tried = { answer: Answer; latencyMs: number } | { error: ConduitError };

async function tryTarget(story: Story, plan: RoutePlan, called: Called): Promise<Tried> {
  const { deployment } = called;
  const verdict = await admitDeployment({
    requestId: story.exchange.id,
    deployment,
    estimateTokens: story.estimateTokens,
  });
  if (!verdict.granted) {
    recordTry(story, deployment, { ended: "skipped_limit" });
    return { error: atOwnLimit(deployment, verdict.retryAfterMs) };
  }
  const { ticket } = verdict;
  const startedAt = performance.now();
  try {
    const answer = await ask(story, plan, called);
    recordTry(story, deployment, { ended: "ok", startedAt, status: 200 });
    story.ticket = ticket;
    story.deployment = deployment;
    return { answer, latencyMs: performance.now() - startedAt };
  } catch (thrown) {
    const error = toConduitError(thrown);
    recordTry(story, deployment, { ended: endOf(story, error), startedAt, error });
    // It has read the prompt, and most providers bill that whether or not anybody waits.
    story.cutTarget = story.exchange.signal.aborted ? deployment : null;
    await ticket.settle({ tokens: 0 });
    return { error };
  }
}

/** How a try ended, for the log. */
function endOf(story: Story, { upstream }: ConduitError): string {
  if (hasHungUp(story)) {
    return "cancelled";
  }
  return upstream?.isStale === true ? "maybe_double_billed" : (upstream?.kind ?? "refused");
}

async function ask(story: Story, plan: RoutePlan, called: Called): Promise<Answer> {
  const { exchange } = story;
  const { answer, adjusted } = await callUpstream({
    deployment: called.deployment,
    isFresh: called.isFresh === true,
    endpoint: story.endpoint.name,
    request: requireRequest(story),
    stream: story.stream,
    keyId: story.caller?.keyId ?? "",
    requestId: exchange.id,
    created: Math.floor(exchange.createdAtMs / 1000),
    via: hopsOf(exchange),
    signal: exchange.signal,
  });
  story.adjusted = new Set([...plan.adjusted, ...adjusted]);
  return await waitForContent(answer);
}

function atOwnLimit(deployment: Deployment, retryAfterMs: number | undefined): ConduitError {
  return new ConduitError("rate_limit_exceeded", {
    message: `Deployment ${deployment.name} has reached its own rate limit, and no other can take the request.`,
    retryAfterMs,
  });
}

/** The last failure, with advice on trying again: the gateway has done what trying can do. */
function exhausted(
  failure: ConduitError,
  upstream: UpstreamFailure | undefined,
  clientMayRetry: boolean,
): ConduitError {
  return new ConduitError(failure.code, {
    message: failure.message,
    param: failure.param ?? undefined,
    status: failure.status,
    type: failure.type,
    publicCode: failure.publicCode,
    retryAfterMs: failure.retryAfterMs ?? upstream?.retryAfterMs,
    retry: clientMayRetry,
    ...(upstream === undefined ? {} : { upstream }),
    cause: failure,
  });
}
