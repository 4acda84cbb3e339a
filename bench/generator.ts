import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "undici";
import { EVENTS, requestBody } from "./workload.ts";

/** One measurement, as the conductor orders it. */
export interface LoadOrder {
  url: string;
  path: string;
  headers: Record<string, string>;
  stream: boolean;
  connections: number;
  /** Load that is not counted, so that connections and compilers are warm. */
  warmUpMs: number;
  /** Ends after this time … */
  durationMs?: number;
  /** … or after this many answers. */
  requests?: number;
  /** Tells of every so many counted answers. */
  progressEvery?: number;
}

export interface LoadResult {
  /** Complete, correct answers. */
  answers: number;
  seconds: number;
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  failures: number;
  /** The first failure's text. */
  failure: string | null;
  /** Answers since the start, warm-up and those after the end included. */
  answersInAll: number;
}

/** What the generator tells the conductor; between `begin` and `end` answers are counted. */
export type GeneratorMessage =
  | { kind: "begin" }
  | { kind: "progress"; answers: number }
  | { kind: "end" }
  | { kind: "result"; result: LoadResult };

const BLANK_LINE = Buffer.from("\n\n");
const NEWLINE = 10;

/**
 * Counts the events of one stream by the blank lines that end them, also when a blank line is cut in
 * two by the network.
 */
class EventCounter {
  count = 0;
  #endsInNewline = false;

  add(bytes: Buffer): void {
    if (this.#endsInNewline && bytes[0] === NEWLINE) {
      this.count += 1;
    }
    let at = bytes.indexOf(BLANK_LINE);
    while (at !== -1) {
      this.count += 1;
      at = bytes.indexOf(BLANK_LINE, at + 2);
    }
    this.#endsInNewline =
      bytes[bytes.length - 1] === NEWLINE && bytes[bytes.length - 2] !== NEWLINE;
  }
}

interface Tally {
  latenciesMs: number[];
  failures: number;
  failure: string | null;
}

/** Sends one request and reads its answer to the last byte. */
function ask(client: Client, order: LoadOrder, body: string, tally: Tally): Promise<void> {
  const startedMs = performance.now();
  const events = new EventCounter();
  let status = 0;
  let bytes = 0;
  return new Promise((resolve) => {
    const finish = (failure: string | null): void => {
      if (failure === null) {
        tally.latenciesMs.push(performance.now() - startedMs);
      } else {
        tally.failures += 1;
        tally.failure ??= failure;
      }
      resolve();
    };
    client.dispatch(
      { method: "POST", path: order.path, headers: order.headers, body },
      {
        onRequestStart: () => undefined,
        onResponseStart: (_controller, statusCode) => {
          status = statusCode;
        },
        onResponseData: (_controller, chunk) => {
          bytes += chunk.length;
          if (order.stream) {
            events.add(chunk);
          }
        },
        onResponseEnd: () => finish(faultOf({ order, status, bytes, events: events.count })),
        onResponseError: (_controller, error) => finish(String(error)),
      },
    );
  });
}

function faultOf(seen: {
  order: LoadOrder;
  status: number;
  bytes: number;
  events: number;
}): string | null {
  if (seen.status !== 200) {
    return `status ${seen.status}`;
  }
  if (seen.order.stream) {
    return seen.events === EVENTS ? null : `${seen.events} events instead of ${EVENTS}`;
  }
  return seen.bytes > 500 ? null : `${seen.bytes} bytes`;
}

function newTally(): Tally {
  return { latenciesMs: [], failures: 0, failure: null };
}

async function run(order: LoadOrder): Promise<void> {
  const body = requestBody({ stream: order.stream });
  const warmUp = newTally();
  const counted = newTally();
  const late = newTally();
  let tally = warmUp;
  let enough = Number.POSITIVE_INFINITY;
  const clients = Array.from(
    { length: order.connections },
    () => new Client(order.url, { pipelining: 1 }),
  );
  const work = clients.map(async (client) => {
    while (tally !== late && tally.latenciesMs.length + tally.failures < enough) {
      const current = tally;
      await ask(client, order, body, current);
      report(current, order.progressEvery);
    }
    await client.close();
  });
  await sleep(order.warmUpMs);
  tally = counted;
  enough = order.requests ?? Number.POSITIVE_INFINITY;
  tell({ kind: "begin" });
  const startedMs = performance.now();
  await (order.durationMs === undefined ? Promise.all(work) : sleep(order.durationMs));
  const seconds = (performance.now() - startedMs) / 1000;
  tell({ kind: "end" });
  tally = late;
  await Promise.all(work);
  const answersInAll = [warmUp, counted, late].reduce(
    (sum, { latenciesMs }) => sum + latenciesMs.length,
    0,
  );
  tell({ kind: "result", result: { ...summarise(counted, seconds), answersInAll } });
}

function report({ latenciesMs }: Tally, every = Number.POSITIVE_INFINITY): void {
  if (latenciesMs.length > 0 && latenciesMs.length % every === 0) {
    tell({ kind: "progress", answers: latenciesMs.length });
  }
}

function summarise(tally: Tally, seconds: number): Omit<LoadResult, "answersInAll"> {
  const sorted = Float64Array.from(tally.latenciesMs).sort();
  return {
    answers: sorted.length,
    seconds,
    perSecond: sorted.length / seconds,
    p50Ms: sorted[Math.floor(sorted.length * 0.5)] ?? Number.NaN,
    p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN,
    failures: tally.failures,
    failure: tally.failure,
  };
}

function tell(message: GeneratorMessage): void {
  process.send?.(message);
}

process.once("message", (order) => {
  // Only the conductor sends messages, and it sends orders.
  void run(order as LoadOrder).then(() => process.disconnect());
});
