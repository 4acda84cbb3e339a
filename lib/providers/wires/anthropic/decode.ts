import type { ChatRequest, ReasoningDetail } from "#lib/contract/chat.ts";
import { ConduitError } from "#lib/errors.ts";
import { fallbackIdentity, readIdentity } from "#lib/providers/codec/chunk-identity.ts";
import { completionOf } from "#lib/providers/codec/completion.ts";
import { isRecord } from "#lib/providers/codec/tool-arguments.ts";
import type { UrlCitation } from "#lib/providers/codec/url-citation.ts";
import type { DecodeContext, DecodedAnswer } from "#lib/providers/wire.ts";
import { citationsOf } from "./citations.ts";
import type { Block } from "./content.ts";
import { DETAIL_FORMAT } from "./earlier-thinking.ts";
import { errorOfStream } from "./errors.ts";
import { claudeModel } from "./models.ts";
import { readEnding } from "./stop-reason.ts";
import { wantsThinking } from "./thinking.ts";
import { normalUsage, readUsage } from "./usage.ts";

/** OpenAI's names of the service tiers that Anthropic reports. */
const SERVICE_TIERS: ReadonlyMap<string, string> = new Map([
  ["standard", "default"],
  ["priority", "priority"],
]);

/** What the blocks of one answer hold. */
interface ReadBlocks {
  text: string;
  reasoning: string;
  reasoningDetails: ReasoningDetail[];
  toolCalls: { id: string; name: string; arguments: string }[];
  citations: UrlCitation[];
  /** Unmodified, for the turn that brings the tool results. */
  thinkingBlocks: Block[];
  /** The input of the tool that stands in for `response_format`. */
  jsonAnswer: string | undefined;
}

/**
 * A whole answer of the Messages API in OpenAI's shape. Throws the error inside a
 * body that is one, and `upstream_protocol` for a body that is no message.
 */
export function decodeChat(parsed: unknown, context: DecodeContext): DecodedAnswer {
  if (isRecord(parsed) && (parsed["type"] === "error" || isRecord(parsed["error"]))) {
    throw errorOfStream(parsed);
  }
  if (!isRecord(parsed) || !Array.isArray(parsed["content"])) {
    throw new ConduitError("upstream_protocol", {
      message: "The provider answered with something that is no message.",
      upstream: { kind: "protocol", status: 200 },
    });
  }
  const blocks = readBlocks(parsed["content"], context.emulation.jsonTool);
  const ending = readEnding(parsed, blocks.toolCalls.length > 0);
  const usage = normalUsage(readUsage(parsed["usage"]));
  keepThinking(blocks.toolCalls[0]?.id, blocks.thinkingBlocks, context);
  const body = completionOf({
    identity: readIdentity(parsed, fallbackIdentity(context)),
    choices: [
      {
        text: blocks.jsonAnswer ?? blocks.text,
        reasoning: blocks.reasoning,
        reasoningDetails: blocks.reasoningDetails,
        toolCalls: blocks.toolCalls,
        ...ending,
      },
    ],
    usage,
  });
  const message = body.choices[0]?.message;
  if (message !== undefined && blocks.citations.length > 0) {
    message["annotations"] = blocks.citations;
  }
  return {
    body: { ...body, ...tierField(parsed["usage"]) },
    untouched: false,
    ...(usage === undefined ? {} : { usage }),
  };
}

/** `service_tier` in OpenAI's words, when the answer tells it. */
function tierField(usage: unknown): { service_tier?: string } {
  const told = isRecord(usage) ? usage["service_tier"] : undefined;
  const tier = typeof told === "string" ? SERVICE_TIERS.get(told) : undefined;
  return tier === undefined ? {} : { service_tier: tier };
}

/**
 * Keeps the thinking of an answer that calls tools under its first call. An answer that had none is
 * noted as well when thinking was asked for, so that the next turn knows nothing was lost.
 */
export function keepThinking(
  toolCallId: string | undefined,
  thinkingBlocks: readonly Block[],
  context: DecodeContext,
): void {
  if (toolCallId === undefined) {
    return;
  }
  // This codec serves chat alone, so the request is a chat request.
  const request = context.request as ChatRequest;
  const isExpected = wantsThinking(request, claudeModel(context.deployment.modelName));
  if (thinkingBlocks.length > 0 || isExpected) {
    context.keep(toolCallId, { thinkingBlocks });
  }
}

function readBlocks(content: readonly unknown[], jsonTool: string | undefined): ReadBlocks {
  const read: ReadBlocks = {
    text: "",
    reasoning: "",
    reasoningDetails: [],
    toolCalls: [],
    citations: [],
    thinkingBlocks: [],
    jsonAnswer: undefined,
  };
  for (const block of content) {
    if (isRecord(block)) {
      readBlock(block, read, jsonTool);
    }
  }
  return read;
}

/** Blocks of server tools and of kinds that are not known have no place in OpenAI's answer. */
function readBlock(block: Block, read: ReadBlocks, jsonTool: string | undefined): void {
  switch (block["type"]) {
    case "text":
      readText(block, read);
      return;
    case "thinking":
    case "redacted_thinking":
      read.reasoning += typeof block["thinking"] === "string" ? block["thinking"] : "";
      read.thinkingBlocks.push(block);
      read.reasoningDetails.push(...detailOf(block, read.reasoningDetails.length));
      return;
    case "tool_use":
      readCall(block, read, jsonTool);
      return;
    default:
  }
}

function readText(block: Block, read: ReadBlocks): void {
  const start = read.text.length;
  read.text += typeof block["text"] === "string" ? block["text"] : "";
  read.citations.push(...citationsOf(block["citations"], { start, end: read.text.length }));
}

function readCall(block: Block, read: ReadBlocks, jsonTool: string | undefined): void {
  const input = JSON.stringify(isRecord(block["input"]) ? block["input"] : {});
  if (jsonTool !== undefined && block["name"] === jsonTool) {
    // One answer is wanted; a model that calls the tool twice has given it the first time.
    read.jsonAnswer ??= input;
    return;
  }
  read.toolCalls.push({ id: String(block["id"]), name: String(block["name"]), arguments: input });
}

/** A thinking block as a reasoning detail; none when it has nothing that could be sent back. */
export function detailOf(block: Block, index: number): ReasoningDetail[] {
  if (typeof block["data"] === "string") {
    return [{ type: "reasoning.encrypted", index, data: block["data"], format: DETAIL_FORMAT }];
  }
  if (typeof block["signature"] !== "string" || block["signature"] === "") {
    return [];
  }
  return [
    {
      type: "reasoning.text",
      index,
      text: typeof block["thinking"] === "string" ? block["thinking"] : "",
      signature: block["signature"],
      format: DETAIL_FORMAT,
    },
  ];
}
