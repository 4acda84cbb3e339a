import type { ChatRequest, ChatTool, ToolChoice } from "#lib/contract/chat.ts";
import { ConduitError } from "#lib/errors.ts";
import { type Adjustments, isGiven } from "#lib/providers/codec/adjust.ts";
import { forcesTool, namesTool, toolNameIn } from "#lib/providers/codec/tool-choice.ts";
import type { Conversation } from "#lib/providers/codec/turns.ts";
import { type Block, cacheMarker } from "./content.ts";
import type { FormatPlan } from "./format.ts";
import type { ClaudeModel } from "./models.ts";
import { constrainSchema } from "./schema.ts";

type FunctionTool = Extract<ChatTool, { type: "function" }>;

export interface ToolPlan {
  tools: Block[];
  choice: Block | undefined;
  /** The tool that stands in for `response_format`, when there is one. */
  jsonTool: string | undefined;
}

const ANY_INPUT = { type: "object", properties: {} };
/** Anthropic refuses requests with more strict tools than this. */
const MAX_STRICT_TOOLS = 20;

/** `tools` and everything that steers them, in Anthropic's form. */
export function planTools(
  request: ChatRequest,
  options: {
    model: ClaudeModel;
    adjust: Adjustments;
    conversation: Conversation;
    format: FormatPlan;
  },
): ToolPlan {
  const { adjust, format } = options;
  const declared = functionTools(request, adjust);
  const offered = allowedOnly(declared, request.tool_choice, adjust);
  const tools = offered.map((tool, _at, all) => toolBlock(tool, options, all));
  if (format.kind === "tool" && !namesTool(request.tool_choice)) {
    return withJsonTool(tools, format.tool, request);
  }
  if (tools.length === 0) {
    return withoutTools(request, options);
  }
  return { tools, choice: choiceOf(request), jsonTool: undefined };
}

function functionTools(request: ChatRequest, adjust: Adjustments): FunctionTool[] {
  return (request.tools ?? []).flatMap((tool, at) => {
    if (tool.type === "function") {
      return [tool];
    }
    adjust.refuse(`tools[${at}]`, "Anthropic's models know no tools of the type 'custom'.");
    return [];
  });
}

/** `allowed_tools` has no counterpart, so only the allowed ones are offered. */
function allowedOnly(
  tools: FunctionTool[],
  choice: ToolChoice | null | undefined,
  adjust: Adjustments,
): FunctionTool[] {
  if (!isGiven(choice) || typeof choice === "string" || choice.type !== "allowed_tools") {
    return tools;
  }
  adjust.report("tool_choice");
  const names = new Set(choice.allowed_tools.tools.map((tool) => toolNameIn(tool)));
  return tools.filter((tool) => names.has(tool.function.name));
}

function toolBlock(
  tool: FunctionTool,
  { model, adjust }: { model: ClaudeModel; adjust: Adjustments },
  all: readonly FunctionTool[],
): Block {
  const { name, description, parameters, strict } = tool.function;
  const block: Block = { name };
  if (description !== undefined && description !== "") {
    block["description"] = description;
  }
  block["input_schema"] = inputSchema(parameters ?? undefined);
  if (strict === true) {
    Object.assign(block, strictFields(tool, { model, adjust, all }));
  }
  return { ...block, ...cacheMarker({ ...tool.function, ...tool }, adjust) };
}

/** `strict` with a schema that the model can be held to; reported where it cannot. */
function strictFields(
  { function: { parameters } }: FunctionTool,
  options: { model: ClaudeModel; adjust: Adjustments; all: readonly FunctionTool[] },
): Block {
  const strictCount = options.all.filter((tool) => tool.function.strict === true).length;
  const canHold = options.model.knowsSchemas && strictCount <= MAX_STRICT_TOOLS;
  const constrained = canHold ? constrainSchema(parameters ?? ANY_INPUT) : undefined;
  if (constrained === undefined || constrained.isLoosened) {
    options.adjust.report("tools.function.strict");
  }
  return constrained === undefined ? {} : { input_schema: constrained.schema, strict: true };
}

function inputSchema(parameters: Record<string, unknown> | undefined): Record<string, unknown> {
  if (parameters === undefined) {
    return ANY_INPUT;
  }
  return parameters["type"] === "object" ? parameters : { ...parameters, type: "object" };
}

/**
 * The answer's schema as one more tool. Beside the caller's own tools the model may choose, but has
 * to call one; only a call of this tool becomes the answer's text.
 */
function withJsonTool(
  tools: Block[],
  jsonTool: Block & { name: string },
  request: ChatRequest,
): ToolPlan {
  const alone = tools.length === 0 || request.tool_choice === "none";
  const choice: Block = alone ? { type: "tool", name: jsonTool.name } : { type: "any" };
  if (alone || request.parallel_tool_calls === false) {
    choice["disable_parallel_tool_use"] = true;
  }
  return { tools: [...tools, jsonTool], choice, jsonTool: jsonTool.name };
}

/** A history of tool calls needs its tools declared, also when this request offers none. */
function withoutTools(
  request: ChatRequest,
  { adjust, conversation }: { adjust: Adjustments; conversation: Conversation },
): ToolPlan {
  if (forcesTool(request.tool_choice)) {
    throw new ConduitError("invalid_value", {
      message: "'tool_choice' asks for a tool call, but 'tools' offers none that may be called.",
      param: "tool_choice",
    });
  }
  if (isGiven(request.tool_choice)) {
    adjust.report("tool_choice");
  }
  if (request.parallel_tool_calls === false) {
    adjust.report("parallel_tool_calls");
  }
  const names = calledNames(conversation);
  if (names.size === 0) {
    return { tools: [], choice: undefined, jsonTool: undefined };
  }
  adjust.report("tools");
  const tools = [...names].map((name) => ({ name, input_schema: ANY_INPUT }));
  return { tools, choice: { type: "none" }, jsonTool: undefined };
}

function calledNames(conversation: Conversation): Set<string> {
  const calls = conversation.turns
    .flatMap((turn) => (turn.role === "assistant" ? turn.messages : []))
    .flatMap(({ message }) => message.tool_calls ?? []);
  return new Set(
    calls.map((call) => (call.type === "function" ? call.function.name : call.custom.name)),
  );
}

function choiceOf(request: ChatRequest): Block | undefined {
  const base = baseChoice(request.tool_choice);
  if (request.parallel_tool_calls !== false || base?.["type"] === "none") {
    return base;
  }
  return { ...(base ?? { type: "auto" }), disable_parallel_tool_use: true };
}

function baseChoice(choice: ToolChoice | null | undefined): Block | undefined {
  if (!isGiven(choice)) {
    return undefined;
  }
  if (typeof choice === "string") {
    return { type: choice === "required" ? "any" : choice };
  }
  switch (choice.type) {
    case "function":
      return { type: "tool", name: choice.function.name };
    case "custom":
      return { type: "tool", name: choice.custom.name };
    case "allowed_tools":
      return { type: choice.allowed_tools.mode === "required" ? "any" : "auto" };
    default:
      return choice satisfies never;
  }
}
