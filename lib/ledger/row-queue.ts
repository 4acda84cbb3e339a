import { open } from "node:fs/promises";
import { readLines } from "./journal-line.ts";
import type { Segment } from "./journal-segment.ts";
import type { JournalGroup, ReportProblem } from "./journal-writer.ts";

/** Rows to store together, in the order in which they came. */
export interface Batch {
  rows: string[];
  /** How many rows of each segment the batch holds, to be released once they are stored. */
  releases: [Pick<Segment, "release">, number][];
}

interface Held {
  rows: string[];
  from: number;
  segment: Pick<Segment, "release">;
}

/** A stretch of the journal whose rows are not in memory. */
interface Spilled {
  segment: Segment;
  from: number;
  to: number;
  count: number;
}

/** How much of the journal is read back at once. */
const READ_BYTES = 2 * 1024 * 1024;
const MAX_LINE_BYTES = 256 * 1024;

/**
 * What waits for the database, bounded in bytes. Above the bound only places in the journal are
 * kept, neighbouring ones as one stretch, so that an outage of hours costs a few kilobytes.
 */
export class RowQueue {
  readonly #held: Held[] = [];
  readonly #spilled: Spilled[] = [];
  readonly #maxBytes: number;
  readonly #onProblem: ReportProblem;
  #heldBytes = 0;
  #heldCount = 0;
  #spilledCount = 0;
  #unsafeCount = 0;
  /** Stands for the file of rows that are in none. */
  readonly #nowhere: Pick<Segment, "release"> = {
    release: (count) => {
      this.#unsafeCount -= count;
    },
  };

  constructor(options: { maxBytes: number; onProblem: ReportProblem }) {
    this.#maxBytes = options.maxBytes;
    this.#onProblem = options.onProblem;
  }

  get count(): number {
    return this.#heldCount + this.#spilledCount;
  }

  get bytes(): number {
    return this.#heldBytes;
  }

  get spilledCount(): number {
    return this.#spilledCount;
  }

  /** Rows that stand in no file and are not stored yet. */
  get unsafeCount(): number {
    return this.#unsafeCount;
  }

  add(group: JournalGroup): void {
    // Once something has spilled, all that follows does too, or rows would overtake each other.
    if (this.#spilled.length > 0 || this.#heldBytes + group.bytes > this.#maxBytes) {
      this.#spill(group);
      return;
    }
    this.#hold(group.segment, group.rows);
  }

  /** Takes a row that stands in no file; false when there is no room for it. */
  addUnsafe(row: string): boolean {
    if (this.#heldBytes + row.length > this.#maxBytes) {
      return false;
    }
    this.#unsafeCount += 1;
    this.#hold(this.#nowhere, [row]);
    return true;
  }

  #hold(segment: Pick<Segment, "release">, rows: string[]): void {
    this.#held.push({ rows, from: 0, segment });
    this.#heldCount += rows.length;
    for (const row of rows) {
      this.#heldBytes += row.length;
    }
  }

  #spill(group: JournalGroup): void {
    const last = this.#spilled.at(-1);
    this.#spilledCount += group.rows.length;
    if (last?.segment === group.segment && last.to === group.offset) {
      last.to += group.bytes;
      last.count += group.rows.length;
      return;
    }
    this.#spilled.push({
      segment: group.segment,
      from: group.offset,
      to: group.offset + group.bytes,
      count: group.rows.length,
    });
  }

  /** The next rows, at most `limit`; reads the journal back when memory has run dry. */
  async take(limit: number): Promise<Batch> {
    if (this.#held.length === 0 && this.#spilled.length > 0) {
      await this.#readBack();
    }
    const batch: Batch = { rows: [], releases: [] };
    for (let next = this.#held[0]; next && batch.rows.length < limit; next = this.#held[0]) {
      const rows = next.rows.slice(next.from, next.from + limit - batch.rows.length);
      next.from += rows.length;
      if (next.from === next.rows.length) {
        this.#held.shift();
      }
      this.#heldCount -= rows.length;
      for (const row of rows) {
        this.#heldBytes -= row.length;
        batch.rows.push(row);
      }
      batch.releases.push([next.segment, rows.length]);
    }
    return batch;
  }

  async #readBack(): Promise<void> {
    const [next] = this.#spilled;
    if (next === undefined) {
      return;
    }
    const length = Math.min(next.to - next.from, READ_BYTES);
    const { lines, wholeBytes } = readLines(await readStretch(next, length));
    const rows = lines.filter((line) => line.type === "E").map((line) => line.row);
    next.from += wholeBytes;
    next.count -= rows.length;
    this.#spilledCount -= rows.length;
    this.#hold(next.segment, rows);
    if (next.from >= next.to || wholeBytes === 0) {
      this.#finish(next);
    }
  }

  /** Rows that were written and cannot be read any more stay in a file that is not deleted. */
  #finish(stretch: Spilled): void {
    this.#spilled.shift();
    if (stretch.count > 0) {
      this.#spilledCount -= stretch.count;
      stretch.segment.keep();
      stretch.segment.release(stretch.count);
      this.#onProblem(
        `${stretch.count} rows of ${stretch.segment.path} cannot be read; the file is kept.`,
        undefined,
      );
    }
  }
}

async function readStretch(stretch: Spilled, length: number): Promise<Buffer> {
  const file = await open(stretch.segment.path, "r");
  try {
    // A line cut off at the end is read again with the next stretch; the margin is one long line.
    const size = Math.min(Math.max(length, MAX_LINE_BYTES), stretch.to - stretch.from);
    const buffer = Buffer.alloc(size);
    const { bytesRead } = await file.read(buffer, 0, size, stretch.from);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
