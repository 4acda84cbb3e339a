import type { ChatTool, ToolChoice } from "#lib/contract/chat.ts";
import { isGiven } from "#lib/providers/codec/adjust.ts";
import type { Encoding } from "./encode-chat.ts";

type Fields = Record<string, unknown>;

/** Tools and the choice among them; `required` is `any` here. */
export function encodeTools(encoding: Encoding): void {
  const { request, body } = encoding;
  const tools = (request.tools ?? []).flatMap((tool, at) => encodeTool(encoding, tool, at));
  const choice = encodeChoice(encoding, request.tool_choice ?? undefined);
  const kept =
    choice.only === undefined ? tools : tools.filter((tool) => choice.only?.has(tool.name));
  if (kept.length > 0) {
    body["tools"] = kept.map((tool) => ({ type: "function", function: tool }));
  }
  if (choice.value !== undefined) {
    body["tool_choice"] = choice.value;
  }
}

interface EncodedTool {
  name: string;
  [field: string]: unknown;
}

function encodeTool({ adjust, label }: Encoding, tool: ChatTool, at: number): EncodedTool[] {
  if (tool.type !== "function") {
    const why = `${label} has no tools of the type '${tool.type}'.`;
    adjust.refuse(`tools[${at}].type`, why, "unsupported_value");
    return [];
  }
  if (isGiven(tool["cache_control"])) {
    adjust.report("cache_control");
  }
  const { name, description, parameters, strict } = tool.function;
  return [
    {
      name,
      ...(description === undefined ? {} : { description }),
      // A function without a schema is refused, and one without parameters is what it means.
      parameters: parameters ?? { type: "object", properties: {} },
      ...(isGiven(strict) ? { strict } : {}),
    },
  ];
}

interface EncodedChoice {
  value?: "auto" | "none" | "any" | Fields;
  /** The names that the model may call, when it may not call all. */
  only?: ReadonlySet<string>;
}

function encodeChoice({ adjust, label }: Encoding, choice: ToolChoice | undefined): EncodedChoice {
  if (choice === undefined) {
    return {};
  }
  if (choice === "auto" || choice === "none") {
    return { value: choice };
  }
  if (choice === "required") {
    adjust.report("tool_choice");
    return { value: "any" };
  }
  switch (choice.type) {
    case "function":
      return { value: { type: "function", function: { name: choice.function.name } } };
    case "allowed_tools":
      adjust.report("tool_choice");
      return {
        value: choice.allowed_tools.mode === "required" ? "any" : "auto",
        only: new Set(choice.allowed_tools.tools.flatMap(nameOf)),
      };
    case "custom":
      adjust.refuse("tool_choice", `${label} has no tools of the type 'custom'.`);
      return {};
    default:
      return choice satisfies never;
  }
}

function nameOf(reference: Fields): string[] {
  const named = reference["function"];
  return typeof named === "object" && named !== null && "name" in named ? [String(named.name)] : [];
}
