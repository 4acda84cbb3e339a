import { Agent, type IncomingMessage, request } from "node:http";
import type { FakeHandler } from "#lib/testing/fake-upstream.ts";
import { chatReply, chatStreamEvents, EVENT_STREAM } from "#lib/testing/openai-replies.ts";

/** An upstream whose streams begin and then wait for the test. */
export interface HeldUpstream {
  handler: FakeHandler;
  /** Lets the streams end whose request says `release: true` in its metadata. */
  release: () => void;
}

/**
 * Whole questions are answered at once. Streams send their first text and wait: those of which the
 * body says `"hold":"short"` until `release`, the others for ever.
 */
export function holdStreams(): HeldUpstream {
  const gate = Promise.withResolvers<void>();
  return {
    release: gate.resolve,
    handler: (asked) => {
      const body = asked.json() as { stream?: boolean; user?: string };
      if (body.stream !== true) {
        return chatReply("all is well");
      }
      const events = chatStreamEvents(["first", "last"]);
      const begin = events.slice(0, 2);
      const rest = events.slice(2);
      return body.user === "short"
        ? { headers: EVENT_STREAM, steps: [...begin, { until: gate.promise }, ...rest] }
        : { headers: EVENT_STREAM, steps: [...begin, { hang: true }] };
    },
  };
}

/** One stream that somebody reads and nobody ends. */
export interface IdleStream {
  status: number;
  text: () => string;
  headers: IncomingMessage["headers"];
  /** Resolves when the other side has ended it, or broken it. */
  ended: Promise<void>;
  /** Hangs up. */
  destroy: () => void;
}

const agent = new Agent({ keepAlive: false, maxSockets: Number.POSITIVE_INFINITY });

/**
 * Opens a stream on a connection of its own and resolves with its first bytes; with a whole answer
 * when it is refused. Rejects when the connection breaks before that.
 */
export function openStream(options: {
  url: string;
  key: string;
  model: string;
  fields?: Record<string, unknown>;
}): Promise<IdleStream> {
  const body = JSON.stringify({
    model: options.model,
    stream: true,
    messages: [{ role: "user", content: "Is everything well?" }],
    ...options.fields,
  });
  return new Promise((resolve, reject) => {
    const sent = request(`${options.url}/v1/chat/completions`, {
      method: "POST",
      agent,
      headers: {
        authorization: `Bearer ${options.key}`,
        "content-type": "application/json",
        "content-length": Buffer.byteLength(body),
      },
    });
    sent.once("error", reject);
    sent.once("response", (reply) => {
      let text = "";
      const ended = new Promise<void>((done) => {
        reply.once("close", done);
      });
      const stream: IdleStream = {
        status: reply.statusCode ?? 0,
        headers: reply.headers,
        text: () => text,
        ended,
        destroy: () => sent.destroy(),
      };
      reply.setEncoding("utf8").on("data", (part: string) => {
        text += part;
        resolve(stream);
      });
      reply.on("error", () => undefined);
      reply.once("end", () => resolve(stream));
    });
    sent.end(body);
  });
}
