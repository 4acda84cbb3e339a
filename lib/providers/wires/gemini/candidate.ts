import type { FinishReason } from "#lib/contract/chat.ts";
import { ConduitError } from "#lib/errors.ts";
import { isRecord } from "#lib/providers/codec/tool-arguments.ts";
import { newToolId } from "#lib/providers/codec/tool-ids.ts";
import { type UrlCitation, urlCitation } from "#lib/providers/codec/url-citation.ts";
import type { Part } from "./parts.ts";

/** Gemini's `finishReason` in OpenAI's words; any other counts as `stop`. */
const FINISH_REASONS: ReadonlyMap<string, FinishReason> = new Map([
  ["MAX_TOKENS", "length"],
  ["SAFETY", "content_filter"],
  ["RECITATION", "content_filter"],
  ["BLOCKLIST", "content_filter"],
  ["PROHIBITED_CONTENT", "content_filter"],
  ["SPII", "content_filter"],
  ["LANGUAGE", "content_filter"],
  ["IMAGE_SAFETY", "content_filter"],
  ["IMAGE_PROHIBITED_CONTENT", "content_filter"],
  ["IMAGE_RECITATION", "content_filter"],
]);
/** Words that mean that the model failed, unless it had written something before. */
const FAILURES: ReadonlySet<string> = new Set([
  "MALFORMED_FUNCTION_CALL",
  "UNEXPECTED_TOOL_CALL",
  "TOO_MANY_TOOL_CALLS",
  "NO_IMAGE",
]);

/**
 * How a candidate ended. `isEmpty` says that it wrote nothing. Throws `upstream_error` when the
 * model failed before it wrote anything.
 */
export function finishReasonOf(
  native: string,
  { isEmpty, message }: { isEmpty: boolean; message: unknown },
): FinishReason {
  if (FAILURES.has(native) && isEmpty) {
    const why = typeof message === "string" && message !== "" ? ` ${message}` : "";
    throw new ConduitError("upstream_error", {
      message: `The model gave up on its answer (${native}).${why}`,
      upstream: { kind: "server", status: 200 },
    });
  }
  return FINISH_REASONS.get(native) ?? "stop";
}

/** What a part of an answer is. Parts of server-side tools have no place in OpenAI's answer. */
export type AnswerPart =
  | { kind: "text"; text: string; signature?: string }
  | { kind: "thought"; text: string; signature?: string }
  | { kind: "call"; id: string; name: string; arguments: string; signature?: string }
  | { kind: "image"; url: string; signature?: string };

/** The parts of a candidate, of which any level may be missing. */
export function answerParts(candidate: Record<string, unknown>): AnswerPart[] {
  const { content } = candidate;
  const parts: unknown[] =
    isRecord(content) && Array.isArray(content["parts"]) ? content["parts"] : [];
  return parts.flatMap((part) => (isRecord(part) ? readPart(part) : []));
}

function readPart(part: Part): AnswerPart[] {
  const signature = part["thoughtSignature"];
  const isSigned = typeof signature === "string" && signature !== "";
  const signed = isSigned ? { signature } : {};
  if (typeof part["text"] === "string") {
    return [{ kind: part["thought"] === true ? "thought" : "text", text: part["text"], ...signed }];
  }
  const read = readCall(part["functionCall"]) ?? readImage(part);
  if (read !== undefined) {
    return [{ ...read, ...signed }];
  }
  return isSigned ? [{ kind: "text", text: "", signature }] : [];
}

function readCall(call: unknown): AnswerPart | undefined {
  if (!isRecord(call) || typeof call["name"] !== "string") {
    return undefined;
  }
  const given = call["id"];
  return {
    kind: "call",
    id: typeof given === "string" && given !== "" ? given : newToolId(),
    name: call["name"],
    arguments: JSON.stringify(isRecord(call["args"]) ? call["args"] : {}),
  };
}

/** A picture that is part of the answer, not of the thoughts before it. */
function readImage(part: Part): AnswerPart | undefined {
  const image = part["inlineData"];
  if (!isRecord(image) || typeof image["data"] !== "string" || part["thought"] === true) {
    return undefined;
  }
  return { kind: "image", url: `data:${String(image["mimeType"])};base64,${image["data"]}` };
}

/** The web pages that an answer rests on; Gemini names them for the answer as a whole. */
export function citationsOf(candidate: Record<string, unknown>, textLength: number): UrlCitation[] {
  const grounding = candidate["groundingMetadata"];
  const chunks: unknown[] =
    isRecord(grounding) && Array.isArray(grounding["groundingChunks"])
      ? grounding["groundingChunks"]
      : [];
  return chunks.flatMap((chunk) => {
    const web = isRecord(chunk) ? chunk["web"] : undefined;
    if (!isRecord(web) || typeof web["uri"] !== "string") {
      return [];
    }
    const span = { start: 0, end: textLength };
    return [urlCitation({ url: web["uri"], title: web["title"] }, span)];
  });
}

/** `logprobsResult` as OpenAI's log probabilities; `null` when there is none. */
export function logprobsOf(candidate: Record<string, unknown>): unknown {
  const result = candidate["logprobsResult"];
  if (!isRecord(result) || !Array.isArray(result["chosenCandidates"])) {
    return null;
  }
  const alternatives: unknown[] = Array.isArray(result["topCandidates"])
    ? result["topCandidates"]
    : [];
  const content = result["chosenCandidates"].map((chosen: unknown, at) => {
    const step = alternatives[at];
    const top: unknown[] =
      isRecord(step) && Array.isArray(step["candidates"]) ? step["candidates"] : [];
    return { ...tokenOf(chosen), top_logprobs: top.map((entry) => tokenOf(entry)) };
  });
  return { content, refusal: null };
}

function tokenOf(value: unknown): { token: string; logprob: number; bytes: number[] } {
  const entry = isRecord(value) ? value : {};
  const token = typeof entry["token"] === "string" ? entry["token"] : "";
  const logprob = entry["logProbability"];
  return {
    token,
    // Proto3 leaves out zeros, and the logarithm of a certain token is one.
    logprob: typeof logprob === "number" ? logprob : 0,
    bytes: [...new TextEncoder().encode(token)],
  };
}

/** Why a prompt was blocked, when it was. */
export function blockReason(answer: Record<string, unknown>): string | undefined {
  const feedback = answer["promptFeedback"];
  const reason = isRecord(feedback) ? feedback["blockReason"] : undefined;
  return typeof reason === "string" && reason !== "BLOCK_REASON_UNSPECIFIED" ? reason : undefined;
}

/** Gemini's identity fields under OpenAI's names. */
export function identityFields(answer: Record<string, unknown>): Record<string, unknown> {
  return { id: answer["responseId"], model: answer["modelVersion"] };
}
