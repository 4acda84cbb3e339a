import { setTimeout as sleep } from "node:timers/promises";
import { ConduitError } from "#lib/errors.ts";
import { appendDeadLetters } from "./dead-letters.ts";
import type { JournalGroup, JournalSink, ReportProblem } from "./journal-writer.ts";
import { type Batch, RowQueue } from "./row-queue.ts";
import { storeAlone } from "./store-alone.ts";
import { type InsertRows, limitInsert, storeRows } from "./store-rows.ts";

export interface RecorderOptions {
  insert: InsertRows;
  /** Where rows go that the database refuses; needed with a journal. */
  deadLetterPath?: string;
  onProblem?: ReportProblem;
  /** How long a row may wait for company. */
  flushMs?: number;
  /** How many rows are stored at once; so many waiting end the wait. */
  flushRows?: number;
  /** Above this, waiting rows are read from the journal again instead of being kept. */
  maxQueueBytes?: number;
  /** How long a batch may take; longer than the database's own limit on a statement. */
  insertTimeoutMs?: number;
  /** The first and the longest pause after a failure. */
  backoffMs?: { first: number; longest: number };
}

export interface RecorderStats {
  queuedRows: number;
  queuedBytes: number;
  spilledRows: number;
  /** How long rows have waited without one being stored; 0 when none waits. */
  oldestAgeMs: number;
  storedRows: number;
  deadLetters: number;
  /** Rows that are in memory alone, because the journal could not be written. */
  unsafeRows: number;
  /** Rows for which there was no room even there. */
  lostRows: number;
  /** Failures since the last success. */
  failures: number;
}

/** Takes rows from the journal to the database, in batches, for as long as it takes. */
export interface Recorder extends JournalSink {
  /** Stores what waits; false when the database did not take it within `timeoutMs`. */
  flush(timeoutMs: number): Promise<boolean>;
  /** Flushes and ends; what could not be stored stays in the journal for the next start. */
  stop(timeoutMs: number): Promise<boolean>;
  stats(): RecorderStats;
}

const FLUSH_MS = 250;
const FLUSH_ROWS = 500;
const MAX_QUEUE_BYTES = 32 * 1024 * 1024;
const STOP_GRACE_MS = 1_000;
const INSERT_TIMEOUT_MS = 60_000;
const BACKOFF_MS = { first: 250, longest: 10_000 };

export function startRecorder(options: RecorderOptions): Recorder {
  const insert = limitInsert(options.insert, options.insertTimeoutMs ?? INSERT_TIMEOUT_MS);
  const batcher = new Batcher({ ...options, insert });
  return {
    accept: (group) => batcher.accept(group),
    storeNow: (row, tryMs) => batcher.storeNow(row, tryMs),
    keepUnsafe: (row) => batcher.keepUnsafe(row),
    flush: (timeoutMs) => batcher.flush(timeoutMs),
    async stop(timeoutMs) {
      const isStored = await batcher.flush(timeoutMs);
      await batcher.stop();
      return isStored;
    },
    stats: () => batcher.stats(),
  };
}

