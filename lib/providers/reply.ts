import type { Answer } from "#lib/contract/answer.ts";
import type { InferenceRequest } from "#lib/contract/inference-request.ts";
import { ConduitError } from "#lib/errors.ts";
import { scrub } from "#lib/log.ts";
import { readBody } from "./byte-stream.ts";
import type { Codec, DecodeContext, Wire } from "./wire.ts";

/** An upstream's answer before anything of its body was read. */
export interface Reply {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: AsyncIterable<Uint8Array>;
}

type AnyCodec = Codec<InferenceRequest>;

const MAX_BODY_BYTES = 64 * 1024 * 1024;
const MAX_ERROR_BYTES = 64 * 1024;
const NO_CONTENT = 204;

/** The upstream's refusal as our error; a redirect is one, for none is followed. */
export async function refusalOf(
  reply: Reply,
  wire: Wire,
  onText?: (body: string) => void,
): Promise<ConduitError> {
  const body = await readBody(reply.body, MAX_ERROR_BYTES, "cut");
  const text = scrub(Buffer.from(body).toString("utf8"));
  onText?.(text);
  if (reply.status >= 300 && reply.status < 400) {
    return new ConduitError("upstream_redirect", {
      message: "The provider answered with a redirect, which is never followed.",
      upstream: { kind: "protocol", status: reply.status },
    });
  }
  return wire.decodeError({
    status: reply.status,
    headers: plainHeaders(reply.headers),
    body: text,
  });
}

function plainHeaders(headers: Reply["headers"]): Map<string, string> {
  const plain = new Map<string, string>();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) {
      plain.set(name.toLowerCase(), Array.isArray(value) ? value.join(", ") : value);
    }
  }
  return plain;
}

/** A whole answer, decoded. Throws `upstream_protocol` for a body that is no JSON, or too large. */
export async function wholeAnswer(
  reply: Reply,
  codec: AnyCodec,
  context: DecodeContext,
): Promise<Answer> {
  if (Number(reply.headers["content-length"] ?? 0) > MAX_BODY_BYTES) {
    throw await discarded(reply, "The provider announced an answer of more than 64 MiB.");
  }
  const raw = await readBody(reply.body, MAX_BODY_BYTES, "refuse");
  const decoded = codec.decode(parseBody(raw, reply.status), context, raw);
  return {
    kind: "whole",
    body: decoded.body,
    ...(decoded.untouched ? { raw } : {}),
    ...(decoded.usage === undefined ? {} : { usage: decoded.usage }),
  };
}

function parseBody(raw: Uint8Array, status: number): unknown {
  try {
    return JSON.parse(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString("utf8"));
  } catch (cause) {
    throw new ConduitError("upstream_protocol", {
      message:
        raw.length === 0
          ? "The provider answered with an empty body."
          : "The provider answered with something that is not JSON.",
      upstream: { kind: "protocol", status },
      cause,
    });
  }
}

/** A stream, to be decoded as it comes. Throws `upstream_protocol` when the upstream sent none. */
export async function streamAnswer(
  reply: Reply,
  codec: AnyCodec,
  context: DecodeContext,
): Promise<Answer> {
  const type = String(reply.headers["content-type"] ?? "").toLowerCase();
  const isStream = type === "" || type.includes("event-stream");
  if (reply.status === NO_CONTENT) {
    throw await discarded(reply, "The provider answered with an empty body.");
  }
  if (!isStream) {
    // Some upstreams put an error as plain JSON into a 200; the codec classifies it.
    const raw = await readBody(reply.body, MAX_ERROR_BYTES, "cut");
    codec.decode(parseBody(raw, reply.status), context, raw);
  }
  if (codec.decodeStream === undefined || !isStream) {
    throw await discarded(reply, "The provider answered a streamed request without a stream.");
  }
  return { kind: "stream", batches: codec.decodeStream(reply.body, context) };
}

/** The error for an answer that is of no use; its connection is cut. */
async function discarded({ body, status }: Reply, message: string): Promise<ConduitError> {
  await body[Symbol.asyncIterator]().return?.();
  return new ConduitError("upstream_protocol", {
    message,
    upstream: { kind: "protocol", status },
  });
}
