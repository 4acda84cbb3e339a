import type { Outcome, RequestRecord } from "#lib/contract/record.ts";
import { NO_USAGE, totalTokens, type Usage } from "#lib/contract/usage.ts";
import { getEnv } from "#lib/env.ts";
import type { ConduitError } from "#lib/errors.ts";
import { type PricedUsage, priceUsage } from "#lib/ledger/price.ts";
import { estimateUsage } from "#lib/ledger/usage-estimate.ts";
import { getLog } from "#lib/log.ts";
import { endFlight } from "./coalescing.ts";
import { clientClosed } from "./exchange.ts";
import { closeGuard, isStorable } from "./guard.ts";
import { keepStory } from "./keeping.ts";
import { countEnding } from "./metrics.ts";
import { outcomeOf } from "./outcome.ts";
import { recordOf } from "./request-record.ts";
import { requireRuntime } from "./runtime.ts";
import { type Story, targetOf } from "./story.ts";

/**
 * The one ending of a request. However it ends, it leaves one record, gives back what it held, and
 * does so once: the first call decides, later ones do nothing.
 */
export interface Ending {
  /** Notes the request in the journal before an upstream is called. */
  announce(): void;
  /** The answer is complete. Returns the record, or `undefined` when it was settled before. */
  settle(end: CompleteAnswer): Promise<RequestRecord | undefined>;
  /** It failed: refused, given up, broken off, or left by its caller. */
  fail(error: ConduitError): Promise<void>;
  /** Nobody reads the answer any more. */
  abandon(): Promise<void>;
}

export interface CompleteAnswer {
  /** A whole answer's body; its text is counted when the upstream told no usage. */
  body?: Record<string, unknown>;
}

interface End {
  outcome: Outcome;
  status: number;
  error?: ConduitError;
  /** Whether the answer came to its end, and its figures are final. */
  isComplete?: true;
  body?: Record<string, unknown>;
}

export function openEnding(story: Story): Ending {
  let settled = false;
  /** The end is only described for the first call: an error's stack costs more than all else here. */
  async function once(end: () => End): Promise<RequestRecord | undefined> {
    if (settled) {
      return undefined;
    }
    settled = true;
    return await settle(story, end());
  }
  return {
    announce: () => announce(story),
    settle: ({ body }) => once(() => ({ ...completeEnd(story), ...(body && { body }) })),
    async fail(error) {
      if (error.code === "internal_error") {
        getLog().error({ err: error.cause, requestId: story.exchange.id }, "a request failed");
      }
      await once(() => outcomeOf(story, error));
    },
    async abandon() {
      await once(() => outcomeOf(story, clientClosed()));
    },
  };
}

/** How a complete answer ended: its caller may have left it to others who wait for the same one. */
function completeEnd({ cacheHit, cacheTurn }: Story): End {
  if (cacheTurn?.hasLeft() === true) {
    return { outcome: "cancelled", status: 499, error: clientClosed(), isComplete: true };
  }
  return { outcome: cacheHit === null ? "ok" : "cached", status: 200, isComplete: true };
}

function announce(story: Story): void {
  const { caller, exchange, endpoint, admission } = story;
  if (caller === null) {
    return;
  }
  requireRuntime().journal.recordIntent({
    id: exchange.id,
    keyId: caller.keyId,
    userId: caller.userId,
    teamId: caller.teamId,
    endpoint: endpoint.name,
    modelAsked: story.modelAsked,
    stream: story.stream,
    estimateNanos: story.estimateNanos,
    reservation: admission?.reservation ?? null,
  });
}

async function settle(story: Story, end: End): Promise<RequestRecord | undefined> {
  try {
    return await book(story, end);
  } finally {
    endFlight(story, end.isComplete === true ? undefined : end.error);
    // The shutdown waits for every open deadline, and so for every record.
    story.deadline?.close();
  }
}

