import type { StreamBatch, StreamEvent } from "#lib/contract/answer.ts";
import type { Usage } from "#lib/contract/usage.ts";
import { fallbackIdentity, readIdentity } from "#lib/providers/codec/chunk-identity.ts";
import { ChunkWriter } from "#lib/providers/codec/chunks.ts";
import { jsonEvents, truncated } from "#lib/providers/codec/json-events.ts";
import { isRecord } from "#lib/providers/codec/tool-arguments.ts";
import { numberCitations } from "#lib/providers/codec/url-citation.ts";
import type { DecodeContext } from "#lib/providers/wire.ts";
import {
  type AnswerPart,
  answerParts,
  blockReason,
  citationsOf,
  finishReasonOf,
  identityFields,
  logprobsOf,
} from "./candidate.ts";
import { type CallPart, callExtension, keepSignature, textDetail } from "./decode.ts";
import { errorOfStream, findError } from "./errors.ts";
import { readUsage } from "./usage.ts";

type Json = Record<string, unknown>;

/**
 * A stream of `streamGenerateContent` as chunks of OpenAI's form. It has no end
 * mark: it is complete when it closes after every candidate has named its finish. Throws the
 * upstream's errors inside the stream, and what `jsonEvents` throws.
 */
export async function* decodeChatStream(
  bytes: AsyncIterable<Uint8Array>,
  context: DecodeContext,
): AsyncGenerator<StreamBatch> {
  const answer = new StreamedAnswer(context);
  for await (const events of jsonEvents(bytes[Symbol.asyncIterator](), () => answer.hasStopped)) {
    for (const { value } of events) {
      answer.take(value);
    }
    const batch = answer.drain();
    if (batch.length > 0) {
      yield { events: batch };
    }
  }
  answer.finish();
  yield { events: answer.drain() };
}

/** What has to be remembered of a candidate until it ends. */
interface Candidate {
  native: string | undefined;
  message: unknown;
  isEmpty: boolean;
  textLength: number;
  calls: number;
  details: number;
  images: number;
  /** Text beside a function that stands in for the answer, until it is known whether that is called. */
  heldText: string;
  hasJsonAnswer: boolean;
  /** The last chunk that named sources. */
  grounded: Json | undefined;
}

class StreamedAnswer {
  readonly #context: DecodeContext;
  readonly #writer: ChunkWriter;
  readonly #candidates = new Map<number, Candidate>();
  #blocked: string | undefined;
  #usage: Usage | undefined;
  #untoldUsage = false;

  constructor(context: DecodeContext) {
    this.#context = context;
    this.#writer = new ChunkWriter(fallbackIdentity(context));
  }

