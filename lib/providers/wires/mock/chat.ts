import type {
  ChatChunk,
  ChatCompletion,
  ChatMessage,
  ChatRequest,
  ChatTool,
  FinishReason,
} from "#lib/contract/chat.ts";
import type { Deployment } from "#lib/contract/snapshot.ts";
import type { ChatUsage } from "#lib/contract/usage.ts";
import { idTimeMs } from "#lib/ids.ts";
import { countWords } from "./embeddings.ts";
import { hashText } from "./hash.ts";
import { sampleOf } from "./sample.ts";

interface Call {
  body: Record<string, unknown>;
  deployment: Deployment;
  requestId: string;
}

/** What the mock says, before it is put into chunks or one body. */
interface Script {
  frame: { id: string; created: number; model: string };
  text: string | null;
  toolCall: { id: string; name: string; arguments: string } | undefined;
  finishReason: FinishReason;
  choices: number;
  usage: ChatUsage;
}

/** A whole answer in OpenAI's format. */
export function mockChat(call: Call): ChatCompletion {
  const script = writeScript(call);
  const { text, toolCall, finishReason, frame, usage } = script;
  const calls = toolCall === undefined ? {} : { tool_calls: [functionCall(toolCall)] };
  return {
    ...frame,
    object: "chat.completion",
    choices: Array.from({ length: script.choices }, (_, index) => ({
      index,
      message: { role: "assistant", content: text, refusal: null, ...calls },
      logprobs: null,
      finish_reason: finishReason,
    })),
    usage,
  };
}

/** Beyond this many chunks a long answer comes in longer pieces. */
const MAX_CHUNKS = 4096;

/**
 * The same answer in chunks, those of one step together: a word at a time, several where words times
 * choices would be too many chunks, and usage at the end.
 */
export function* mockChatStream(call: Call): Generator<ChatChunk[]> {
  const script = writeScript(call);
  const { text, toolCall, finishReason, usage } = script;
  yield deltas(script, { role: "assistant", content: text === null ? null : "", refusal: null });
  for (const content of piecesOf(text ?? "", Math.ceil(MAX_CHUNKS / script.choices))) {
    yield deltas(script, { content });
  }
  if (toolCall !== undefined) {
    const opening = { ...functionCall(toolCall), index: 0 };
    opening.function = { name: toolCall.name, arguments: "" };
    yield deltas(script, { tool_calls: [opening] });
    const rest = { index: 0, function: { arguments: toolCall.arguments } };
    yield deltas(script, { tool_calls: [rest] });
  }
  yield deltas(script, {}, finishReason);
  yield [{ ...script.frame, object: "chat.completion.chunk", choices: [], usage }];
}

/** The text cut before white space, into no more pieces than `most`. */
function piecesOf(text: string, most: number): string[] {
  const words = text === "" ? [] : text.split(/(?<=\S)(?=\s)/);
  const each = Math.max(1, Math.ceil(words.length / most));
  return Array.from({ length: Math.ceil(words.length / each) }, (_, at) =>
    words.slice(at * each, (at + 1) * each).join(""),
  );
}

/** One step of the answer, for every choice. */
function deltas(
  script: Script,
  delta: ChatChunk["choices"][number]["delta"],
  finishReason: FinishReason | null = null,
): ChatChunk[] {
  return Array.from({ length: script.choices }, (_, index) => ({
    ...script.frame,
    object: "chat.completion.chunk",
    choices: [{ index, delta, logprobs: null, finish_reason: finishReason }],
    usage: null,
  }));
}

function writeScript({ body, deployment, requestId }: Call): Script {
  // The body is what the mock's own `encode` made of a request that the schema has checked.
  const request = body as ChatRequest;
  const said = lastText(request.messages);
  const toolCall = chosenCall(request, deployment, said);
  const text = toolCall === undefined ? textOf(request, deployment, said) : null;
  const words = text?.match(/\S+/g) ?? [];
  const most = request.max_completion_tokens ?? request.max_tokens ?? Number.POSITIVE_INFINITY;
  const isCut = words.length > most;
  const choices = request.n ?? 1;
  const prompt = request.messages.reduce((sum, message) => sum + countWords(plainText(message)), 0);
  const each =
    toolCall === undefined ? Math.min(words.length, most) : countWords(toolCall.arguments);
  return {
    frame: {
      id: `chatcmpl-mock-${hashText(requestId).toString(16).padStart(8, "0")}`,
      created: Math.floor(idTimeMs(requestId) / 1000),
      model: request.model,
    },
    text: isCut ? words.slice(0, most).join(" ") : text,
    toolCall,
    finishReason: finishOf(toolCall !== undefined, isCut),
    choices,
    usage: {
      prompt_tokens: prompt,
      completion_tokens: each * choices,
      total_tokens: prompt + each * choices,
    },
  };
}

function finishOf(isCall: boolean, isCut: boolean): FinishReason {
  if (isCall) {
    return "tool_calls";
  }
  return isCut ? "length" : "stop";
}

/** The tool to call: the one in the settings, or what the request insists on; none after a result. */
function chosenCall(
  request: ChatRequest,
  deployment: Deployment,
  said: string,
): Script["toolCall"] {
  const tools = (request.tools ?? []).flatMap((tool) => (tool.type === "function" ? [tool] : []));
  const choice = request.tool_choice;
  if (request.messages.at(-1)?.role === "tool" || choice === "none") {
    return undefined;
  }
  const wanted =
    typeof choice === "object" && choice?.type === "function"
      ? choice.function.name
      : String(deployment.settings["tool_call"] ?? "");
  const tool =
    tools.find((offered) => offered.function.name === wanted) ??
    (choice === "required" ? tools[0] : undefined);
  return tool === undefined ? undefined : callOf(tool, said);
}

function callOf(
  tool: Extract<ChatTool, { type: "function" }>,
  said: string,
): NonNullable<Script["toolCall"]> {
  const { name, parameters } = tool.function;
  const value = sampleOf(parameters ?? { type: "object" }, said);
  return {
    id: `call_mock${hashText(`${name} ${said}`).toString(16).padStart(8, "0")}`,
    name,
    arguments: JSON.stringify(value),
  };
}

function functionCall(call: NonNullable<Script["toolCall"]>) {
  return {
    id: call.id,
    type: "function" as const,
    function: { name: call.name, arguments: call.arguments },
  };
}

function textOf(request: ChatRequest, deployment: Deployment, said: string): string {
  const format = request.response_format;
  if (format?.type === "json_schema") {
    return JSON.stringify(sampleOf(format.json_schema.schema, said));
  }
  const text = String(deployment.settings["reply"] ?? said);
  return format?.type === "json_object" ? JSON.stringify({ reply: text }) : text;
}

/** What is echoed: the last thing that somebody other than the assistant said. */
function lastText(messages: readonly ChatMessage[]): string {
  const last = messages.findLast(({ role }) => role === "user" || role === "tool");
  return (last === undefined ? "" : plainText(last)) || "The mock has nothing to echo.";
}

function plainText({ content }: ChatMessage): string {
  if (typeof content === "string") {
    return content;
  }
  return (content ?? []).flatMap((part) => (part.type === "text" ? part.text : [])).join("\n");
}
