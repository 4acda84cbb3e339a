import type { StoredContent } from "./stored-answer.ts";

interface Said {
  content?: string | null;
  refusal?: string | null;
  tool_calls?: readonly unknown[] | null;
  function_call?: unknown;
  audio?: unknown;
}

interface Choice {
  index?: number;
  message?: Said;
  delta?: Said;
  finish_reason?: string | null;
}

/**
 * Whether an answer may be given to a question of the same meaning: plain text that came to its own
 * end. A refusal, a call of a tool, and what was cut for its length belong to the one question.
 */
export function isGeneral(content: StoredContent): boolean {
  const choices = choicesOf(content);
  const reasons = choices.flatMap(({ finish_reason: reason }) => reason ?? []);
  return (
    reasons.length > 0 &&
    reasons.every((reason) => reason === "stop") &&
    choices.every(({ message, delta }) => isPlain(message ?? delta ?? {}))
  );
}

function isPlain({ tool_calls: calls, function_call: call, refusal, audio }: Said): boolean {
  return (calls?.length ?? 0) === 0 && call == null && audio == null && !refusal;
}

/** What the answer says, its first choice alone. */
export function textOfAnswer(content: StoredContent): string {
  return choicesOf(content)
    .filter(({ index }) => (index ?? 0) === 0)
    .map(({ message, delta }) => (message ?? delta)?.content ?? "")
    .join("");
}

function choicesOf(content: StoredContent): Choice[] {
  const texts = content.kind === "whole" ? [content.text] : content.events.map(({ text }) => text);
  // Only a chat's own JSON was kept.
  return texts.flatMap((text) => (JSON.parse(text) as { choices?: Choice[] }).choices ?? []);
}
