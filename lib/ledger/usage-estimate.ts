import type { EndpointName } from "#lib/contract/answer.ts";
import type { InferenceRequest } from "#lib/contract/inference-request.ts";
import { NO_USAGE, type Usage } from "#lib/contract/usage.ts";
import { countTokens, loadTokenizer } from "./token-count.ts";
import { estimateRequest } from "./tokens.ts";

/**
 * The usage of an answer whose upstream told none, or whose end never came: the input as it was
 * estimated, the output counted from what was delivered, which is text or a whole answer's body.
 * Long texts are counted in pieces, off the way of other requests.
 */
export async function estimateUsage(options: {
  endpoint: EndpointName;
  request: InferenceRequest;
  delivered: string | Record<string, unknown>;
}): Promise<Usage> {
  // Loaded first, so that the input is counted with it and not by bytes.
  await loadTokenizer();
  const { endpoint, request, delivered } = options;
  const { inputTokens, audioTokens } = estimateRequest({ endpoint, request, prices: [] });
  const text = typeof delivered === "string" ? delivered : textOf(delivered);
  const output = endpoint === "chat" ? await countTokens(text) : 0;
  return { ...NO_USAGE, input: inputTokens - audioTokens, audioIn: audioTokens, output };
}

/** What a model wrote in a chat completion: content, reasoning, refusal and calls of tools. */
function textOf(body: Record<string, unknown>): string {
  const parts: string[] = [];
  for (const choice of listOf(body["choices"])) {
    const message = (choice as { message?: unknown }).message;
    if (typeof message === "object" && message !== null) {
      collectMessage(parts, message as Record<string, unknown>);
    }
  }
  return parts.join("\n");
}

const TEXT_FIELDS = ["reasoning_content", "content", "refusal"];
const CALL_FIELDS = ["tool_calls", "function_call"];

function collectMessage(parts: string[], message: Record<string, unknown>): void {
  for (const field of TEXT_FIELDS) {
    const value = message[field];
    if (typeof value === "string" && value !== "") {
      parts.push(value);
    }
  }
  for (const field of CALL_FIELDS) {
    const calls = message[field];
    if (typeof calls === "object" && calls !== null) {
      parts.push(JSON.stringify(calls));
    }
  }
}

function listOf(value: unknown): object[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "object" && one) : [];
}
