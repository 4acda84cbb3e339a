import type { Answer, StreamAnswer, StreamEvent, WholeAnswer } from "#lib/contract/answer.ts";
import type { ChatRequest } from "#lib/contract/chat.ts";
import type { RequestRecord } from "#lib/contract/record.ts";
import { type ConduitError, errorBody, errorHeaders, toConduitError } from "#lib/errors.ts";
import { formatUsd } from "#lib/money.ts";
import { dataEvent } from "#lib/sse.ts";
import { hasHungUp } from "./deadline.ts";
import type { Ending } from "./ending.ts";
import type { Exchange, Reply } from "./exchange.ts";
import { guardrailHeader } from "./guardrail-header.ts";
import { meter } from "./meter.ts";
import { restoredAnswer, restoredBatches } from "./restoring.ts";
import type { Story } from "./story.ts";
import { StreamBody } from "./stream-body.ts";

const JSON_TYPE = "application/json; charset=utf-8";
const DONE = "data: [DONE]\n\n";
const STREAM_HEADERS = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-cache, no-store, no-transform",
  "x-accel-buffering": "no",
} as const;
/** A chunk's empty `usage` is there because the gateway asked for usage, not the caller. */
const EMPTY_USAGE = /,\s*"usage":\s*null/;

/**
 * The reply to the caller. A whole answer is settled before it is handed over; a stream is settled
 * between its last content and the mark that ends it, so that nobody holds a complete answer whose
 * record could still be lost.
 */
export async function respond(story: Story, answer: Answer, ending: Ending): Promise<Reply> {
  return answer.kind === "whole"
    ? await respondWhole(story, answer, ending)
    : respondStream(story, answer, ending);
}

/** The reply for a request that failed before its answer began, in the caller's dialect. */
export function refuse(exchange: Exchange, story: Story | undefined, error: ConduitError): Reply {
  return {
    status: error.status,
    headers: {
      "content-type": JSON_TYPE,
      "cache-control": "no-store",
      ...errorHeaders(error),
      ...(story === undefined ? idHeaders(exchange) : storyHeaders(story)),
    },
    body: JSON.stringify(errorBody(error)),
  };
}

async function respondWhole(story: Story, answer: WholeAnswer, ending: Ending): Promise<Reply> {
  story.usage = answer.usage ?? null;
  story.firstContentAt = performance.now();
  if (answer.usage === undefined && story.endpoint.name === "embeddings") {
    story.adjusted.add("usage");
  }
  story.payload?.keepWhole(answer);
  const record = await ending.settle({ body: answer.body });
  const body = withUsage(story, restoredAnswer(story, answer), record);
  return {
    status: 200,
    headers: {
      "content-type": JSON_TYPE,
      "cache-control": "no-store",
      ...storyHeaders(story),
      ...(record === undefined ? {} : { "x-conduit-cost-usd": formatUsd(record.costNanos) }),
    },
    body,
  };
}

/**
 * The answer's bytes. Embeddings always come with usage in OpenAI's form, so where the upstream told
 * none (Gemini) the caller gets the count that it is billed for, reported as `usage`.
 */
function withUsage(
  story: Story,
  answer: WholeAnswer,
  record: RequestRecord | undefined,
): string | Uint8Array {
  if (answer.usage === undefined && record !== undefined && story.endpoint.name === "embeddings") {
    const prompt_tokens = record.usage.input;
    const usage = { prompt_tokens, total_tokens: prompt_tokens };
    return JSON.stringify({ ...answer.body, usage });
  }
  return answer.raw ?? JSON.stringify(answer.body);
}

function respondStream(story: Story, answer: StreamAnswer, ending: Ending): Reply {
  story.hasBegun = true;
  return {
    status: 200,
    headers: { ...STREAM_HEADERS, ...storyHeaders(story) },
    body: new StreamBody(story, streamBody(story, answer, ending), ending),
  };
}

/** Who answered, or whose answer it is that was given again. */
function addAnswerer(headers: Record<string, string>, { deployment, answeredBy }: Story): void {
  const provider = deployment?.provider ?? answeredBy?.provider;
  const name = deployment?.name ?? answeredBy?.deploymentName;
  if (provider != null) {
    headers["x-conduit-provider"] = provider;
  }
  if (name != null) {
    headers["x-conduit-deployment"] = name;
  }
}

