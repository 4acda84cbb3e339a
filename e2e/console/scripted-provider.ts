import type { FakeRequest, Reply, Step } from "#lib/testing/fake-upstream.ts";
import { chatReply } from "#lib/testing/openai-replies.ts";

/** Model names of the scripted provider; each says how it answers. */
export const SCRIPTED = ["ok", "slow", "cut", "limited", "broken", "bad-key", "markup"] as const;
export type ScriptedModel = (typeof SCRIPTED)[number];

/** An answer that would run, load and navigate if anything treated it as markup. */
const MARKUP =
  '<script>window.__ran = true</script><img src="https://evil.example/x.png" onerror="window.__ran = true"> **bold** [link](https://evil.example/)';

const ANSWER = "The scripted provider answers in one sentence.";

/** Answers by the name of the model that is asked for, whole or streamed. */
export function answerByModel(request: FakeRequest): Reply {
  if (request.path.endsWith("/models")) {
    return { json: { object: "list", data: SCRIPTED.map((id) => ({ id, object: "model" })) } };
  }
  const body = request.json() as { model?: string; stream?: boolean };
  const streamed = body.stream === true;
  switch (body.model as ScriptedModel) {
    case "limited":
      return refusal(429, "Rate limit reached for requests", "rate_limit_exceeded");
    case "broken":
      return refusal(500, "The server had an error while processing your request", null);
    case "bad-key":
      return refusal(401, "Incorrect API key provided", "invalid_api_key");
    case "cut":
      return { ...stream(ANSWER, 0, { isCut: true }) };
    case "slow":
      return streamed
        ? stream(Array(6).fill(ANSWER).join(" "), 150)
        : { ...chatReply(ANSWER), delayMs: 1500 };
    case "markup":
      return streamed ? stream(MARKUP, 0) : chatReply(MARKUP);
    default:
      return streamed ? stream(ANSWER, 5) : chatReply(ANSWER);
  }
}

function refusal(status: number, message: string, code: string | null): Reply {
  return { status, json: { error: { message, type: "invalid_request_error", param: null, code } } };
}

/** A text word by word as server-sent events; a cut one ends in the middle by a TCP reset. */
function stream(text: string, waitMs: number, { isCut = false } = {}): Reply {
  const words = text.split(/(?<= )/);
  const event = (body: object): string => `data: ${JSON.stringify(body)}\n\n`;
  const chunk = (delta: object, finish: string | null = null) =>
    event({
      id: "chatcmpl-scripted",
      object: "chat.completion.chunk",
      created: 1_790_000_000,
      model: "scripted",
      choices: [{ index: 0, delta, finish_reason: finish }],
    });
  const steps: Step[] = [chunk({ role: "assistant", content: "" })];
  for (const word of isCut ? words.slice(0, 3) : words) {
    steps.push({ waitMs }, chunk({ content: word }));
  }
  const usage = {
    prompt_tokens: 12,
    completion_tokens: words.length,
    total_tokens: 12 + words.length,
  };
  steps.push(
    ...(isCut
      ? [{ reset: true as const }]
      : [
          chunk({}, "stop"),
          event({ id: "chatcmpl-scripted", object: "chat.completion.chunk", choices: [], usage }),
          "data: [DONE]\n\n",
        ]),
  );
  return { headers: { "content-type": "text/event-stream" }, steps };
}
