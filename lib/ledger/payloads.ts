import { setTimeout as sleep, setImmediate as yieldToRequests } from "node:timers/promises";
import type { RequestPayload } from "#lib/contract/payload.ts";
import { type MasterKeys, seal } from "#lib/crypto.ts";
import { type PayloadRow, payloadContext } from "#lib/db/request-payloads.ts";

export interface PayloadWriterOptions {
  masterKeys: MasterKeys;
  insert: (rows: readonly PayloadRow[]) => Promise<void>;
  onProblem: (message: string, cause: unknown) => void;
  /** How long a payload may wait for company. */
  flushMs?: number;
  /** Above this, payloads are dropped: they are worth less than the memory that requests need. */
  maxQueueBytes?: number;
  /** The pause after a failure. */
  retryMs?: number;
}

export interface PayloadStats {
  queued: number;
  queuedBytes: number;
  stored: number;
  /** Payloads that are kept nowhere, because the queue was full or the process ended. */
  dropped: number;
}

/** Seals what requests and answers say and stores it in batches, never in a request's way. */
export interface PayloadWriter {
  add(requestId: string, payload: RequestPayload): void;
  /** Stores what waits. Gives up after the first failure: no request may wait for a payload. */
  flush(): Promise<void>;
  /** Flushes for at most `timeoutMs`, and takes nothing more. */
  stop(timeoutMs: number): Promise<void>;
  stats(): PayloadStats;
}

const FLUSH_MS = 500;
const BATCH = 50;
const MAX_QUEUE_BYTES = 16 * 1024 * 1024;
const RETRY_MS = 5_000;

interface Waiting {
  requestId: string;
  payload: RequestPayload;
  bytes: number;
}

export function startPayloadWriter(options: PayloadWriterOptions): PayloadWriter {
  return new Writer(options);
}

class Writer implements PayloadWriter {
  readonly #options: PayloadWriterOptions;
  #queue: Waiting[] = [];
  #bytes = 0;
  #stored = 0;
  #dropped = 0;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(options: PayloadWriterOptions) {
    this.#options = options;
  }

  add(requestId: string, payload: RequestPayload): void {
    const bytes = sizeOf(payload);
    const room = (this.#options.maxQueueBytes ?? MAX_QUEUE_BYTES) - this.#bytes;
    if (this.#stopped || bytes > room) {
      this.#dropped += 1;
      return;
    }
    this.#queue.push({ requestId, payload, bytes });
    this.#bytes += bytes;
    this.#plan(this.#options.flushMs ?? FLUSH_MS);
  }

  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#running ??= this.#drain().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async stop(timeoutMs: number): Promise<void> {
    this.#stopped = true;
    await Promise.race([this.#flushAll(), sleep(timeoutMs, undefined, { ref: false })]);
    clearTimeout(this.#timer);
    this.#dropped += this.#queue.length;
    this.#queue = [];
    this.#bytes = 0;
  }

  stats(): PayloadStats {
    const { length: queued } = this.#queue;
    return { queued, queuedBytes: this.#bytes, stored: this.#stored, dropped: this.#dropped };
  }

  /** A flush that is under way may have begun before the last payloads came. */
  async #flushAll(): Promise<void> {
    await this.#running;
    await this.flush();
  }

  #plan(delayMs: number): void {
    this.#timer ??= setTimeout(() => {
      void this.flush();
    }, delayMs).unref();
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#queue.slice(0, BATCH);
      try {
        await this.#options.insert(await this.#sealAll(batch));
      } catch (cause) {
        this.#options.onProblem("Payloads could not be stored; they are tried again.", cause);
        this.#plan(this.#options.retryMs ?? RETRY_MS);
        return;
      }
      this.#queue.splice(0, batch.length);
      this.#bytes -= batch.reduce((sum, { bytes }) => sum + bytes, 0);
      this.#stored += batch.length;
    }
  }

  /** One at a time with a turn of the event loop between: sealing half a megabyte takes a while. */
  async #sealAll(batch: readonly Waiting[]): Promise<PayloadRow[]> {
    const rows: PayloadRow[] = [];
    for (const { requestId, payload } of batch) {
      const plain = JSON.stringify(payload);
      rows.push({
        requestId,
        sealed: seal(this.#options.masterKeys, plain, payloadContext(requestId)),
        sizeBytes: Buffer.byteLength(plain),
        truncated: payload.request.truncated || payload.answer?.truncated === true,
      });
      await yieldToRequests();
    }
    return rows;
  }
}

/** A character of a string takes up to two bytes in memory. */
function sizeOf({ request, answer }: RequestPayload): number {
  return 2 * (request.text.length + (answer?.text.length ?? 0)) + 1024;
}
