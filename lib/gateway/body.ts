import { isUtf8 } from "node:buffer";
import { getEnv } from "#lib/env.ts";
import { ConduitError } from "#lib/errors.ts";
import { assertJsonShape } from "#lib/json-shape.ts";
import type { Exchange } from "./exchange.ts";

/** The request's body as it was sent. Refuses by its headers what is not JSON, or encoded. */
export async function readBody(exchange: Exchange): Promise<Uint8Array> {
  requireJsonHeaders(exchange);
  return await exchange.readBody();
}

/**
 * The JSON object in a body. Refuses by name what is none, too deep or of too many keys, all before
 * `JSON.parse` can spend time on it.
 */
export function parseBody(bytes: Uint8Array): Record<string, unknown> {
  assertJsonShape(bytes);
  const parsed = parse(bytes);
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw new ConduitError("invalid_json", { message: "The body has to be a JSON object." });
  }
  // An object that is neither null nor an array, as the line above has established.
  return parsed as Record<string, unknown>;
}

function requireJsonHeaders(exchange: Exchange): void {
  const type = exchange.header("content-type");
  if (type === undefined || !/^application\/(?:[\w.+-]+\+)?json\b/i.test(type)) {
    throw new ConduitError("unsupported_media_type", {
      message: "Send the body as JSON, with content-type: application/json.",
      param: "content-type",
    });
  }
  const encoding = exchange.header("content-encoding");
  if (encoding !== undefined && encoding !== "identity") {
    throw new ConduitError("unsupported_media_type", {
      message: "Compressed request bodies are not accepted.",
      param: "content-encoding",
    });
  }
}

/** The error for a body beyond `CONDUIT_MAX_BODY_MIB`. */
export function tooLarge(): ConduitError {
  const mebibytes = getEnv().maxBodyBytes / (1024 * 1024);
  return new ConduitError("request_too_large", {
    message: `The body is larger than the limit of ${mebibytes} MiB.`,
  });
}

function parse(bytes: Uint8Array): unknown {
  if (!isUtf8(bytes)) {
    // Decoding would put U+FFFD in place of what the caller wrote.
    throw new ConduitError("invalid_json", { message: "The body is not valid UTF-8." });
  }
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  try {
    return JSON.parse(text);
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : "";
    const position = /at position (\d+)/.exec(detail)?.[1];
    throw new ConduitError("invalid_json", {
      message:
        text.trim() === ""
          ? "The body is empty; a JSON object is expected."
          : `The body is not valid JSON${position === undefined ? "" : ` (at character ${position})`}.`,
      cause,
    });
  }
}
