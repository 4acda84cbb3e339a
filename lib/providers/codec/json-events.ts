import { ConduitError } from "#lib/errors.ts";
import { SseReader } from "#lib/sse.ts";
import { nextOrEnd } from "./linger.ts";

/** One event of a stream, its data read as JSON. */
export interface JsonEvent {
  /** The `event:` field; empty when there was none. */
  event: string;
  value: unknown;
}

/** OpenAI's end of a stream; some gateways add it to streams of other formats. */
const END_MARK = "[DONE]";
const MAX_BARE_BYTES = 1024 * 1024;

/**
 * A stream's events, one list per network read that completed any; `isFinished` says whether the
 * answer in it may end with the connection. A body that is plain JSON and no
 * event stream at all, as some gateways send errors with status 200, comes as a single event.
 * Throws `upstream_malformed` for data that is not JSON, and `upstream_truncated` when the bytes end
 * in the middle of an event. The source is closed when the iteration ends.
 */
export async function* jsonEvents(
  source: AsyncIterator<Uint8Array>,
  isFinished: () => boolean,
): AsyncGenerator<JsonEvent[]> {
  const next = () => nextOrEnd(source, isFinished);
  const reader = new SseReader();
  const bare: Uint8Array[] = [];
  let form: "stream" | "bare" | undefined;
  try {
    for (let read = await next(); read.done !== true; read = await next()) {
      form ??= formOf(read.value);
      if (form === "bare") {
        collect(bare, read.value);
        continue;
      }
      const block = reader.push(read.value);
      if (block !== undefined) {
        yield block.events.flatMap((event) => parseEvent(event));
      }
    }
    yield form === "bare"
      ? [{ event: "", value: parseRest(Buffer.concat(bare).toString("utf8")) }]
      : lastEvents(reader, isFinished);
  } finally {
    await source.return?.();
  }
}

/** What the first character says about the whole body; `undefined` while only space has come. */
function formOf(read: Uint8Array): "stream" | "bare" | undefined {
  const first = firstMark(read);
  if (first === undefined) {
    return undefined;
  }
  return first === "{" || first === "[" ? "bare" : "stream";
}

function lastEvents(reader: SseReader, isFinished: () => boolean): JsonEvent[] {
  const rest = (reader.flush()?.events ?? []).filter(
    ({ data }) => data !== "" && data !== END_MARK,
  );
  try {
    return rest.map(({ event, data }) => ({ event, value: parseRest(data) }));
  } catch (error) {
    if (isFinished()) {
      return [];
    }
    throw error;
  }
}

/** The first character that is no white space and no byte order mark. */
function firstMark(read: Uint8Array): string | undefined {
  const text = new TextDecoder().decode(read.subarray(0, 64)).trimStart();
  return text === "" ? undefined : text[0];
}

function collect(bare: Uint8Array[], read: Uint8Array): void {
  bare.push(read);
  if (bare.reduce((sum, part) => sum + part.length, 0) > MAX_BARE_BYTES) {
    throw malformed(
      "The provider answered a streamed request with a large body that is no stream.",
    );
  }
}

function parseEvent({ event, data }: { event: string; data: string }): JsonEvent[] {
  if (data === "" || data === END_MARK) {
    return [];
  }
  try {
    return [{ event, value: JSON.parse(data) }];
  } catch (cause) {
    throw malformed("The provider sent a stream event that is not JSON.", cause);
  }
}

/** What no blank line closed: whole JSON when the upstream only forgot the line, else a cut stream. */
function parseRest(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch (cause) {
    throw truncated(cause);
  }
}

function malformed(message: string, cause?: unknown): ConduitError {
  return new ConduitError("upstream_malformed", {
    message,
    upstream: { kind: "protocol", status: 200 },
    cause,
  });
}

/** The error for a stream that ended before its end was marked: the connection broke off. */
export function truncated(cause?: unknown): ConduitError {
  return new ConduitError("upstream_truncated", {
    message: "The provider's stream ended before the answer was complete.",
    upstream: { kind: "network" },
    cause,
  });
}
