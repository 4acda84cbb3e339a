import { SseReader } from "#lib/sse.ts";
import { withBasePath } from "../../_ui/base-path.ts";
import { deltaOf, problemIn } from "./chat-chunk.ts";
import type { Run } from "./playground-state.ts";

export interface ChatCall {
  token: string;
  body: Record<string, unknown>;
  signal: AbortSignal;
  /** Called with each piece of the answer, and with what is known of the run so far. */
  onPiece: (text: string, run: Partial<Run>) => void;
}

/**
 * One streamed answer, from the browser to the gateway. Never throws: however it ends, the last
 * call of `onPiece` says so. Gives the status of the answer, or null when none came.
 */
export async function runChat(call: ChatCall): Promise<number | null> {
  const startedAt = performance.now();
  const since = () => performance.now() - startedAt;
  try {
    const reply = await fetch(withBasePath("/v1/chat/completions"), {
      method: "POST",
      headers: {
        authorization: `Bearer ${call.token}`,
        "content-type": "application/json",
        "x-conduit-extensions": "1",
      },
      body: JSON.stringify({
        ...call.body,
        stream: true,
        stream_options: { include_usage: true },
      }),
      credentials: "omit",
      signal: call.signal,
    });
    call.onPiece("", factsOf(reply.headers));
    if (!reply.ok || reply.body === null) {
      await tellRefusal(call, reply, since());
    } else {
      await readAnswer(call, reply.body, since);
    }
    return reply.status;
  } catch {
    call.onPiece("", call.signal.aborted ? stopped(since()) : unreachable(since()));
    return null;
  }
}

function factsOf(headers: Headers): Partial<Run> {
  return {
    requestId: headers.get("x-conduit-request-id"),
    deployment: headers.get("x-conduit-deployment"),
    attempts: Number(headers.get("x-conduit-attempts") ?? 1),
    cache: headers.get("x-conduit-cache"),
  };
}

async function tellRefusal(call: ChatCall, reply: Response, totalMs: number): Promise<void> {
  const body: unknown = await reply.json().catch(() => undefined);
  const { code, message } = problemIn(body) ?? {
    code: null,
    message: "The gateway gave no reason.",
  };
  call.onPiece("", {
    state: "failed",
    totalMs,
    problem: { status: reply.status, code, message },
  });
}

async function readAnswer(
  call: ChatCall,
  body: ReadableStream<Uint8Array>,
  since: () => number,
): Promise<void> {
  let hasBegun = false;
  for await (const data of eventsOf(body)) {
    const { text, run, problem } = deltaOf(data);
    if (problem !== null) {
      const totalMs = since();
      call.onPiece("", { state: "failed", totalMs, problem: { status: null, ...problem } });
      return;
    }
    const isFirst: boolean = !hasBegun && text !== "";
    hasBegun ||= isFirst;
    call.onPiece(text, isFirst ? { ...run, ttftMs: since() } : run);
  }
  call.onPiece("", { state: "done", totalMs: since() });
}

/** The data of the events of a stream. Not every browser can loop over a stream itself. */
async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const sse = new SseReader();
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    const block = done ? sse.flush() : sse.push(value);
    for (const { data } of block?.events ?? []) {
      yield data;
    }
    if (done) {
      return;
    }
  }
}

function stopped(totalMs: number): Partial<Run> {
  return { state: "stopped", totalMs };
}

function unreachable(totalMs: number): Partial<Run> {
  return {
    state: "failed",
    totalMs,
    problem: { status: null, code: null, message: "The connection to the gateway broke." },
  };
}
