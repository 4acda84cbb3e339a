import { ConduitError } from "#lib/errors.ts";
import { assertJsonShape } from "#lib/json-shape.ts";

/** No admin body comes near this; a larger one is an accident or an attack. */
const MAX_BODY_BYTES = 1024 * 1024;

/**
 * The JSON of a request's body; a request without one gives `{}`. Throws 415 for another content
 * type (which also keeps HTML forms of foreign pages out), 413 past 1 MiB and 400 for JSON that is
 * broken, too deep or of too many keys.
 */
export async function readJson(request: Request): Promise<unknown> {
  if (Number(request.headers.get("content-length") ?? 0) > MAX_BODY_BYTES) {
    throw tooLarge();
  }
  const bytes = await readBytes(request);
  if (bytes.length === 0) {
    return {};
  }
  assertJson(request.headers);
  assertJsonShape(bytes);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new ConduitError("invalid_json", { message: "The body is not valid JSON.", cause });
  }
}

function assertJson(headers: Headers): void {
  const [type = ""] = (headers.get("content-type") ?? "").split(";");
  if (type.trim().toLowerCase() !== "application/json") {
    throw new ConduitError("unsupported_media_type", {
      message: "The body has to be JSON, with the header 'content-type: application/json'.",
    });
  }
  const encoding = headers.get("content-encoding") ?? "identity";
  if (encoding.toLowerCase() !== "identity") {
    throw new ConduitError("unsupported_media_type", {
      message: "Compressed bodies are not read here; send the JSON as it is.",
    });
  }
}

/** Counts while it reads: a chunked body announces no length. */
async function readBytes(request: Request): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let total = 0;
  for await (const part of request.body ?? []) {
    total += part.length;
    if (total > MAX_BODY_BYTES) {
      throw tooLarge();
    }
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function tooLarge(): ConduitError {
  return new ConduitError("request_too_large", {
    message: `The body is larger than ${MAX_BODY_BYTES} bytes.`,
  });
}
