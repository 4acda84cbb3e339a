import type { ChatMessage } from "#lib/contract/chat.ts";

/**
 * The messages with an instruction of the gateway's own: at the end of the client's first system
 * message when that is plain text, else in a message before all others.
 */
export function withSystemText(messages: readonly ChatMessage[], text: string): ChatMessage[] {
  const [first, ...rest] = messages;
  if (first?.role === "system" && typeof first.content === "string") {
    return [{ ...first, content: `${first.content}\n\n${text}` }, ...rest];
  }
  return [{ role: "system", content: text }, ...messages];
}
