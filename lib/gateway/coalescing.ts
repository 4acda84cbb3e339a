import { type Flight, getFlight, openFlight, type Seat } from "#lib/cache/flights.ts";
import type { Answer, StreamBatch } from "#lib/contract/answer.ts";
import { type ConduitError, isConduitError } from "#lib/errors.ts";
import type { RoutePlan } from "#lib/routing/plan.ts";
import type { CacheTurn, FlightSource } from "./cache-turn.ts";
import { clientClosed } from "./exchange.ts";
import { requireRuntime } from "./runtime.ts";
import type { Story } from "./story.ts";

/** After so many leaders that came to nothing of their own accord, a request asks for itself. */
const MAX_FLIGHTS = 3;

/**
 * The answer of an identical request that is being answered; `undefined` for the first of them,
 * which from then on leads the others. Followers of a leader that gave up (its caller has gone, its
 * time was up, it was refused) ask again, and one of them leads.
 */
export async function fly(story: Story, plan: RoutePlan): Promise<Answer | undefined> {
  const turn = requireTurn(story);
  for (let tries = 0; tries < MAX_FLIGHTS; tries += 1) {
    const flight = getFlight<FlightSource>(turn.question.digest);
    if (flight === undefined) {
      lead(story, turn);
      return undefined;
    }
    const answer = await follow(story, plan, flight);
    if (answer !== undefined) {
      return answer;
    }
  }
  return undefined;
}

/** What followers are told of the leader's answer. */
export function landOf(story: Story): FlightSource {
  if (story.deployment === null) {
    throw new Error("An answer has landed that no deployment gave.");
  }
  return { deployment: story.deployment, adjusted: [...story.adjusted] };
}

/** Tells followers that the leader has failed. An upstream's failure is theirs too. */
export function endFlight({ cacheTurn, exchange }: Story, error?: ConduitError): void {
  if (cacheTurn?.flight == null) {
    return;
  }
  const isOwn = exchange.signal.aborted || error?.upstream === undefined;
  cacheTurn.flight.end(error !== undefined && isOwn ? new LeaderGone(error) : error);
}

/** Why a leader gave up, where that says nothing of what its followers would be told. */
class LeaderGone extends Error {
  readonly reason: ConduitError;

  constructor(reason: ConduitError) {
    super("The request that led has ended.");
    this.reason = reason;
  }
}

/**
 * Whether a leader whose reader has gone reads on for its followers. Its call is cut when the last of
 * them has left.
 */
export function staysForOthers({ cacheTurn, exchange }: Story): boolean {
  const flight = cacheTurn?.flight;
  if (cacheTurn == null || flight == null || !flight.isAwaited || exchange.signal.aborted) {
    return false;
  }
  cacheTurn.hasLeft = () => true;
  flight.whenDeserted(() => exchange.cut.abort(clientClosed()));
  return true;
}

async function follow(
  story: Story,
  plan: RoutePlan,
  flight: Flight<FlightSource>,
): Promise<Answer | undefined> {
  const from = performance.now();
  const seat = flight.join();
  story.exchange.signal.addEventListener("abort", seat.leave, { once: true });
  try {
    const { answer, source } = await untilCut(seat, story.exchange.signal);
    const { deployment } = source;
    story.cacheResult = "HIT";
    story.cacheHit = { sourceId: flight.leaderId, savedNanos: 0n, similarity: null };
    story.answeredBy = {
      deploymentName: deployment.name,
      provider: deployment.provider,
      model: deployment.modelName,
      pricedAt: { price: deployment.price, atMs: flight.leaderCreatedAtMs },
    };
    story.adjusted = new Set([...plan.adjusted, ...source.adjusted]);
    return leaving(seat, answer);
  } catch (error) {
    seat.leave();
    if (story.exchange.signal.aborted || isConduitError(error)) {
      throw error;
    }
    return undefined;
  } finally {
    // It was the upstream that was waited for, whoever had asked it.
    story.upstreamMs += performance.now() - from;
  }
}

async function untilCut(seat: Seat<FlightSource>, signal: AbortSignal) {
  const cut = Promise.withResolvers<never>();
  const end = (): void => cut.reject(signal.reason);
  signal.addEventListener("abort", end, { once: true });
  try {
    signal.throwIfAborted();
    return await Promise.race([seat.landed, cut.promise]);
  } finally {
    signal.removeEventListener("abort", end);
  }
}

/** The answer, whose reader gives up its seat when it has read it or reads no further. */
function leaving(seat: Seat<FlightSource>, answer: Answer): Answer {
  if (answer.kind === "whole") {
    seat.leave();
    return answer;
  }
  return { kind: "stream", batches: seated(seat, answer.batches) };
}

async function* seated(
  seat: Seat<FlightSource>,
  batches: AsyncIterable<StreamBatch>,
): AsyncGenerator<StreamBatch> {
  try {
    yield* batches;
  } catch (error) {
    throw error instanceof LeaderGone ? error.reason : error;
  } finally {
    seat.leave();
  }
}

/**
 * Opens a flight, and stands between the leader's caller and its upstream: a caller that hangs up
 * cuts the call only once nobody else waits for it.
 */
function lead(story: Story, turn: CacheTurn): void {
  const { exchange } = story;
  const flight = openFlight<FlightSource>(turn.question.digest, exchange);
  const { cut: door } = exchange;
  const own = new AbortController();
  turn.flight = flight;
  turn.hasLeft = () => isHangUp(door.signal);
  const pass = (): void => {
    if (isHangUp(door.signal) && flight.isAwaited) {
      flight.whenDeserted(() => own.abort(clientClosed()));
    } else {
      own.abort(door.signal.reason);
    }
  };
  door.signal.addEventListener("abort", pass, { once: true });
  exchange.cut = own;
  exchange.signal = own.signal;
  // The clock and the shutdown cut what is listed here.
  const { active } = requireRuntime();
  if (active.delete(door)) {
    active.add(own);
  }
  if (door.signal.aborted) {
    pass();
  }
}

function isHangUp({ aborted, reason }: AbortSignal): boolean {
  return aborted && isConduitError(reason) && reason.code === "client_closed";
}

function requireTurn({ cacheTurn }: Story): CacheTurn {
  if (cacheTurn === null) {
    throw new Error("The request has not been looked up.");
  }
  return cacheTurn;
}
