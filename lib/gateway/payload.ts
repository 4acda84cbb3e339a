import type { WholeAnswer } from "#lib/contract/answer.ts";
import type { Caller } from "#lib/contract/caller.ts";
import type { ChatChunk } from "#lib/contract/chat.ts";
import type { KeptText, RequestPayload } from "#lib/contract/payload.ts";
import { currentSettings } from "#lib/db/settings.ts";
import type { Exchange } from "./exchange.ts";
import { AnswerAssembly } from "./payload-assembly.ts";
import { hasRoomToKeep } from "./pressure.ts";
import type { Story } from "./story.ts";

/** What is kept of a request, and as much again of its answer. */
const MAX_KEPT_BYTES = 256 * 1024;
const MAX_HEADER_LENGTH = 256;

/** Headers that are kept. None of them can carry a credential. */
const KEPT_HEADERS = [
  "accept",
  "content-type",
  "openai-beta",
  "user-agent",
  "x-conduit-extensions",
  "x-conduit-session",
  "x-conduit-tags",
  "x-stainless-lang",
  "x-stainless-package-version",
  "x-stainless-runtime",
  "x-stainless-runtime-version",
] as const;

/** Begins to keep a request's content, where that is wanted; `null` where it is not. */
export function openCapture(
  { caller, exchange }: Pick<Story, "caller" | "exchange">,
  body: Uint8Array,
): PayloadCapture | null {
  const isKept = caller !== null && storesPayloads(caller) && hasRoomToKeep();
  return isKept ? new PayloadCapture(exchange, body) : null;
}

/** The team's own setting, else the install's. */
export function storesPayloads({ payloadStorage }: Caller): boolean {
  return (payloadStorage ?? currentSettings().retention.payload_storage) === "full";
}

/**
 * What one request asked and was answered, while it is under way. There is one only where storage
 * is on; without it a request pays for the question alone.
 */
export class PayloadCapture {
  #request: KeptText;
  readonly #headers: Record<string, string>;
  #answer: RequestPayload["answer"] = null;
  #stream: AnswerAssembly | undefined;

  /** Copies the beginning of the body: the bytes themselves may be thirty-two megabytes. */
  constructor(exchange: Exchange, body: Uint8Array) {
    this.#request = keep(body);
    this.#headers = headersOf(exchange);
  }

  /** The request as guardrails have left it: only that is stored. */
  replaceRequest(body: object): void {
    this.#request = keep(Buffer.from(JSON.stringify(body)));
  }

  /** A whole answer, before placeholders in it are restored for the caller. */
  keepWhole({ raw, body }: WholeAnswer): void {
    this.#answer = { ...keep(raw ?? Buffer.from(JSON.stringify(body))), assembled: false };
  }

  /** One more event of a streamed answer. */
  keepChunk(chunk: ChatChunk): void {
    this.#stream ??= new AnswerAssembly(MAX_KEPT_BYTES);
    this.#stream.add(chunk);
  }

  finish(): RequestPayload {
    const streamed = this.#stream?.finish() ?? null;
    return {
      request: this.#request,
      headers: this.#headers,
      answer: streamed === null ? this.#answer : { ...streamed, assembled: true },
    };
  }
}

function keep(bytes: Uint8Array): KeptText {
  const kept = bytes.subarray(0, MAX_KEPT_BYTES);
  // In the manner of a stream, so that a character that the cut went through is left out.
  const text = new TextDecoder().decode(kept, { stream: true });
  return { text, truncated: kept.length < bytes.length };
}

function headersOf(exchange: Exchange): Record<string, string> {
  const found = KEPT_HEADERS.map((name) => [name, exchange.header(name)] as const);
  return Object.fromEntries(
    found.flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value.slice(0, MAX_HEADER_LENGTH)]],
    ),
  );
}
