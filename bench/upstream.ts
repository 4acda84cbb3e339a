import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { CHUNKS, MODEL } from "./workload.ts";

/**
 * The model that everybody in a benchmark asks: an OpenAI-compatible server that answers at once,
 * a process of its own. Whole answers are about 1 kB; a stream is 50 content chunks, one per turn of
 * the event loop as a model would emit them, then usage and `[DONE]`. `burst` writes a stream at once.
 */
const WORDS = "The gateway reads the answer as it comes and counts what it costs".split(" ");
const isBurst = process.argv.includes("burst");

const usage = { prompt_tokens: 118, completion_tokens: 150, total_tokens: 268 };
const shared = {
  id: "chatcmpl-Bq3nVtEJ0bH8yY1kR5sW7uXz",
  created: 1_790_000_000,
  model: MODEL,
  system_fingerprint: "fp_4f8c21ab09",
};

const whole = Buffer.from(
  JSON.stringify({
    ...shared,
    object: "chat.completion",
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: `${WORDS.join(" ")}. `.repeat(10), refusal: null },
        logprobs: null,
        finish_reason: "stop",
      },
    ],
    usage,
    service_tier: "default",
  }),
);

function eventOf(choices: unknown[], rest: object = {}): string {
  const chunk = { ...shared, object: "chat.completion.chunk", choices, ...rest };
  return `data: ${JSON.stringify(chunk)}\n\n`;
}

function eventAt(at: number): string {
  const delta =
    at === 0
      ? { role: "assistant", content: "", refusal: null }
      : { content: ` ${WORDS[at % WORDS.length]}` };
  const isLast = at === CHUNKS - 1;
  return eventOf([
    { index: 0, delta: isLast ? {} : delta, logprobs: null, finish_reason: isLast ? "stop" : null },
  ]);
}

const events = [
  ...Array.from({ length: CHUNKS }, (_, at) => eventAt(at)),
  `${eventOf([], { usage })}data: [DONE]\n\n`,
].map((text) => Buffer.from(text));

const server = createServer({ keepAliveTimeout: 600_000, noDelay: true }, (request, response) => {
  let body = "";
  request.setEncoding("utf8");
  request.on("data", (part: string) => {
    body += part;
  });
  request.on("end", () => answer(body, request, response));
});

function answer(body: string, request: IncomingMessage, response: ServerResponse): void {
  if (request.method !== "POST" || !request.url?.endsWith("/chat/completions")) {
    response.writeHead(404).end();
    return;
  }
  if (!/"stream":\s*true/.test(body)) {
    response.writeHead(200, {
      "content-type": "application/json",
      "content-length": whole.length,
    });
    response.end(whole);
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
  stream(response);
}

function stream(response: ServerResponse): void {
  if (isBurst) {
    response.end(Buffer.concat(events));
    return;
  }
  let at = 0;
  const emit = (): void => {
    const event = events[at];
    at += 1;
    if (event === undefined || response.destroyed) {
      response.end();
      return;
    }
    response.write(event);
    setImmediate(emit);
  };
  emit();
}

server.listen(0, "127.0.0.1", () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
process.on("disconnect", () => process.exit(0));
