import type { ChatMessage, ChatRequest, ContentPart } from "#lib/contract/chat.ts";
import { ConduitError } from "#lib/errors.ts";
import type { Adjustments } from "./adjust.ts";

type Role<Name extends ChatMessage["role"]> = Extract<ChatMessage, { role: Name }>;
export type AssistantInput = Role<"assistant">;
export type ToolInput = Role<"tool">;

/** A content part with the path that an error names it by. */
export interface PlacedPart {
  part: ContentPart;
  path: string;
}

export interface UserTurn {
  role: "user";
  /** Results of the tool calls of the turn before, in the order of those calls. */
  results: { message: ToolInput; path: string }[];
  parts: PlacedPart[];
}

export interface AssistantTurn {
  role: "assistant";
  messages: { message: AssistantInput; parts: PlacedPart[]; path: string }[];
}

export type Turn = UserTurn | AssistantTurn;

/** A conversation in the form that turn-taking providers want: system text apart, roles alternating. */
export interface Conversation {
  system: PlacedPart[];
  turns: Turn[];
}

/**
 * Sorts messages into alternating turns. System and developer messages are taken out and joined
 * wherever they stood; neighbours of one role become one turn; tool results come before the text of
 * their turn. Reports `messages` when text moved or neighbours were joined. Throws 400
 * `invalid_value` for a tool call without a result or a result without a call, which every provider
 * refuses in words of its own.
 */
export function takeTurns(request: ChatRequest, adjust: Adjustments): Conversation {
  const conversation: Conversation = { system: [], turns: [] };
  for (const [at, message] of request.messages.entries()) {
    placeMessage(conversation, message, { path: `messages[${at}]`, adjust });
  }
  if (conversation.turns.length === 0 && conversation.system.length > 0) {
    // Some providers answer to instructions alone; these want something that was said to them.
    adjust.report("messages");
    conversation.turns.push({ role: "user", results: [], parts: conversation.system.splice(0) });
  }
  for (const [at, turn] of conversation.turns.entries()) {
    if (turn.role === "assistant") {
      matchResults(turn, conversation.turns[at + 1]);
    } else {
      refuseStrayResults(turn, conversation.turns[at - 1]);
    }
  }
  return conversation;
}

interface Place {
  path: string;
  adjust: Adjustments;
}

function placeMessage(conversation: Conversation, message: ChatMessage, place: Place): void {
  const { path, adjust } = place;
  if ("name" in message && message.name !== undefined && message.role !== "function") {
    adjust.report("messages.name");
  }
  switch (message.role) {
    case "system":
    case "developer":
      if (message.role === "developer") {
        adjust.report("messages.role");
      }
      if (conversation.turns.length > 0) {
        adjust.report("messages");
      }
      conversation.system.push(...partsOf(message, path));
      return;
    case "user":
      placeUser(conversation, message, place);
      return;
    case "tool":
      userTurn(conversation).results.push({ message, path });
      return;
    case "assistant":
      placeAssistant(conversation, message, place);
      return;
    case "function":
      adjust.refuse(
        `${path}.role`,
        "Messages of the role 'function' are not supported; use 'tool'.",
      );
      return;
    default:
      message satisfies never;
  }
}

function placeUser(conversation: Conversation, message: Role<"user">, place: Place): void {
  const turn = userTurn(conversation);
  if (turn.parts.length > 0) {
    place.adjust.report("messages");
  }
  turn.parts.push(...partsOf(message, place.path));
}

function placeAssistant(conversation: Conversation, message: AssistantInput, place: Place): void {
  if (message["function_call"] !== undefined && message["function_call"] !== null) {
    place.adjust.refuse(
      `${place.path}.function_call`,
      "'function_call' is not supported; use 'tool_calls'.",
    );
  }
  const placed = { message, parts: partsOf(message, place.path), path: place.path };
  const last = conversation.turns.at(-1);
  if (last?.role === "assistant") {
    place.adjust.report("messages");
    last.messages.push(placed);
    return;
  }
  conversation.turns.push({ role: "assistant", messages: [placed] });
}

function userTurn(conversation: Conversation): UserTurn {
  const last = conversation.turns.at(-1);
  if (last?.role === "user") {
    return last;
  }
  const turn: UserTurn = { role: "user", results: [], parts: [] };
  conversation.turns.push(turn);
  return turn;
}

/** The content of a message as parts. A cache marker on the whole message belongs to its last part. */
function partsOf(message: ChatMessage, path: string): PlacedPart[] {
  const { content } = message;
  if (content === null || content === undefined) {
    return [];
  }
  const parts: PlacedPart[] =
    typeof content === "string"
      ? [{ part: { type: "text", text: content }, path: `${path}.content` }]
      : content.map((part, at) => ({ part, path: `${path}.content[${at}]` }));
  const last = parts.at(-1);
  if (last !== undefined && message["cache_control"] !== undefined) {
    parts[parts.length - 1] = {
      ...last,
      part: { cache_control: message["cache_control"], ...last.part },
    };
  }
  return parts;
}

function matchResults(turn: AssistantTurn, next: Turn | undefined): void {
  const ids = turn.messages.flatMap(({ message }) =>
    (message.tool_calls ?? []).map(({ id }) => id),
  );
  const results = next?.role === "user" ? next.results : [];
  const missing = ids.filter((id) => !results.some(({ message }) => message.tool_call_id === id));
  if (missing.length > 0) {
    throw new ConduitError("invalid_value", {
      message: `Each tool call needs a tool message with its result right after it. Missing: ${missing.join(", ")}.`,
      param: turn.messages[0]?.path,
    });
  }
  results.sort(
    (one, other) => ids.indexOf(one.message.tool_call_id) - ids.indexOf(other.message.tool_call_id),
  );
}

function refuseStrayResults(turn: UserTurn, before: Turn | undefined): void {
  const calls = before?.role === "assistant" ? before.messages : [];
  const ids = new Set(
    calls.flatMap(({ message }) => (message.tool_calls ?? []).map(({ id }) => id)),
  );
  const stray = turn.results.find(({ message }) => !ids.has(message.tool_call_id));
  if (stray !== undefined) {
    throw new ConduitError("invalid_value", {
      message: `The tool message answers '${stray.message.tool_call_id}', which the assistant message before it does not call.`,
      param: `${stray.path}.tool_call_id`,
    });
  }
}
