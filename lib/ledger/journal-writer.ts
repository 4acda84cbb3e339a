import { ConduitError } from "#lib/errors.ts";
import { segmentPath } from "./journal-files.ts";
import { encodeLine } from "./journal-line.ts";
import { openSegment, type Segment } from "./journal-segment.ts";

/** `on`: handed to the OS; `fdatasync`: on the disk; `off`: no files, rows go to the database. */
export type JournalMode = "on" | "fdatasync" | "off";

/** Rows whose lines were written together: `bytes` of `segment` from `offset` on. */
export interface JournalGroup {
  rows: string[];
  segment: Segment;
  offset: number;
  bytes: number;
}

/** Where rows go once they are safe. */
export interface JournalSink {
  /** Takes over rows that are in the journal; tells their segment when they are stored. */
  accept(group: JournalGroup): void;
  /** Stores one row at once, without a journal; a try may take `tryMs` where that is given. */
  storeNow(row: string, tryMs?: number): Promise<void>;
  /** Keeps a row in memory that nothing took, until the database does; false when there is no room. */
  keepUnsafe(row: string): boolean;
}

export type ReportProblem = (message: string, cause: unknown) => void;

export interface JournalOptions {
  directory: string;
  mode: JournalMode;
  sink: JournalSink;
  onProblem?: ReportProblem;
  /** A segment is closed when it has passed this size. */
  segmentBytes?: number;
  /** Above this the journal takes no more, and rows are stored one by one while they wait. */
  maxBytes?: number;
}

export interface JournalStats {
  bytes: number;
  segments: number;
  openIntents: number;
  syncs: number;
  writeFailures: number;
  /** Whether the last write failed, as on a full disk. */
  isFailing: boolean;
}

const SEGMENT_BYTES = 16 * 1024 * 1024;
const MAX_BYTES = 1024 * 1024 * 1024;
/** An answer waits for its row, and a disk that is full may be full for the database too. */
const DIRECT_TRY_MS = 700;

/** The lines of one turn of the event loop. */
class Group {
  text = "";
  rows: string[] = [];
  intents: string[] = [];
  ended: string[] = [];
  readonly written = Promise.withResolvers<void>();
}

/**
 * Appends lines to the segments of one boot. Lines are gathered until the end of the event loop's
 * turn and written with one call; that is what makes an append cost microseconds under load.
 */
export class JournalWriter {
  readonly #bootId: string;
  readonly #options: JournalOptions;
  readonly #segments = new Set<Segment>();
  readonly #intents = new Map<string, Segment>();
  readonly #unfinished = new Set<Promise<void>>();
  #group: Group | undefined;
  #current: Segment | undefined;
  #isClosed = false;
  #nextIndex = 0;
  #syncs = 0;
  #writeFailures = 0;
  #isFailing = false;

  constructor(bootId: string, options: JournalOptions) {
    this.#bootId = bootId;
    this.#options = options;
  }

  addIntent(id: string, row: string): void {
    const group = this.#openGroup();
    group.text += encodeLine("I", row);
    group.intents.push(id);
  }

  addEnd(id: string, row: string): Promise<void> {
    if (this.#isClosed) {
      return this.#options.sink.storeNow(row);
    }
    const group = this.#openGroup();
    group.text += encodeLine("E", row);
    group.rows.push(row);
    group.ended.push(id);
    return group.written.promise;
  }

  #openGroup(): Group {
    if (this.#group === undefined) {
      this.#group = new Group();
      setImmediate(() => this.#flush());
    }
    return this.#group;
  }

  #flush(): void {
    const group = this.#group;
    this.#group = undefined;
    if (group === undefined) {
      return;
    }
    // Intents alone have nobody waiting; their failure is reported, not thrown.
    group.written.promise.catch(() => undefined);
    try {
      this.#write(group);
    } catch (cause) {
      this.#fail(group, cause);
    }
  }

  #fail(group: Group, cause: unknown): void {
    this.#writeFailures += 1;
    this.#isFailing = true;
    this.#options.onProblem?.("The journal could not be written.", cause);
    this.#track(this.#storeDirectly(group));
  }

  #write(group: Group): void {
    const segment = this.#writableSegment();
    const text = Buffer.from(group.text);
    const offset = segment.append(text);
    segment.hold(group.rows.length + group.intents.length);
    for (const id of group.intents) {
      this.#intents.set(id, segment);
    }
    const accept = () => {
      this.#isFailing = false;
      this.#endIntents(group.ended);
      if (group.rows.length > 0) {
        this.#options.sink.accept({ rows: group.rows, segment, offset, bytes: text.length });
      }
      group.written.resolve();
    };
    if (this.#options.mode !== "fdatasync") {
      accept();
      return;
    }
    this.#syncs += 1;
    this.#track(
      segment.sync().then(accept, (cause) => {
        this.#fail(group, cause);
        // What could not be synced may still be replayed; the rows are stored then, and stay single.
        segment.keep();
      }),
    );
  }

  #writableSegment(): Segment {
    const { directory, segmentBytes = SEGMENT_BYTES, maxBytes = MAX_BYTES } = this.#options;
    if (this.#bytes() >= maxBytes) {
      throw new ConduitError("internal_error", { message: "The journal has reached its limit." });
    }
    if (this.#current !== undefined && this.#current.size() < segmentBytes) {
      return this.#current;
    }
    this.#current?.seal();
    this.#current = undefined;
    const segment = openSegment({
      path: segmentPath(directory, this.#bootId, this.#nextIndex),
      onRemoved: (removed) => this.#segments.delete(removed),
    });
    this.#nextIndex += 1;
    this.#segments.add(segment);
    this.#current = segment;
    return segment;
  }

  /** An intent whose ending is safe is not needed any more, wherever it was written. */
  #endIntents(ids: readonly string[]): void {
    for (const id of ids) {
      const segment = this.#intents.get(id);
      if (segment !== undefined) {
        this.#intents.delete(id);
        segment.release(1);
      }
    }
  }

  async #storeDirectly(group: Group): Promise<void> {
    const stored = group.rows.map((row) => this.#storeOrKeep(row));
    const failed = (await Promise.allSettled(stored)).find((one) => one.status === "rejected");
    if (failed === undefined) {
      this.#endIntents(group.ended);
      group.written.resolve();
    } else {
      group.written.reject(failed.reason);
    }
  }

  async #storeOrKeep(row: string): Promise<void> {
    const { sink, onProblem } = this.#options;
    try {
      await sink.storeNow(row, DIRECT_TRY_MS);
    } catch (cause) {
      if (!sink.keepUnsafe(row)) {
        throw cause;
      }
      onProblem?.("A usage record is in memory alone: journal and database refuse it.", cause);
    }
  }

  #track(work: Promise<void>): void {
    this.#unfinished.add(work);
    const forget = () => this.#unfinished.delete(work);
    work.then(forget, forget);
  }

  #bytes(): number {
    let bytes = 0;
    for (const segment of this.#segments) {
      bytes += segment.size();
    }
    return bytes;
  }

  stats(): JournalStats {
    return {
      bytes: this.#bytes(),
      segments: this.#segments.size,
      openIntents: this.#intents.size,
      syncs: this.#syncs,
      writeFailures: this.#writeFailures,
      isFailing: this.#isFailing,
    };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#flush();
    await Promise.allSettled(this.#unfinished);
    this.#current?.seal();
    this.#current = undefined;
  }
}
