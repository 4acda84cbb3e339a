import type { StreamEvent } from "#lib/contract/answer.ts";
import { ConduitError } from "#lib/errors.ts";
import { fallbackIdentity, readIdentity } from "#lib/providers/codec/chunk-identity.ts";
import { ChunkWriter } from "#lib/providers/codec/chunks.ts";
import type { JsonEvent } from "#lib/providers/codec/json-events.ts";
import { isRecord } from "#lib/providers/codec/tool-arguments.ts";
import { numberCitations } from "#lib/providers/codec/url-citation.ts";
import type { DecodeContext } from "#lib/providers/wire.ts";
import { citationsOf } from "./citations.ts";
import type { Block } from "./content.ts";
import { detailOf, keepThinking } from "./decode.ts";
import { errorOfStream } from "./errors.ts";
import { readEnding } from "./stop-reason.ts";
import { type ClaudeUsage, NOTHING_USED, normalUsage, readUsage } from "./usage.ts";

/** A content block under way. */
type OpenBlock =
  | { kind: "text"; start: number; citations: unknown[] }
  | { kind: "thinking"; block: Block }
  | { kind: "tool"; key: number; input: unknown; hasArguments: boolean }
  | { kind: "json"; input: unknown; hasArguments: boolean };

/** One streamed message, taken event by event and given as chunks of OpenAI's form. */
export class StreamedAnswer {
  isComplete = false;
  readonly #context: DecodeContext;
  readonly #writer: ChunkWriter;
  readonly #blocks = new Map<number, OpenBlock>();
  readonly #thinkingBlocks: Block[] = [];
  #messageId: string | undefined;
  #usage: ClaudeUsage = NOTHING_USED;
  #untoldUsage = false;
  #firstToolId: string | undefined;
  #textLength = 0;
  #details = 0;
  #citations = 0;
  /** Text beside a tool that stands in for the answer, until it is known whether that is called. */
  #heldText = "";
  #hasJsonAnswer = false;
  #ending: Block = {};

  constructor(context: DecodeContext) {
    this.#context = context;
    this.#writer = new ChunkWriter(fallbackIdentity(context));
  }

  /** Whether the reason to stop is known, after which only the end mark can come. */
  get hasStopped(): boolean {
    return typeof this.#ending["stop_reason"] === "string";
  }

  /** What an end without its mark comes to. */
  end(): StreamEvent[] {
    this.#finish();
    return this.drain();
  }

  /** Takes one event. Events of unknown kinds, and those after the end, are passed over. */
  take({ event, value }: JsonEvent): void {
    if (this.isComplete || !isRecord(value)) {
      return;
    }
    const type = value["type"] ?? event;
    if (type === "error" || isRecord(value["error"])) {
      throw errorOfStream(value);
    }
    switch (type) {
      case "message_start":
        this.#start(value["message"]);
        return;
      case "content_block_start":
        this.#openBlock(value["index"], value["content_block"]);
        return;
      case "content_block_delta":
        this.#extendBlock(value["index"], value["delta"]);
        return;
      case "content_block_stop":
        this.#closeBlock(value["index"]);
        return;
      case "message_delta":
        this.#ending = { ...this.#ending, ...(isRecord(value["delta"]) ? value["delta"] : {}) };
        this.#count(value["usage"]);
        return;
      case "message_stop":
        this.#finish();
        return;
      default:
    }
  }

  /** The chunks since the last call; the last of them carries the usage so far. */
  drain(): StreamEvent[] {
    const events = this.#writer.drain();
    const last = events.at(-1);
    if (last !== undefined && this.#untoldUsage) {
      const usage = normalUsage(this.#usage);
      if (usage !== undefined) {
        last.usage = usage;
      }
      this.#untoldUsage = false;
    }
    return events;
  }

  #start(message: unknown): void {
    const begun: Block = isRecord(message) ? message : {};
    const { id, model } = readIdentity(begun, fallbackIdentity(this.#context));
    if (this.#messageId !== undefined) {
      if (id === this.#messageId) {
        // Some servers repeat the event; its counts are those of the beginning.
        return;
      }
      throw new ConduitError("upstream_protocol", {
        message: "The provider began a second message before it had ended the first.",
        upstream: { kind: "protocol", status: 200 },
      });
    }
    this.#messageId = id;
    this.#writer.identify({ id, model });
    this.#count(begun["usage"]);
    this.#writer.open();
  }

  #count(usage: unknown): void {
    if (isRecord(usage)) {
      this.#usage = readUsage(usage, this.#usage);
      this.#untoldUsage = true;
    }
  }

  #openBlock(index: unknown, block: unknown): void {
    if (typeof index !== "number" || !isRecord(block)) {
      return;
    }
    switch (block["type"]) {
      case "text":
        this.#blocks.set(index, { kind: "text", start: this.#textLength, citations: [] });
        this.#text(block["text"]);
        return;
      case "thinking":
      case "redacted_thinking":
        this.#blocks.set(index, { kind: "thinking", block: { ...block } });
        this.#writer.reasoning(textOf(block["thinking"]));
        return;
      case "tool_use":
        this.#openTool(index, block);
        return;
      default:
    }
  }

