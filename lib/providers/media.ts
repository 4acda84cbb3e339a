import type { ProviderRow } from "#lib/catalog/providers.ts";
import type { ChatMessage, ChatRequest, ContentPart } from "#lib/contract/chat.ts";
import { ConduitError, isConduitError } from "#lib/errors.ts";
import { readBody } from "./byte-stream.ts";
import { dataUri } from "./codec/data-uri.ts";
import { publicDispatcher } from "./egress.ts";
import { send, type UpstreamRequest } from "./transport.ts";
import { getWire } from "./wires/index.ts";

/** What was fetched, with the type that its server gave it. */
export interface FetchedMedia {
  bytes: Uint8Array;
  /** The `content-type` header, parameters included; empty when there was none. */
  contentType: string;
}

export interface MediaOptions {
  provider: ProviderRow;
  modelName: string;
  /** Fetches a public address. Rejects with a `ConduitError` that says why it could not. */
  fetchBytes(url: string): Promise<FetchedMedia>;
  /** Cuts the whole request; a fetch that fails because of it is not the image's fault. */
  signal: AbortSignal;
}

const MAX_BYTES = 20 * 1024 * 1024;
/** All images of one request together: it has to fit into one body again. */
const MAX_TOTAL_BYTES = 20 * 1024 * 1024;
const MAX_IMAGES = 32;
const TIMEOUT_MS = 10_000;
const IMAGE_TYPES: ReadonlySet<string> = new Set([
  "image/jpeg",
  "image/png",
  "image/gif",
  "image/webp",
  "image/heic",
  "image/heif",
]);

/** Faults of an image's server that its address gives away anyway. */
const TOLD: ReadonlySet<string> = new Set(["unsupported_content", "upstream_protocol"]);

/**
 * The request with its remote images fetched and written into it, for models that read inline images
 * only; `adjusted` then names `image_url`. Any other request comes back as it is. Throws
 * `unsupported_content` naming the part whose image cannot be had, and the signal's reason when the
 * request was cut meanwhile.
 */
export async function inlineRemoteMedia(
  request: ChatRequest,
  options: MediaOptions,
): Promise<{ request: ChatRequest; adjusted: string[] }> {
  const remote = readsInlineOnly(options) ? remoteImages(request) : new Map<string, string>();
  if (remote.size === 0) {
    return { request, adjusted: [] };
  }
  const inline = await fetchAll(remote, options);
  const messages = request.messages.map((message) => withInlineImages(message, inline));
  return { request: { ...request, messages }, adjusted: ["image_url"] };
}

function readsInlineOnly({ provider, modelName }: MediaOptions): boolean {
  return (
    provider.quirks?.inlineImages === true ||
    getWire(provider.wire).readsRemoteImages?.(modelName) === false
  );
}

/** The remote images of a request: their URLs, with the path of the first part that has it. */
function remoteImages(request: ChatRequest): Map<string, string> {
  const found = new Map<string, string>();
  for (const [at, message] of request.messages.entries()) {
    const parts = Array.isArray(message.content) ? message.content : [];
    for (const [place, part] of parts.entries()) {
      const url = remoteUrl(part);
      if (url !== undefined && !found.has(url)) {
        found.set(url, `messages[${at}].content[${place}]`);
      }
    }
  }
  return found;
}

function remoteUrl(part: ContentPart): string | undefined {
  return part.type === "image_url" && /^https?:\/\//i.test(part.image_url.url)
    ? part.image_url.url
    : undefined;
}

async function fetchAll(
  remote: ReadonlyMap<string, string>,
  options: MediaOptions,
): Promise<Map<string, string>> {
  const inline = new Map<string, string>();
  let total = 0;
  if (remote.size > MAX_IMAGES) {
    throw unreadable("messages", `More than ${MAX_IMAGES} remote images cannot be fetched.`);
  }
  // One after the other: a request must not make the gateway hold many images in memory at once.
  for (const [url, path] of remote) {
    const { bytes, contentType } = await fetchOne(url, path, options);
    const mediaType = contentType.split(";")[0]?.trim().toLowerCase() ?? "";
    if (!IMAGE_TYPES.has(mediaType)) {
      throw unreadable(path, `The URL does not lead to an image but to '${mediaType}'.`);
    }
    total += bytes.length;
    if (total > MAX_TOTAL_BYTES) {
      throw unreadable(path, "The remote images are larger than 20 MiB together.");
    }
    inline.set(url, dataUri({ mediaType, base64: Buffer.from(bytes).toString("base64") }));
  }
  return inline;
}

async function fetchOne(
  url: string,
  path: string,
  { fetchBytes, signal }: MediaOptions,
): Promise<FetchedMedia> {
  try {
    return await fetchBytes(url);
  } catch (error) {
    signal.throwIfAborted();
    // The caller named the address, so it is the caller's request that cannot be served. What a
    // name resolves to inside this network is not told.
    const isTold = isConduitError(error) && TOLD.has(error.code);
    const reason = isTold ? error.message : "Its address may not be called or did not answer.";
    throw unreadable(path, `The image could not be read. ${reason}`, error);
  }
}

function withInlineImages(message: ChatMessage, inline: ReadonlyMap<string, string>): ChatMessage {
  if (
    (message.role !== "user" && message.role !== "assistant") ||
    !Array.isArray(message.content)
  ) {
    return message;
  }
  const content = message.content.map((part): ContentPart => {
    const url = part.type === "image_url" ? inline.get(part.image_url.url) : undefined;
    return part.type === "image_url" && url !== undefined
      ? { ...part, image_url: { ...part.image_url, url } }
      : part;
  });
  return { ...message, content };
}

/** Fetches an address that a caller named: public ones alone, whatever the allow list says. */
export function fetchPublicBytes(url: string, signal: AbortSignal): Promise<FetchedMedia> {
  return fetchMedia({ url, signal, dispatcher: publicDispatcher() });
}

/**
 * Fetches what a URL holds: at most 20 MiB, in at most ten seconds, following no redirect. Rejects
 * with a `ConduitError` for anything but a plain 200, and with the signal's reason when it is cut.
 */
export async function fetchMedia(request: {
  url: string;
  signal: AbortSignal;
  dispatcher: UpstreamRequest["dispatcher"];
}): Promise<FetchedMedia> {
  const deadline = AbortSignal.timeout(TIMEOUT_MS);
  const reply = await send({
    dispatcher: request.dispatcher,
    method: "GET",
    url: new URL(request.url),
    headers: { accept: "image/*", "user-agent": "conduit" },
    firstByteMs: TIMEOUT_MS,
    idleMs: TIMEOUT_MS,
    signal: AbortSignal.any([request.signal, deadline]),
  });
  if (reply.status !== 200) {
    await reply.body.return();
    throw new ConduitError("unsupported_content", {
      message: `Its server answered with status ${reply.status}.`,
    });
  }
  const bytes = await readBody(reply.body, MAX_BYTES, "refuse");
  return { bytes, contentType: String(reply.headers["content-type"] ?? "") };
}

function unreadable(param: string, message: string, cause?: unknown): ConduitError {
  return new ConduitError("unsupported_content", { message, param, cause });
}
