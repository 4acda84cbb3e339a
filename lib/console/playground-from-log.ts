import { z } from "zod";
import {
  NO_PARAMETERS,
  type PlaygroundContent,
  type PlaygroundParameters,
  type PlaygroundTurn,
} from "#lib/contract/playground.ts";
import type { Actor } from "./actor.ts";
import { showPayload } from "./payloads.ts";

/** A playground made of a logged request, or why there is none. */
export type FromLog =
  | { state: "opened"; content: PlaygroundContent; leftOut: string[] }
  | { state: "unavailable"; reason: string };

const textParts = z.array(z.looseObject({ type: z.string(), text: z.string().optional() }));

/** Only what the playground can show; whatever else a request holds is told as left out. */
const loggedChat = z.looseObject({
  model: z.string().max(256),
  messages: z.array(
    z.looseObject({
      role: z.string(),
      content: z.union([z.string(), textParts]).nullish(),
      tool_calls: z.array(z.unknown()).nullish(),
    }),
  ),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  max_tokens: z.int().min(1).max(2_000_000).nullish(),
  max_completion_tokens: z.int().min(1).max(2_000_000).nullish(),
  seed: z.int().nullish(),
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  tools: z.array(z.unknown()).nullish(),
  response_format: z
    .looseObject({ type: z.string(), json_schema: z.unknown().optional() })
    .nullish(),
});
type LoggedChat = z.infer<typeof loggedChat>;

/** Opens a logged chat in the playground. Throws 404 for a request outside the actor's reach. */
export async function showPlaygroundOfLog(actor: Actor, requestId: string): Promise<FromLog> {
  const payload = await showPayload(actor, requestId);
  if (payload.state !== "stored") {
    return { state: "unavailable", reason: "What this request asked is not stored." };
  }
  if (payload.request.truncated) {
    return { state: "unavailable", reason: "Only the beginning of this request is stored." };
  }
  const chat = readChat(payload.request.text);
  return chat === undefined
    ? { state: "unavailable", reason: "This request is no chat that the playground can show." }
    : openChat(chat);
}

function readChat(text: string): LoggedChat | undefined {
  try {
    return loggedChat.safeParse(JSON.parse(text)).data;
  } catch {
    // What was sent was no JSON, and was refused for it.
    return undefined;
  }
}

function openChat(chat: LoggedChat): FromLog {
  const leftOut = new Set<string>();
  const system: string[] = [];
  const turns: PlaygroundTurn[] = [];
  for (const message of chat.messages) {
    const { role } = message;
    const content = textOf(message, leftOut);
    if (role === "system" || role === "developer") {
      system.push(content);
    } else if (role === "user" || role === "assistant") {
      turns.push({ role, content });
    } else {
      leftOut.add(`messages of role ${role}`);
    }
  }
  const panel = { model: chat.model, system: null, parameters: parametersOf(chat), turns };
  return {
    state: "opened",
    content: { version: 1, system: system.join("\n\n"), panels: [panel] },
    leftOut: [...leftOut],
  };
}

function textOf(message: LoggedChat["messages"][number], leftOut: Set<string>): string {
  if ((message.tool_calls?.length ?? 0) > 0) {
    leftOut.add("tool calls");
  }
  const { content } = message;
  if (typeof content === "string" || content == null) {
    return content ?? "";
  }
  for (const { type } of content.filter((part) => part.text === undefined)) {
    leftOut.add(type.replaceAll("_", " "));
  }
  return content.map((part) => part.text ?? "").join("");
}

function parametersOf(chat: LoggedChat): PlaygroundParameters {
  const format = chat.response_format;
  const stop = chat.stop ?? [];
  return {
    ...NO_PARAMETERS,
    temperature: chat.temperature ?? null,
    top_p: chat.top_p ?? null,
    max_tokens: chat.max_completion_tokens ?? chat.max_tokens ?? null,
    seed: chat.seed ?? null,
    stop: typeof stop === "string" ? [stop] : stop.slice(0, 4),
    response_format:
      format?.type === "json_object" || format?.type === "json_schema" ? format.type : "text",
    schema:
      format?.json_schema === undefined ? "" : JSON.stringify(format.json_schema, undefined, 2),
    tools: (chat.tools?.length ?? 0) === 0 ? "" : JSON.stringify(chat.tools, undefined, 2),
  };
}
