import type { StreamBatch, StreamEvent } from "#lib/contract/answer.ts";
import type { ChatChunkChoice } from "#lib/contract/chat.ts";
import { isObject } from "./leaves.ts";

/**
 * A batch in which the probabilities of tokens repeat nothing but the text beside them. Rules read
 * texts only, so tokens of a text that stands elsewhere would leave unread.
 */
export function keepOwnLogprobs(batch: StreamBatch): StreamBatch {
  const events = batch.events.map(keepOwn);
  return events.some((event, at) => event !== batch.events[at]) ? { events } : batch;
}

function keepOwn(event: StreamEvent): StreamEvent {
  const { choices } = event.chunk;
  if (choices.every(hasOwnOnly)) {
    return event;
  }
  const { text: _, ...rest } = event;
  const kept = choices.map((choice) =>
    hasOwnOnly(choice) ? choice : { ...choice, logprobs: null },
  );
  return { ...rest, chunk: { ...event.chunk, choices: kept } };
}

/** Whether the tokens of each text are those of the delta's text of that name. */
function hasOwnOnly({ logprobs, delta }: ChatChunkChoice): boolean {
  if (logprobs === null || logprobs === undefined) {
    return true;
  }
  const texts: Record<string, unknown> = { ...delta };
  return (
    isObject(logprobs) &&
    Object.entries(logprobs).every(([name, tokens]) => {
      const text = texts[name];
      return tokens === null || bare(typeof text === "string" ? text : "") === bare(joined(tokens));
    })
  );
}

/** The text of tokens; of anything else, what no text is. */
function joined(tokens: unknown): string {
  return Array.isArray(tokens)
    ? tokens.map((one: unknown) => (isObject(one) ? String(one["token"]) : "\0")).join("")
    : "\0";
}

/** Vocabularies have signs of their own for white space. */
function bare(text: string): string {
  return text.replace(/[\s\u2581\u0120]/g, "");
}
