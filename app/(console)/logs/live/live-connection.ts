import type { RequestLogInfo } from "#lib/contract/request-log.ts";
import { withBasePath } from "../../../_ui/base-path.ts";

/** `polling` asks every few seconds where no stream comes through; `over`: nobody is signed in. */
export type LiveState = "off" | "connecting" | "live" | "polling" | "hidden" | "over";

export interface LiveListener {
  onRows: (rows: RequestLogInfo[]) => void;
  onState: (state: LiveState) => void;
}

const HIDDEN_MS = 30_000;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;
const POLL_MS = 5000;
/** So many streams in a row that never began: something between does not let them through. */
const MAX_FAILURES = 3;

/**
 * Requests as they end: a stream where one comes through, else the same question every few seconds.
 * It comes back by itself and asks for what it missed, and lets go while nobody looks.
 */
export class LiveConnection {
  readonly #query: string;
  readonly #listener: LiveListener;
  #source: EventSource | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #hideTimer: ReturnType<typeof setTimeout> | undefined;
  #sinceMs: number;
  #failures = 0;
  #isStopped = false;

  constructor(query: string, sinceMs: number, listener: LiveListener) {
    this.#query = query;
    this.#sinceMs = sinceMs;
    this.#listener = listener;
  }

  start(): void {
    document.addEventListener("visibilitychange", this.#onVisibility);
    this.#connect();
  }

  stop(): void {
    this.#isStopped = true;
    document.removeEventListener("visibilitychange", this.#onVisibility);
    clearTimeout(this.#hideTimer);
    this.#letGo();
  }

  readonly #onVisibility = (): void => {
    clearTimeout(this.#hideTimer);
    if (document.visibilityState === "hidden") {
      this.#hideTimer = setTimeout(() => {
        this.#letGo();
        this.#listener.onState("hidden");
      }, HIDDEN_MS);
    } else if (this.#source === undefined && this.#timer === undefined) {
      this.#connect();
    }
  };

  #letGo(): void {
    this.#source?.close();
    this.#source = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #path(name: "stream" | "recent"): string {
    const query = new URLSearchParams(this.#query);
    query.set("since", String(this.#sinceMs));
    return withBasePath(`/api/console/logs/${name}?${query}`);
  }

  #connect(): void {
    this.#letGo();
    this.#listener.onState(this.#failures >= MAX_FAILURES ? "polling" : "connecting");
    const source = new EventSource(this.#path("stream"));
    this.#source = source;
    source.onopen = () => {
      this.#failures = 0;
      this.#listener.onState("live");
    };
    source.onmessage = ({ data, lastEventId }: MessageEvent<string>) => {
      this.#sinceMs = Math.max(this.#sinceMs, Number(lastEventId) || 0);
      // Our own endpoint writes nothing else.
      this.#listener.onRows([JSON.parse(data) as RequestLogInfo]);
    };
    source.addEventListener("session", ({ data }: MessageEvent<string>) => {
      this.#letGo();
      if (data === "over") {
        this.#listener.onState("over");
      } else {
        this.#retry();
      }
    });
    source.onerror = () => {
      this.#letGo();
      this.#failures += 1;
      this.#retry();
    };
  }

  #retry(): void {
    if (this.#isStopped) {
      return;
    }
    if (this.#failures >= MAX_FAILURES) {
      void this.#poll();
      return;
    }
    this.#listener.onState("connecting");
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#failures);
    this.#timer = setTimeout(() => this.#connect(), FIRST_WAIT_MS / 2 + Math.random() * longest);
  }

  async #poll(): Promise<void> {
    this.#listener.onState("polling");
    const askedAt = Date.now();
    try {
      const reply = await fetch(this.#path("recent"), { cache: "no-store" });
      if (reply.status === 401) {
        this.#listener.onState("over");
        return;
      }
      if (reply.ok) {
        // Our own endpoint answers nothing else with this status.
        const { rows } = (await reply.json()) as {
          rows: { log: RequestLogInfo; endedAtMs: number }[];
        };
        this.#sinceMs = Math.max(this.#sinceMs, ...rows.map(({ endedAtMs }) => endedAtMs));
        this.#listener.onRows(rows.map(({ log }) => log));
      }
    } catch {
      // The server is away: the next question may find it again.
    }
    if (!this.#isStopped) {
      // Now and then a stream is tried again, for what was between may be gone.
      this.#failures += 1;
      const again = this.#failures % 6 === 0 ? () => this.#connect() : () => void this.#poll();
      this.#timer = setTimeout(again, Math.max(0, POLL_MS - (Date.now() - askedAt)));
    }
  }
}
