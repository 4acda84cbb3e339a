import { findPersonOfSession } from "#lib/auth/session.ts";
import type { LogFilter } from "#lib/contract/log-filter.ts";
import { ConduitError } from "#lib/errors.ts";
import { singleton } from "#lib/singleton.ts";
import { stopping } from "#lib/stopping.ts";
import type { Actor } from "./actor.ts";
import { followLogs, showEndedSince, type TailRow } from "./log-tail.ts";

const HEARTBEAT_MS = 15_000;
const RECHECK_MS = 60_000;
/** A reader that is this many events behind is cut off; it comes back and asks for what it missed. */
const MAX_BEHIND = 2000;
/** Ends are told in the order in which they are found: what ended just before may still come. */
const RESUME_OVERLAP_MS = 10_000;
/** The ids that this stream has sent, so that what overlaps is sent once. */
const MAX_REMEMBERED = 5000;

/** Tabs of one person that follow at a time, in each process. */
const MAX_STREAMS = 8;

const HEADERS = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-cache, no-transform",
  "x-accel-buffering": "no",
};

export interface LogStreamQuery {
  filter: LogFilter;
  /** Where the reader left off: what has ended since comes first. */
  sinceMs: number | undefined;
  signal: AbortSignal;
  /** How often the reader's session is looked at again. */
  recheckMs?: number;
}

/**
 * Requests of a filter as they end, as server-sent events: `data` is a row's metadata, `id` the
 * place to resume from. It ends when the reader leaves, when the session is over or means another
 * reach (event `session`), and when the process ends. Throws `rate_limit_exceeded` (429) for a
 * person who follows in too many tabs already.
 */
export function streamLogs(actor: Actor, query: LogStreamQuery): Response {
  const stream = new LogStream(actor, query, takePlace(actor));
  const body = new ReadableStream<Uint8Array>(
    { start: (controller) => stream.start(controller), cancel: () => stream.close() },
    new CountQueuingStrategy({ highWaterMark: 16 }),
  );
  return new Response(body, { headers: HEADERS });
}

/** Takes one of a person's places; the returned function gives it back. */
function takePlace({ principal }: Actor): () => void {
  if (principal.kind !== "user") {
    return () => undefined;
  }
  const places = singleton("console.log-streams", () => new Map<string, number>());
  const taken = places.get(principal.id) ?? 0;
  if (taken >= MAX_STREAMS) {
    throw new ConduitError("rate_limit_exceeded", {
      message: `You follow the log in ${MAX_STREAMS} places already. Close one of them first.`,
    });
  }
  places.set(principal.id, taken + 1);
  return () => {
    const left = (places.get(principal.id) ?? 1) - 1;
    if (left > 0) {
      places.set(principal.id, left);
    } else {
      places.delete(principal.id);
    }
  };
}

class LogStream {
  readonly #actor: Actor;
  readonly #query: LogStreamQuery;
  readonly #encoder = new TextEncoder();
  readonly #sent = new Set<string>();
  readonly #ends: (() => void)[] = [];
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;

  constructor(actor: Actor, query: LogStreamQuery, leave: () => void) {
    this.#actor = actor;
    this.#query = query;
    this.#ends.push(leave);
  }

  async start(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    try {
      await this.#open(controller);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  async #open(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    this.#controller = controller;
    const { filter, sinceMs, signal, recheckMs = RECHECK_MS } = this.#query;
    this.#closeOn(signal);
    this.#closeOn(stopping());
    this.#every(HEARTBEAT_MS, () => this.#write(": beat\n\n"));
    this.#every(recheckMs, () => void this.#recheck());
    this.#write("retry: 2000\n\n");
    const leave = await followLogs(this.#actor, {
      filter,
      deliver: (rows) => this.#send(rows),
    });
    if (this.#controller === undefined) {
      leave();
      return;
    }
    this.#ends.push(leave);
    if (sinceMs !== undefined) {
      const from = sinceMs - RESUME_OVERLAP_MS;
      this.#send(await showEndedSince(this.#actor, { filter, sinceMs: from }));
    }
  }

  close(): void {
    const controller = this.#controller;
    this.#controller = undefined;
    for (const end of this.#ends.splice(0)) {
      end();
    }
    try {
      controller?.close();
    } catch {
      // The reader has closed it before.
    }
  }

  #closeOn(signal: AbortSignal): void {
    if (signal.aborted) {
      this.close();
      return;
    }
    const close = () => this.close();
    signal.addEventListener("abort", close, { once: true });
    this.#ends.push(() => signal.removeEventListener("abort", close));
  }

  #every(ms: number, work: () => void): void {
    if (this.#controller === undefined) {
      return;
    }
    const timer = setInterval(work, ms);
    timer.unref();
    this.#ends.push(() => clearInterval(timer));
  }

  #write(text: string): void {
    if (this.#controller === undefined) {
      return;
    }
    this.#controller.enqueue(this.#encoder.encode(text));
    if ((this.#controller.desiredSize ?? 0) < -MAX_BEHIND) {
      this.close();
    }
  }

  #send(rows: readonly TailRow[]): void {
    for (const { log, endedAtMs } of rows) {
      if (!this.#sent.has(log.id)) {
        this.#remember(log.id);
        this.#write(`id: ${Math.floor(endedAtMs)}\ndata: ${JSON.stringify(log)}\n\n`);
      }
    }
  }

  #remember(id: string): void {
    this.#sent.add(id);
    if (this.#sent.size > MAX_REMEMBERED) {
      const [oldest] = this.#sent;
      this.#sent.delete(oldest ?? "");
    }
  }

  /** A session that has ended, or whose person may see something else now, ends the stream. */
  async #recheck(): Promise<void> {
    const { principal } = this.#actor;
    if (principal.kind !== "user") {
      return;
    }
    const now = await findPersonOfSession(principal.sessionId).catch(() => principal);
    const isSame =
      now?.isAdmin === principal.isAdmin &&
      JSON.stringify(now.teams) === JSON.stringify(principal.teams);
    if (!isSame) {
      this.#write(`event: session\ndata: ${now === undefined ? "over" : "changed"}\n\n`);
      this.close();
    }
  }
}
