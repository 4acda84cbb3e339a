import { setTimeout as sleep } from "node:timers/promises";
import type { Gateway } from "#lib/testing/gateway.ts";

export interface LoadOptions {
  gateway: Gateway;
  key: string;
  model: string;
  workers: number;
}

interface Counts {
  /** Ids of the requests whose answers arrived complete, in the order of their ends. */
  answered: string[];
  /** Ids of those whose headers arrived and whose body broke off. */
  broken: string[];
  /** Answers with an error, in full: under this load there must be none. */
  refused: string[];
}

export interface Load extends Counts {
  /** Resolves when every worker has met a dead server, or an answer that is none. */
  ended: Promise<void>;
  /** Resolves when that many requests were answered; throws when the workers end before that. */
  whenAnswered: (count: number) => Promise<void>;
}

/** Workers that ask one request after the other, whole and streamed in turn, until nobody answers. */
export function startLoad(options: LoadOptions): Load {
  const counts = { answered: [], broken: [], refused: [] };
  const workers = Array.from({ length: options.workers }, (_, at) => work(options, counts, at));
  const ended = Promise.all(workers).then(() => undefined);
  return { ...counts, ended, whenAnswered: (count) => reach(counts, ended, count) };
}

async function reach(counts: Counts, ended: Promise<void>, count: number): Promise<void> {
  let over = false;
  void ended.then(() => {
    over = true;
  });
  while (counts.answered.length < count) {
    if (over) {
      throw new Error(`The load ended too early:\n${counts.refused.join("\n")}`);
    }
    await sleep(2);
  }
}

async function work(options: LoadOptions, load: Counts, at: number): Promise<void> {
  for (let turn = at; ; turn += 1) {
    let id: string | null = null;
    try {
      const reply = await ask(options, turn % 2 === 0);
      id = reply.headers.get("x-request-id");
      const text = await reply.text();
      if (reply.status !== 200 || id === null) {
        load.refused.push(`${reply.status}: ${text}`);
        return;
      }
      (isComplete(text) ? load.answered : load.broken).push(id);
    } catch {
      // Refused, reset, or cut: the server is gone, and what had begun is no answer.
      if (id !== null) {
        load.broken.push(id);
      }
      return;
    }
  }
}

function ask(options: LoadOptions, stream: boolean): Promise<Response> {
  return fetch(`${options.gateway.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${options.key}`, "content-type": "application/json" },
    body: JSON.stringify({
      model: options.model,
      messages: [{ role: "user", content: "Are you still there?" }],
      stream,
    }),
  });
}

/** A whole answer ends where its length says; a streamed one in `[DONE]`. */
function isComplete(text: string): boolean {
  return text.startsWith("{") || text.includes("data: [DONE]");
}