class Batcher {
  readonly #options: RecorderOptions;
  readonly #queue: RowQueue;
  readonly #stopping = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #draining: Promise<void> | undefined;
  /** The batch that is being stored; kept over failures. */
  #pending: Batch | undefined;
  #flushes = 0;
  /** Ends the pause after a failure early. */
  #wake = new AbortController();
  #waitingSinceMs = 0;
  #storedRows = 0;
  #deadLetters = 0;
  #lostRows = 0;
  #failures = 0;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#queue = new RowQueue({
      maxBytes: options.maxQueueBytes ?? MAX_QUEUE_BYTES,
      onProblem: (message, cause) => this.#report(message, cause),
    });
  }

  accept(group: JournalGroup): void {
    if (this.#waiting() === 0) {
      this.#waitingSinceMs = performance.now();
    }
    this.#queue.add(group);
    if (this.#draining !== undefined || this.#stopping.signal.aborted) {
      return;
    }
    if (this.#queue.count >= (this.#options.flushRows ?? FLUSH_ROWS)) {
      this.#startDraining();
    } else {
      this.#timer ??= setTimeout(() => this.#startDraining(), this.#options.flushMs ?? FLUSH_MS);
    }
  }

  /** While rows wait that the database did not take there is no use in waiting for one more. */
  async storeNow(row: string, tryMs?: number): Promise<void> {
    if (this.#failures > 0 || this.#queue.unsafeCount > 0) {
      throw new ConduitError("internal_error", { message: "The database takes no records." });
    }
    const { insert } = this.#options;
    await storeAlone(row, tryMs === undefined ? insert : limitInsert(insert, tryMs));
  }

  keepUnsafe(row: string): boolean {
    if (this.#waiting() === 0) {
      this.#waitingSinceMs = performance.now();
    }
    if (!this.#queue.addUnsafe(row)) {
      this.#lostRows += 1;
      return false;
    }
    if (!this.#stopping.signal.aborted) {
      this.#startDraining();
    }
    return true;
  }

  #startDraining(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#draining ??= this.#drain().finally(() => {
      this.#draining = undefined;
      if (this.#queue.count > 0 && !this.#stopping.signal.aborted) {
        this.#startDraining();
      }
    });
  }

  async #drain(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      try {
        this.#pending ??= await this.#queue.take(this.#options.flushRows ?? FLUSH_ROWS);
        await this.#store(this.#pending);
        this.#pending = undefined;
        this.#failures = 0;
        if (this.#queue.count === 0) {
          return;
        }
      } catch (cause) {
        this.#failures += 1;
        this.#report("Usage records could not be stored; they stay in the journal.", cause);
        await this.#pause();
      }
    }
  }

  async #store(batch: Batch): Promise<void> {
    const poison = await storeRows(batch.rows, this.#options.insert);
    if (poison.length > 0) {
      // Without a place for them the batch fails, and is tried again: nothing is dropped.
      await appendDeadLetters(this.#requireDeadLetterPath(), poison);
      this.#deadLetters += poison.length;
      this.#report(`The database refused ${poison.length} usage records.`, poison[0]?.cause);
    }
    this.#storedRows += batch.rows.length - poison.length;
    this.#waitingSinceMs = performance.now();
    for (const [segment, count] of batch.releases) {
      segment.release(count);
    }
  }

  #requireDeadLetterPath(): string {
    const path = this.#options.deadLetterPath;
    if (path === undefined) {
      throw new ConduitError("internal_error", { message: "There is no file for dead letters." });
    }
    return path;
  }

  async #pause(): Promise<void> {
    const { first, longest } = this.#options.backoffMs ?? BACKOFF_MS;
    // Whoever flushes has a deadline, so that long pauses would waste it.
    const doublings = this.#flushes > 0 ? 0 : Math.min(this.#failures - 1, 20);
    const pauseMs = Math.min(longest, first * 2 ** doublings);
    this.#wake = new AbortController();
    const signal = AbortSignal.any([this.#wake.signal, this.#stopping.signal]);
    // A pause that ends early has done its work.
    await sleep(pauseMs * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
  }

  async flush(timeoutMs: number): Promise<boolean> {
    const deadline = AbortSignal.timeout(timeoutMs);
    const expired = new Promise<void>((resolve) => {
      deadline.addEventListener("abort", () => resolve(), { once: true });
    });
    this.#flushes += 1;
    this.#wake.abort();
    while (this.#waiting() > 0 && !deadline.aborted && !this.#stopping.signal.aborted) {
      this.#startDraining();
      await Promise.race([this.#draining, expired]);
    }
    this.#flushes -= 1;
    return this.#waiting() === 0;
  }

  #waiting(): number {
    return this.#queue.count + (this.#pending?.rows.length ?? 0);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#timer);
    // A batch that is on its way gets a moment more, but not for ever: it may hang.
    await Promise.race([this.#draining, sleep(STOP_GRACE_MS, undefined, { ref: false })]);
  }

  #report(message: string, cause: unknown): void {
    this.#options.onProblem?.(message, cause);
  }

  stats(): RecorderStats {
    const queuedRows = this.#waiting();
    return {
      queuedRows,
      queuedBytes: this.#queue.bytes,
      spilledRows: this.#queue.spilledCount,
      oldestAgeMs: queuedRows > 0 ? performance.now() - this.#waitingSinceMs : 0,
      storedRows: this.#storedRows,
      deadLetters: this.#deadLetters,
      unsafeRows: this.#queue.unsafeCount,
      lostRows: this.#lostRows,
      failures: this.#failures,
    };
  }
}
