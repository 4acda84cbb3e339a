import type { ToolCall } from "#lib/contract/chat.ts";
import { ConduitError } from "#lib/errors.ts";
import type { Adjustments } from "#lib/providers/codec/adjust.ts";
import { isRecord, parseArguments } from "#lib/providers/codec/tool-arguments.ts";
import type {
  AssistantInput,
  AssistantTurn,
  Conversation,
  ToolInput,
  UserTurn,
} from "#lib/providers/codec/turns.ts";
import type { CarriedState } from "#lib/providers/wire.ts";
import type { GeminiModel } from "./models.ts";
import { type Part, partsFor } from "./parts.ts";
import { BYPASS_SIGNATURE, signatureOfCall, signatureOfText } from "./signatures.ts";

export interface Content {
  role: "user" | "model";
  parts: Part[];
}

export interface ContentOptions {
  adjust: Adjustments;
  carried: CarriedState;
  model: GeminiModel;
}

/** Ids that this gateway or another provider made up; Gemini is sent only ids of its own. */
const FOREIGN_ID = /^(?:call_|toolu_)/;

/** The conversation as contents of alternating roles, without the system text. */
export function contentsOf(conversation: Conversation, options: ContentOptions): Content[] {
  const contents: Content[] = [];
  let calls = new Map<string, string>();
  for (const turn of conversation.turns) {
    if (turn.role === "assistant") {
      calls = namesOfCalls(turn);
      append(contents, { role: "model", parts: modelParts(turn, options) });
    } else {
      append(contents, { role: "user", parts: userParts(turn, calls, options) });
    }
  }
  if (contents.length === 0) {
    throw new ConduitError("invalid_value", {
      message: "The messages hold nothing that a model could read.",
      param: "messages",
    });
  }
  return contents;
}

function append(contents: Content[], content: Content): void {
  const last = contents.at(-1);
  if (content.parts.length === 0) {
    return;
  }
  if (last?.role === content.role) {
    last.parts.push(...content.parts);
    return;
  }
  contents.push(content);
}

function namesOfCalls(turn: AssistantTurn): Map<string, string> {
  const calls = turn.messages.flatMap(({ message }) => message.tool_calls ?? []);
  return new Map(calls.map((call) => [call.id, nameOf(call)]));
}

function nameOf(call: ToolCall): string {
  return call.type === "function" ? call.function.name : call.custom.name;
}

function userParts(
  turn: UserTurn,
  calls: ReadonlyMap<string, string>,
  { adjust }: ContentOptions,
): Part[] {
  const responses = turn.results.map(({ message }) => responsePart(message, calls));
  return [...responses, ...partsFor(turn.parts, adjust)];
}

/** A result under the name of its call; Gemini wants an object, so plain text is wrapped in one. */
function responsePart(message: ToolInput, calls: ReadonlyMap<string, string>): Part {
  const id = message.tool_call_id;
  const text =
    typeof message.content === "string"
      ? message.content
      : message.content.map((part) => part.text).join("");
  return {
    functionResponse: {
      ...(FOREIGN_ID.test(id) ? {} : { id }),
      name: calls.get(id) ?? id,
      response: responseOf(text, message["is_error"] === true),
    },
  };
}

function responseOf(text: string, isError: boolean): Record<string, unknown> {
  if (isError) {
    return { error: text };
  }
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : { result: value };
  } catch {
    // A tool may answer with any text.
    return { result: text };
  }
}

function modelParts(turn: AssistantTurn, options: ContentOptions): Part[] {
  const parts = turn.messages.flatMap(({ message, parts: placed, path }) => {
    if (message.reasoning_content) {
      options.adjust.report("messages.reasoning_content");
    }
    const refusal = message.refusal
      ? [{ part: { type: "refusal" as const, refusal: message.refusal }, path }]
      : [];
    const texts = partsFor([...placed, ...refusal], options.adjust);
    signText(texts, signatureOfText(message));
    const calls = (message.tool_calls ?? []).map((call) => callPart(call, message, options));
    return [...texts, ...calls];
  });
  demandSignature(parts, options);
  return parts;
}

function signText(texts: readonly Part[], signature: string | undefined): void {
  const last = texts.at(-1);
  if (last !== undefined && signature !== undefined) {
    last["thoughtSignature"] = signature;
  }
}

function callPart(call: ToolCall, message: AssistantInput, { carried }: ContentOptions): Part {
  const signature = signatureOfCall(call, message, carried);
  const args =
    call.type === "function"
      ? parseArguments(call.function.arguments)
      : { input: call.custom.input };
  return {
    functionCall: {
      ...(FOREIGN_ID.test(call.id) ? {} : { id: call.id }),
      name: nameOf(call),
      args,
    },
    ...(signature === undefined ? {} : { thoughtSignature: signature }),
  };
}

/**
 * The first function call of a turn needs a signature. Where none is left, because another model or
 * a client made the call, the documented stand-in goes instead and is reported.
 */
function demandSignature(parts: readonly Part[], { model, adjust }: ContentOptions): void {
  const first = parts.find((part) => part["functionCall"] !== undefined);
  if (model.demandsSignatures && first !== undefined && first["thoughtSignature"] === undefined) {
    adjust.report("thought_signature");
    first["thoughtSignature"] = BYPASS_SIGNATURE;
  }
}
