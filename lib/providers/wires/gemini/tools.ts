import type { ChatRequest, ChatTool, ToolChoice } from "#lib/contract/chat.ts";
import { ConduitError } from "#lib/errors.ts";
import { type Adjustments, isGiven } from "#lib/providers/codec/adjust.ts";
import { toolNameIn } from "#lib/providers/codec/tool-choice.ts";
import type { FormatPlan } from "./format.ts";
import type { GeminiModel } from "./models.ts";
import { convertSchema, withoutDialect } from "./schema.ts";

type FunctionTool = Extract<ChatTool, { type: "function" }>;
type Json = Record<string, unknown>;

interface ToolOptions {
  model: GeminiModel;
  adjust: Adjustments;
}

/** `tools` and `toolConfig` in Gemini's form (Gemini API docs, "Function calling"). */
export function toolFields(
  request: ChatRequest,
  options: ToolOptions & { format: FormatPlan },
): Json {
  const { adjust, format } = options;
  const functions = offeredTools(request, options).map((tool) => declaration(tool, options));
  refuseSingleCalls(request, functions.length, adjust);
  if (format.kind === "tool") {
    const names = request.tool_choice === "none" ? [format.tool["name"]] : undefined;
    return fields([...functions, format.tool], anyOf(names));
  }
  if (functions.length === 0) {
    return withoutTools(request, adjust);
  }
  return fields(functions, configOf(request.tool_choice));
}

function fields(functionDeclarations: Json[], config: Json | undefined): Json {
  return {
    tools: [{ functionDeclarations }],
    ...(config === undefined ? {} : { toolConfig: { functionCallingConfig: config } }),
  };
}

function offeredTools(
  request: ChatRequest,
  { adjust, format }: { adjust: Adjustments; format: FormatPlan },
): FunctionTool[] {
  const choice = request.tool_choice;
  const isNarrowed =
    isGiven(choice) &&
    typeof choice !== "string" &&
    choice.type === "allowed_tools" &&
    (choice.allowed_tools.mode === "auto" || format.kind === "tool");
  const tools = (request.tools ?? []).flatMap((tool, at) => {
    if (tool.type === "function") {
      return [tool];
    }
    adjust.refuse(`tools[${at}]`, "Gemini's models know no tools of the type 'custom'.");
    return [];
  });
  if (!isNarrowed) {
    return tools;
  }
  // A list of allowed names stands beside a forced call alone, and ours may be one of those called.
  adjust.report("tool_choice");
  const names = new Set(choice.allowed_tools.tools.map((tool) => toolNameIn(tool)));
  return tools.filter((tool) => names.has(tool.function.name));
}

function declaration(tool: FunctionTool, options: ToolOptions): Json {
  const { name, description, parameters, strict } = tool.function;
  if (strict === true) {
    options.adjust.report("tools.function.strict");
  }
  if (tool["cache_control"] !== undefined || tool.function["cache_control"] !== undefined) {
    options.adjust.report("cache_control");
  }
  return {
    name,
    ...(description === undefined || description === "" ? {} : { description }),
    ...parameterField(parameters ?? {}, options),
  };
}

/** A function without parameters has no schema at all: an empty object type is refused. */
function parameterField(parameters: Json, { model, adjust }: ToolOptions): Json {
  const properties = parameters["properties"];
  const isEmpty =
    typeof properties !== "object" || properties === null || Object.keys(properties).length === 0;
  if (isEmpty && parameters["$ref"] === undefined && parameters["anyOf"] === undefined) {
    return {};
  }
  const converted = convertSchema(parameters);
  if (!converted.isLossy) {
    return { parameters: converted.schema };
  }
  if (model.takesJsonSchema) {
    return { parametersJsonSchema: withoutDialect(parameters) };
  }
  adjust.report("tools.function.parameters");
  return { parameters: converted.schema };
}

function configOf(choice: ToolChoice | null | undefined): Json | undefined {
  if (!isGiven(choice)) {
    return undefined;
  }
  if (typeof choice === "string") {
    const modes = { auto: "AUTO", none: "NONE", required: "ANY" } as const;
    return { mode: modes[choice] };
  }
  switch (choice.type) {
    case "function":
      return anyOf([choice.function.name]);
    case "custom":
      return anyOf([choice.custom.name]);
    case "allowed_tools":
      return choice.allowed_tools.mode === "auto"
        ? { mode: "AUTO" }
        : anyOf(choice.allowed_tools.tools.map((tool) => toolNameIn(tool)));
    default:
      return choice satisfies never;
  }
}

function anyOf(names: readonly unknown[] | undefined): Json {
  return { mode: "ANY", ...(names === undefined ? {} : { allowedFunctionNames: names }) };
}

/** Gemini may always call several functions at once. */
function refuseSingleCalls(request: ChatRequest, count: number, adjust: Adjustments): void {
  if (request.parallel_tool_calls !== false) {
    return;
  }
  if (count === 0) {
    adjust.report("parallel_tool_calls");
    return;
  }
  adjust.refuse(
    "parallel_tool_calls",
    "Gemini's models cannot be held to one tool call at a time.",
    "unsupported_value",
  );
}

function withoutTools(request: ChatRequest, adjust: Adjustments): Json {
  const choice = request.tool_choice;
  if (!isGiven(choice)) {
    return {};
  }
  if (choice !== "auto" && choice !== "none") {
    throw new ConduitError("invalid_value", {
      message: "'tool_choice' asks for a tool call, but 'tools' offers none that may be called.",
      param: "tool_choice",
    });
  }
  adjust.report("tool_choice");
  return {};
}