  /** Whether every candidate that began has named its finish. */
  get hasStopped(): boolean {
    const candidates = [...this.#candidates.values()];
    return candidates.length > 0 && candidates.every(({ native }) => native !== undefined);
  }

  /** Takes one event: a whole response object whose parts are what is new. */
  take(value: unknown): void {
    if (findError(value) !== undefined) {
      throw errorOfStream(value);
    }
    if (!isRecord(value)) {
      return;
    }
    const { id, model } = readIdentity(identityFields(value), fallbackIdentity(this.#context));
    this.#writer.identify({ id, model });
    const usage = readUsage(value["usageMetadata"]);
    if (usage !== undefined) {
      this.#usage = usage;
      this.#untoldUsage = true;
    }
    this.#blocked = blockReason(value) ?? this.#blocked;
    const candidates: unknown[] = Array.isArray(value["candidates"]) ? value["candidates"] : [];
    for (const candidate of candidates.filter((entry) => isRecord(entry))) {
      this.#takeCandidate(candidate);
    }
  }

  /** The chunks since the last call; the last of them carries the usage so far. */
  drain(): StreamEvent[] {
    const events = this.#writer.drain();
    const last = events.at(-1);
    if (last !== undefined && this.#untoldUsage && this.#usage !== undefined) {
      last.usage = this.#usage;
      this.#untoldUsage = false;
    }
    return events;
  }

  /** Ends the answer. Throws `upstream_truncated` when a candidate never named its finish. */
  finish(): void {
    if (this.#candidates.size === 0 && this.#blocked !== undefined) {
      this.#writer.finish("content_filter", { native: this.#blocked });
    } else if (this.#candidates.size === 0) {
      throw truncated();
    }
    for (const [index, candidate] of this.#candidates) {
      this.#finishCandidate(index, candidate);
    }
    if (this.#usage !== undefined) {
      this.#writer.usage(this.#usage);
      this.#untoldUsage = false;
    }
  }

  #takeCandidate(value: Json): void {
    const index = typeof value["index"] === "number" ? value["index"] : 0;
    const candidate = this.#candidate(index);
    const parts = answerParts(value);
    const logprobs = logprobsOf(value);
    for (const part of parts) {
      this.#takePart(part, candidate, index);
    }
    if (logprobs !== null) {
      this.#writer.extend({}, { choice: index, logprobs });
    }
    if (typeof value["finishReason"] === "string") {
      candidate.native = value["finishReason"];
      candidate.message = value["finishMessage"];
    }
    if (value["groundingMetadata"] !== undefined) {
      candidate.grounded = value;
    }
  }

  #candidate(index: number): Candidate {
    let candidate = this.#candidates.get(index);
    if (candidate === undefined) {
      candidate = {
        native: undefined,
        message: undefined,
        isEmpty: true,
        textLength: 0,
        calls: 0,
        details: 0,
        images: 0,
        heldText: "",
        hasJsonAnswer: false,
        grounded: undefined,
      };
      this.#candidates.set(index, candidate);
      this.#writer.open(index);
    }
    return candidate;
  }

  #takePart(part: AnswerPart, candidate: Candidate, index: number): void {
    switch (part.kind) {
      case "call":
        this.#takeCall(part, candidate, index);
        return;
      case "text":
        this.#takeText(part.text, candidate, index);
        break;
      case "thought":
        this.#writer.reasoning(part.text, index);
        break;
      case "image":
        this.#takeImage(part.url, candidate, index);
        break;
      default:
        part satisfies never;
    }
    const details = textDetail(part, candidate.details);
    candidate.details += details.length;
    this.#writer.reasoningDetails(details, index);
  }

  #takeCall(part: CallPart, candidate: Candidate, index: number): void {
    candidate.isEmpty = false;
    if (part.name === this.#context.emulation.jsonTool) {
      if (!candidate.hasJsonAnswer) {
        candidate.hasJsonAnswer = true;
        this.#writer.content(part.arguments, index);
      }
      return;
    }
    keepSignature(part, this.#context);
    const { id, name } = part;
    this.#writer.openTool(
      { key: candidate.calls, id, name, arguments: part.arguments, extension: callExtension(part) },
      index,
    );
    candidate.calls += 1;
  }

  #takeText(text: string, candidate: Candidate, index: number): void {
    candidate.isEmpty &&= text === "";
    candidate.textLength += text.length;
    if (this.#context.emulation.jsonTool === undefined) {
      this.#writer.content(text, index);
    } else {
      candidate.heldText += text;
    }
  }

  #takeImage(url: string, candidate: Candidate, index: number): void {
    candidate.isEmpty = false;
    const image = { type: "image_url", index: candidate.images, image_url: { url } };
    this.#writer.extend({ images: [image] }, { choice: index });
    candidate.images += 1;
  }

  #finishCandidate(index: number, candidate: Candidate): void {
    const { native, isEmpty, message } = candidate;
    if (native === undefined) {
      throw truncated();
    }
    const reason = finishReasonOf(native, { isEmpty, message });
    if (!candidate.hasJsonAnswer) {
      this.#writer.content(candidate.heldText, index);
    }
    const citations = citationsOf(candidate.grounded ?? {}, candidate.textLength);
    if (citations.length > 0) {
      this.#writer.extend({ annotations: numberCitations(citations, 0) }, { choice: index });
    }
    this.#writer.finish(reason, { choice: index, native });
  }
}