async function* streamBody(
  story: Story,
  answer: StreamAnswer,
  ending: Ending,
): AsyncGenerator<Uint8Array> {
  const writer = openWriter(story);
  try {
    for await (const batch of restoredBatches(story, meter(story, answer.batches))) {
      const bytes = writer.encode(batch.events, batch.raw);
      if (bytes !== undefined) {
        yield bytes;
      }
    }
    yield writer.finish(await ending.settle({}));
  } catch (thrown) {
    const error = toConduitError(thrown);
    await ending.fail(error);
    if (!hasHungUp(story)) {
      yield Buffer.from(dataEvent(JSON.stringify(errorBody(error))));
    }
  } finally {
    // Only reached unsettled when the reader stopped reading: the caller has gone.
    await ending.abandon();
  }
}

interface StreamWriter {
  encode(events: readonly StreamEvent[], raw: Uint8Array | undefined): Uint8Array | undefined;
  finish(record: RequestRecord | undefined): Uint8Array;
}

/**
 * Writes events in OpenAI's form: an untouched chunk as the bytes that came, the usage chunk only
 * to a caller who asked for it, and the cost beside it to one who asked for extensions.
 */
function openWriter(story: Story): StreamWriter {
  // Only chat streams, so the request is a chat request.
  const request = story.request as ChatRequest | null;
  const wantsUsage = request?.stream_options?.include_usage === true;
  const wantsCost = story.exchange.header("x-conduit-extensions") === "1";
  let held: StreamEvent | undefined;

  function textOf(event: StreamEvent): string {
    if (event.usageOnly === true && (!wantsUsage || wantsCost)) {
      held = event;
      return "";
    }
    const text = event.text ?? JSON.stringify(event.chunk);
    return dataEvent(
      !wantsUsage && event.chunk.usage === null ? text.replace(EMPTY_USAGE, "") : text,
    );
  }

  return {
    encode(events, raw) {
      if (raw !== undefined && (wantsUsage ? !wantsCost : events.every(hasNoUsage))) {
        return raw;
      }
      let text = "";
      for (const event of events) {
        text += textOf(event);
      }
      return text === "" ? undefined : Buffer.from(text);
    },
    finish(record) {
      if (held === undefined || !wantsUsage || record === undefined) {
        return Buffer.from(DONE);
      }
      const chunk = { ...held.chunk, conduit: { cost_usd: formatUsd(record.costNanos) } };
      return Buffer.from(dataEvent(JSON.stringify(chunk)) + DONE);
    },
  };
}

function hasNoUsage(event: StreamEvent): boolean {
  return event.chunk.usage === undefined;
}

function idHeaders(exchange: Exchange): Record<string, string> {
  return { "x-request-id": exchange.id, "x-conduit-request-id": exchange.id };
}

/** A stream's head while nobody knows yet who will answer. */
export function earlyHeaders({ exchange, admission }: Story): Record<string, string> {
  return { ...STREAM_HEADERS, ...idHeaders(exchange), ...admission?.headers };
}

/** What every answer tells about its way through the gateway. */
function storyHeaders(story: Story): Record<string, string> {
  const totalMs = performance.now() - story.exchange.startedAt;
  story.overheadMs = Math.max(0, totalMs - story.upstreamMs);
  const headers: Record<string, string> = {
    ...idHeaders(story.exchange),
    ...story.admission?.headers,
    "x-conduit-attempts": String(story.attempts.length),
    "x-conduit-cache": story.cacheResult,
    "x-conduit-overhead-ms": story.overheadMs.toFixed(2),
    "openai-processing-ms": String(Math.round(totalMs)),
  };
  addAnswerer(headers, story);
  const guardrails = guardrailHeader(story.verdicts);
  if (guardrails !== undefined) {
    headers["x-conduit-guardrails"] = guardrails;
  }
  if (story.adjusted.size > 0) {
    headers["x-conduit-adjusted"] = [...story.adjusted].join(",");
  }
  return headers;
}
