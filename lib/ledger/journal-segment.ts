import { closeSync, fdatasync, ftruncateSync, openSync, rmSync, writeSync } from "node:fs";
import { promisify } from "node:util";

const fdatasyncAsync = promisify(fdatasync);

/** One file of this process's journal. It is deleted once nothing in it is needed any more. */
export interface Segment {
  readonly path: string;
  /** Bytes written. */
  size(): number;
  /** Appends whole lines in one call; on a failure the file is as it was before. Returns the offset. */
  append(text: Buffer): number;
  /** Resolves when what was appended has reached the disk. */
  sync(): Promise<void>;
  /** Counts endings that are not stored and intents that have not ended. */
  hold(count: number): void;
  release(count: number): void;
  /** Keeps the file for ever: something in it could not be read again. */
  keep(): void;
  /** Nothing will be appended; the file goes as soon as nothing is held. */
  seal(): void;
}

/** Makes a new file; `onRemoved` is told when it has been deleted. */
export function openSegment(options: {
  path: string;
  onRemoved: (segment: Segment) => void;
}): Segment {
  const fd = openSync(options.path, "wx", 0o600);
  let size = 0;
  let held = 0;
  let syncing = 0;
  let isSealed = false;
  let isClosed = false;
  let isKept = false;

  // A descriptor that is closed under a running sync could belong to another file by then.
  const closeIfIdle = () => {
    if (isSealed && syncing === 0 && !isClosed) {
      isClosed = true;
      closeSync(fd);
    }
  };

  const removeIfDone = () => {
    if (isSealed && held === 0 && !isKept) {
      options.onRemoved(segment);
      // At once, and not later: the process may be about to end.
      rmSync(options.path, { force: true });
    }
  };

  const segment: Segment = {
    path: options.path,
    size: () => size,
    append(text) {
      const offset = size;
      writeFully({ fd, text, offset });
      size += text.length;
      return offset;
    },
    async sync() {
      syncing += 1;
      try {
        await fdatasyncAsync(fd);
      } finally {
        syncing -= 1;
        closeIfIdle();
      }
    },
    hold(count) {
      held += count;
    },
    release(count) {
      held -= count;
      removeIfDone();
    },
    keep() {
      isKept = true;
    },
    seal() {
      isSealed = true;
      closeIfIdle();
      removeIfDone();
    },
  };
  return segment;
}

/**
 * A full disk may take the first part of a group. Writing goes to a fixed offset and the rest is cut
 * off again, so that the next group does not stand behind half a line.
 */
function writeFully(target: { fd: number; text: Buffer; offset: number }): void {
  const { fd, text, offset } = target;
  let written = 0;
  try {
    while (written < text.length) {
      written += writeSync(fd, text, written, text.length - written, offset + written);
    }
  } catch (cause) {
    ftruncateSync(fd, offset);
    throw cause;
  }
}
