import type { ReasoningDetail } from "#lib/contract/chat.ts";
import { ConduitError } from "#lib/errors.ts";
import { fallbackIdentity, readIdentity } from "#lib/providers/codec/chunk-identity.ts";
import { completionOf, type ReadChoice } from "#lib/providers/codec/completion.ts";
import { isRecord } from "#lib/providers/codec/tool-arguments.ts";
import type { DecodeContext, DecodedAnswer } from "#lib/providers/wire.ts";
import {
  type AnswerPart,
  answerParts,
  blockReason,
  citationsOf,
  finishReasonOf,
  identityFields,
  logprobsOf,
} from "./candidate.ts";
import { errorOfStream, findError } from "./errors.ts";
import { DETAIL_FORMAT, signatureExtension } from "./signatures.ts";
import { readUsage } from "./usage.ts";

type Json = Record<string, unknown>;

/** One candidate read, with what OpenAI's format keeps in extensions. */
interface ReadCandidate {
  choice: ReadChoice;
  logprobs: unknown;
  /** Extension fields of the message. */
  message: Json;
  /** Extension fields of the tool calls, in their order. */
  calls: Json[];
}

/**
 * A whole answer of `generateContent` in OpenAI's shape. A blocked prompt is an
 * empty answer that ends with `content_filter`. Throws the error inside a body that is one, and
 * `upstream_protocol` for a body that is no answer.
 */
export function decodeChat(parsed: unknown, context: DecodeContext): DecodedAnswer {
  if (findError(parsed) !== undefined) {
    throw errorOfStream(parsed);
  }
  const answer: Json = isRecord(parsed) ? parsed : {};
  const candidates = readCandidates(answer, context);
  const usage = readUsage(answer["usageMetadata"]);
  const body = completionOf({
    identity: readIdentity(identityFields(answer), fallbackIdentity(context)),
    choices: candidates.map(({ choice }) => choice),
    usage,
  });
  for (const [at, choice] of body.choices.entries()) {
    const read = candidates[at];
    choice.logprobs = read?.logprobs ?? null;
    Object.assign(choice.message, read?.message);
    for (const [place, call] of (choice.message.tool_calls ?? []).entries()) {
      Object.assign(call, read?.calls[place]);
    }
  }
  return { body, untouched: false, ...(usage === undefined ? {} : { usage }) };
}

function readCandidates(answer: Json, context: DecodeContext): ReadCandidate[] {
  const candidates: unknown[] = Array.isArray(answer["candidates"]) ? answer["candidates"] : [];
  const present = candidates.filter((candidate) => isRecord(candidate));
  if (present.length > 0) {
    return present
      .toSorted((one, other) => Number(one["index"] ?? 0) - Number(other["index"] ?? 0))
      .map((candidate) => readCandidate(candidate, context));
  }
  const native = blockReason(answer);
  if (native === undefined) {
    throw new ConduitError("upstream_protocol", {
      message: "The provider answered with something that is no answer.",
      upstream: { kind: "protocol", status: 200 },
    });
  }
  const choice: ReadChoice = { finishReason: "content_filter", native };
  return [{ choice, logprobs: null, message: {}, calls: [] }];
}

function readCandidate(candidate: Json, context: DecodeContext): ReadCandidate {
  const parts = answerParts(candidate);
  const native = String(candidate["finishReason"] ?? "FINISH_REASON_UNSPECIFIED");
  const { jsonTool } = context.emulation;
  const calls = callsAmong(parts).filter((call) => call.name !== jsonTool);
  const jsonAnswer = callsAmong(parts).find((call) => call.name === jsonTool);
  const text = jsonAnswer?.arguments ?? joined(parts, "text");
  const images = imagesAmong(parts);
  const citations = citationsOf(candidate, text.length);
  for (const call of calls) {
    keepSignature(call, context);
  }
  return {
    choice: {
      text,
      reasoning: joined(parts, "thought"),
      reasoningDetails: detailsOf(parts),
      toolCalls: calls,
      finishReason: finishReasonOf(native, {
        isEmpty: text === "" && calls.length === 0 && images.length === 0,
        message: candidate["finishMessage"],
      }),
      native,
    },
    logprobs: logprobsOf(candidate),
    message: {
      ...(images.length > 0 ? { images } : {}),
      ...(citations.length > 0 ? { annotations: citations } : {}),
    },
    calls: calls.map(callExtension),
  };
}

export type CallPart = Extract<AnswerPart, { kind: "call" }>;

/** Keeps the signature of a call for the turn that brings its result. */
export function keepSignature({ id, signature }: CallPart, context: DecodeContext): void {
  if (signature !== undefined) {
    context.keep(id, { thoughtSignature: signature });
  }
}

/** A call's signature for clients that send unknown fields of a tool call back. */
export function callExtension({ signature }: CallPart): Json {
  return signature === undefined ? {} : signatureExtension(signature);
}

function callsAmong(parts: readonly AnswerPart[]): CallPart[] {
  return parts.filter((part) => part.kind === "call");
}

function joined(parts: readonly AnswerPart[], kind: "text" | "thought"): string {
  return parts.map((part) => (part.kind === kind ? part.text : "")).join("");
}

/** Pictures under OpenRouter's name for them. */
function imagesAmong(parts: readonly AnswerPart[]): Json[] {
  return parts.flatMap((part) =>
    part.kind === "image" ? [{ type: "image_url", image_url: { url: part.url } }] : [],
  );
}

function detailsOf(parts: readonly AnswerPart[]): ReasoningDetail[] {
  return parts
    .filter((part) => part.kind !== "call" && part.signature !== undefined)
    .flatMap((part, index) => textDetail(part, index));
}

/** The signature of a part of text as a reasoning detail. */
export function textDetail(part: AnswerPart, index: number): ReasoningDetail[] {
  return part.signature === undefined
    ? []
    : [{ type: "reasoning.encrypted", index, data: part.signature, format: DETAIL_FORMAT }];
}
