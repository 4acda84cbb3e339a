import type { ChatMessage, ContentPart, ToolCall } from "#lib/contract/chat.ts";
import { isGiven } from "#lib/providers/codec/adjust.ts";
import { type ToolIdRule, toolIdFor } from "#lib/providers/codec/tool-ids.ts";
import type { Encoding } from "./encode-chat.ts";

type Fields = Record<string, unknown>;

/** Any other id is a 400 that names this very rule. */
const TOOL_ID: ToolIdRule = { valid: /^[a-zA-Z0-9]{9}$/, length: 9 };

/** Message fields of OpenAI's format that are refused as extra input, with nothing to take their place. */
const UNKNOWN_FIELDS = [
  "reasoning_content",
  "reasoning_details",
  "audio",
  "cache_control",
] as const;

/** The conversation, field by field: this provider refuses whatever it does not know. */
export function encodeMessages(encoding: Encoding): Fields[] {
  const { messages } = encoding.request;
  return messages.map((message, at) => {
    reportUnknown(encoding, message);
    const encoded = encodeMessage(encoding, message, `messages[${at}]`);
    if (message.role === "assistant" && at === messages.length - 1) {
      // A last turn of the assistant is the beginning of the answer, and has to be marked as one.
      encoded["prefix"] = true;
    }
    return encoded;
  });
}

function reportUnknown({ adjust }: Encoding, message: ChatMessage): void {
  for (const name of UNKNOWN_FIELDS) {
    if (isGiven(message[name])) {
      adjust.report(name === "cache_control" ? name : `messages.${name}`);
    }
  }
  if (isGiven(message["name"]) && message.role !== "tool") {
    adjust.report("messages.name");
  }
}

function encodeMessage(encoding: Encoding, message: ChatMessage, path: string): Fields {
  const { adjust, label } = encoding;
  switch (message.role) {
    case "developer":
      adjust.report("messages.role");
      return { role: "system", content: contentOf(encoding, message.content, path) };
    case "system":
    case "user":
      return { role: message.role, content: contentOf(encoding, message.content, path) };
    case "assistant":
      return encodeAssistant(encoding, message, path);
    case "tool":
      return {
        role: "tool",
        tool_call_id: toolIdFor(message.tool_call_id, TOOL_ID),
        content: contentOf(encoding, message.content, path),
        ...(isGiven(message["name"]) ? { name: message["name"] } : {}),
      };
    case "function":
      adjust.refuse(`${path}.role`, `${label} knows no role 'function'; use 'tool'.`);
      return { role: "user", content: message.content ?? "" };
    default:
      return message satisfies never;
  }
}

function encodeAssistant(
  encoding: Encoding,
  message: Extract<ChatMessage, { role: "assistant" }>,
  path: string,
): Fields {
  if (isGiven(message["function_call"])) {
    const why = `${encoding.label} knows no 'function_call'; use 'tool_calls'.`;
    encoding.adjust.refuse(`${path}.function_call`, why);
  }
  const encoded: Fields = {
    role: "assistant",
    content: contentOf(encoding, message.content ?? message.refusal ?? "", path),
  };
  const calls = message.tool_calls ?? [];
  if (calls.length > 0) {
    encoded["tool_calls"] = calls.flatMap((call, at) =>
      encodeCall(encoding, call, `${path}.tool_calls[${at}]`),
    );
  }
  return encoded;
}

function encodeCall({ adjust, label }: Encoding, call: ToolCall, path: string): Fields[] {
  if (call.type !== "function") {
    adjust.refuse(`${path}.type`, `${label} has no tools of the type '${call.type}'.`);
    return [];
  }
  const { name, arguments: given } = call.function;
  return [
    {
      id: toolIdFor(call.id, TOOL_ID),
      type: "function",
      function: { name, arguments: given === "" ? "{}" : given },
    },
  ];
}

function contentOf(
  encoding: Encoding,
  content: string | readonly ContentPart[],
  path: string,
): string | Fields[] {
  if (typeof content === "string") {
    return content;
  }
  const parts = content.flatMap((part, at) => encodePart(encoding, part, `${path}.content[${at}]`));
  return parts.length === 0 ? "" : parts;
}

function encodePart(encoding: Encoding, part: ContentPart, path: string): Fields[] {
  const { adjust, label } = encoding;
  if (isGiven(part["cache_control"])) {
    adjust.report("cache_control");
  }
  switch (part.type) {
    case "text":
      return [{ type: "text", text: part.text }];
    case "refusal":
      return [{ type: "text", text: part.refusal }];
    case "image_url":
      if (isGiven(part.image_url.detail)) {
        adjust.report("image_url.detail");
      }
      return [{ type: "image_url", image_url: part.image_url.url }];
    case "input_audio":
      return [{ type: "input_audio", input_audio: part.input_audio.data }];
    case "file":
      return encodeFile(encoding, part, path);
    default:
      adjust.refuse(path, `${label} cannot read this content part.`, "unsupported_content");
      return part satisfies never;
  }
}

function encodeFile(
  { adjust, label }: Encoding,
  part: Extract<ContentPart, { type: "file" }>,
  path: string,
): Fields[] {
  const { file_data: data, filename } = part.file;
  if (data === undefined) {
    const why = `${label} cannot read files uploaded elsewhere; send 'file_data'.`;
    adjust.refuse(path, why, "unsupported_content");
    return [];
  }
  const name = filename === undefined ? {} : { document_name: filename };
  return [{ type: "document_url", document_url: data, ...name }];
}