async function book(story: Story, end: End): Promise<RequestRecord | undefined> {
  closeGuard(story);
  const { usage, estimated } = await billedUsage(story, end);
  const priced = priceOf(story, usage);
  creditSavings(story, usage);
  countEnding(story, end, usage, priced?.costNanos ?? 0n);
  if (story.caller === null) {
    return undefined;
  }
  const record = recordOf({ story, caller: story.caller, end, usage, estimated, priced });
  await journalRecord(record);
  await keepPayload(story);
  if (end.isComplete === true) {
    await keepStory(story, record);
  }
  await giveBack(story, record);
  return record;
}

/** Whatever an upstream's answer does to the counting, the request has to be settled. */
async function billedUsage(story: Story, end: End): Promise<{ usage: Usage; estimated: boolean }> {
  try {
    return await usageOf(story, end);
  } catch (error) {
    const requestId = story.exchange.id;
    getLog().error({ err: error, requestId }, "an answer could not be counted");
    return { usage: { ...NO_USAGE, input: story.estimateInputTokens }, estimated: true };
  }
}

/** The tokens to be billed: what the upstream told, and what was delivered where that is more. */
async function usageOf(story: Story, end: End): Promise<{ usage: Usage; estimated: boolean }> {
  const isAnswered = targetOf(story) !== null || story.cacheHit !== null;
  if (!isAnswered || story.request === null) {
    return { usage: NO_USAGE, estimated: false };
  }
  // An answer that was cut has told no final figures: some providers open with a count of one.
  if (story.usage !== null && end.isComplete === true) {
    return { usage: story.usage, estimated: false };
  }
  const estimate = await estimateUsage({
    request: story.request,
    endpoint: story.endpoint.name,
    delivered: end.body ?? story.deliveredText,
  });
  if (story.usage === null) {
    return { usage: estimate, estimated: true };
  }
  const isComplete = story.usage.output >= estimate.output;
  return {
    usage: { ...story.usage, output: Math.max(story.usage.output, estimate.output) },
    estimated: !isComplete,
  };
}

function priceOf(story: Story, usage: Usage): PricedUsage | undefined {
  const target = targetOf(story);
  return target === null ? undefined : priceUsage(usage, target.price, story.exchange.createdAtMs);
}

/** What an answer that is shared while it comes would have cost, now that its tokens are known. */
function creditSavings(story: Story, usage: Usage): void {
  const { cacheHit, answeredBy } = story;
  if (cacheHit !== null && answeredBy?.pricedAt != null) {
    const { price, atMs } = answeredBy.pricedAt;
    story.cacheHit = { ...cacheHit, savedNanos: priceUsage(usage, price, atMs).costNanos };
  }
}

/** A record that nothing takes must not take the answer with it; it is told loudly instead. */
async function journalRecord(record: RequestRecord): Promise<void> {
  try {
    await requireRuntime().journal.recordEnd(record);
  } catch (error) {
    getLog().error({ err: error, requestId: record.id }, "a request's record could not be kept");
  }
}

/**
 * Hands over what is kept of the content; only serverless hosts wait until it is stored. Content
 * that cannot be kept is told and left: the limits behind it still have to be given back.
 */
async function keepPayload(story: Story): Promise<void> {
  const { exchange, payload } = story;
  if (payload === null || !isStorable(story)) {
    return;
  }
  try {
    const { payloads } = requireRuntime();
    payloads.add(exchange.id, payload.finish());
    if (getEnv().serverless) {
      await payloads.flush();
    }
  } catch (error) {
    getLog().error({ err: error, requestId: exchange.id }, "a request's content could not be kept");
  }
}

/** Settles limits. Only serverless hosts wait for it: their process may freeze with the reply. */
async function giveBack(story: Story, record: RequestRecord): Promise<void> {
  // What no upstream was asked for takes nothing of the tokens that a minute has.
  const tokens = story.cacheHit === null ? totalTokens(record.usage) : 0;
  const work = Promise.all([
    story.ticket?.settle({ tokens }),
    story.admission?.settle({ costNanos: record.costNanos, tokens }),
  ]).catch((error: unknown) => {
    getLog().error({ err: error, requestId: record.id }, "a request's limits could not be settled");
  });
  if (getEnv().serverless) {
    await work;
  }
}
