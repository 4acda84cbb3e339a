/** What every contestant is asked, word for word the same. */
export const MODEL = "bench-model";

/** Content chunks of a streamed answer. */
export const CHUNKS = 50;

/** Events of a whole stream: the chunks, usage, and `[DONE]`. */
export const EVENTS = CHUNKS + 2;

const messages = [
  {
    role: "system",
    content:
      "You are the assistant of a support desk. Answer in the language of the question, in at most " +
      "two paragraphs, name the setting that is meant, and say when you do not know.",
  },
  {
    role: "user",
    content:
      "Since yesterday our batch job stops after about an hour with the message that its token has " +
      "expired, although the same job ran through the whole of last week. Nothing was deployed in " +
      "between. Where would you look first, and what should we measure before we change anything?",
  },
];

export function requestBody({ stream }: { stream: boolean }): string {
  return JSON.stringify({
    model: MODEL,
    messages,
    temperature: 0.2,
    max_tokens: 400,
    stream,
    ...(stream ? { stream_options: { include_usage: true } } : {}),
  });
}