  #openTool(index: number, block: Block): void {
    const open = { input: block["input"], hasArguments: false };
    if (block["name"] === this.#context.emulation.jsonTool) {
      if (!this.#hasJsonAnswer) {
        // One answer is wanted; a second call of the tool is passed over.
        this.#hasJsonAnswer = true;
        this.#blocks.set(index, { kind: "json", ...open });
      }
      return;
    }
    const id = String(block["id"]);
    this.#firstToolId ??= id;
    this.#blocks.set(index, { kind: "tool", key: index, ...open });
    this.#writer.openTool({ key: index, id, name: String(block["name"]) });
  }

  #extendBlock(index: unknown, delta: unknown): void {
    const open = typeof index === "number" ? this.#blocks.get(index) : undefined;
    if (open === undefined || !isRecord(delta)) {
      return;
    }
    switch (open.kind) {
      case "text":
        this.#text(delta["text"]);
        if (delta["citation"] !== undefined) {
          open.citations.push(delta["citation"]);
        }
        return;
      case "thinking":
        this.#extendThinking(open.block, delta);
        return;
      case "tool":
      case "json":
        this.#input(open, textOf(delta["partial_json"]));
        return;
      default:
        open satisfies never;
    }
  }

  #extendThinking(block: Block, delta: Block): void {
    const thought = textOf(delta["thinking"]);
    if (thought !== "") {
      block["thinking"] = textOf(block["thinking"]) + thought;
      this.#writer.reasoning(thought);
    }
    if (typeof delta["signature"] === "string") {
      // It comes whole, so a second one takes the place of the first.
      block["signature"] = delta["signature"];
    }
  }

  #text(value: unknown): void {
    const text = textOf(value);
    this.#textLength += text.length;
    if (this.#context.emulation.jsonTool === undefined) {
      this.#writer.content(text);
    } else {
      this.#heldText += text;
    }
  }

  #input(open: Extract<OpenBlock, { kind: "tool" | "json" }>, json: string): void {
    if (json === "") {
      return;
    }
    open.hasArguments = true;
    if (open.kind === "json") {
      this.#writer.content(json);
    } else {
      this.#writer.toolArguments(open.key, json);
    }
  }

  #closeBlock(index: unknown): void {
    const open = typeof index === "number" ? this.#blocks.get(index) : undefined;
    if (open === undefined) {
      return;
    }
    this.#blocks.delete(Number(index));
    switch (open.kind) {
      case "text":
        this.#cite(open);
        return;
      case "thinking":
        this.#closeThinking(open.block);
        return;
      case "tool":
      case "json":
        if (!open.hasArguments) {
          this.#input(open, JSON.stringify(isRecord(open.input) ? open.input : {}));
        }
        return;
      default:
        open satisfies never;
    }
  }

  #closeThinking(block: Block): void {
    this.#thinkingBlocks.push(block);
    const details = detailOf(block, this.#details);
    this.#details += details.length;
    this.#writer.reasoningDetails(details);
  }

  #cite(open: Extract<OpenBlock, { kind: "text" }>): void {
    const found = citationsOf(open.citations, { start: open.start, end: this.#textLength });
    if (found.length > 0) {
      this.#writer.extend({ annotations: numberCitations(found, this.#citations) });
      this.#citations += found.length;
    }
  }

  #finish(): void {
    for (const index of [...this.#blocks.keys()]) {
      this.#closeBlock(index);
    }
    if (!this.#hasJsonAnswer) {
      this.#writer.content(this.#heldText);
    }
    const { finishReason, native, refusal } = readEnding(
      this.#ending,
      this.#firstToolId !== undefined,
    );
    this.#writer.refusal(refusal ?? "");
    this.#writer.finish(finishReason, native === undefined ? {} : { native });
    this.#writer.usage(normalUsage(this.#usage));
    this.#untoldUsage = false;
    keepThinking(this.#firstToolId, this.#thinkingBlocks, this.#context);
    this.isComplete = true;
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
