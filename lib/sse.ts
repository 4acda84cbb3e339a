import { ConduitError } from "./errors.ts";

/** One server-sent event (WHATWG HTML, 9.2). */
export interface SseEvent {
  /** The `event:` field; empty when there was none. */
  event: string;
  /** All `data:` lines joined with newlines. */
  data: string;
}

/** The complete events of one read, with the bytes that they were made of. */
export interface SseBlock {
  bytes: Uint8Array;
  events: SseEvent[];
}

/** An event larger than this is no model's answer; it ends the stream instead of filling memory. */
const MAX_EVENT_BYTES = 1024 * 1024;
const LF = 10;
const CR = 13;
/** A byte order mark counts at the stream's start alone, and each block is decoded by itself. */
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Cuts a byte stream into events. Events may be split anywhere, also inside a character; lines may
 * end in LF, CRLF or CR. Bytes are decoded only once an event is complete.
 */
export class SseReader {
  #pending: Uint8Array = new Uint8Array(0);
  #length = 0;
  #first = true;

  /**
   * Takes what was read and returns the events that it completes, or `undefined` when none is.
   * Throws `upstream_malformed` when an event outgrows one mebibyte.
   */
  push(read: Uint8Array): SseBlock | undefined {
    let bytes = read;
    if (this.#length > 0) {
      this.#append(read);
      // Only the last three old bytes and the new ones can hold a boundary that is not yet known.
      const from = Math.max(0, this.#length - read.length - 3);
      const end = lastBoundary(this.#pending.subarray(0, this.#length), from);
      if (end === 0) {
        return this.#refuseGiants();
      }
      bytes = this.#pending.slice(0, this.#length);
      this.#length = 0;
      return this.#cut(bytes, end);
    }
    const end = lastBoundary(bytes, 0);
    if (end === 0) {
      this.#append(bytes);
      return this.#refuseGiants();
    }
    return this.#cut(bytes, end);
  }

  /** What is left when the stream has ended: an event that no blank line closed, if there is one. */
  flush(): SseBlock | undefined {
    const bytes = this.#pending.slice(0, this.#length);
    this.#length = 0;
    const events = parseEvents(this.#text(bytes));
    return events.length === 0 ? undefined : { bytes, events };
  }

  #cut(bytes: Uint8Array, end: number): SseBlock {
    const complete = end === bytes.length ? bytes : bytes.subarray(0, end);
    if (end < bytes.length) {
      this.#append(bytes.subarray(end));
    }
    return { bytes: complete, events: parseEvents(this.#text(complete)) };
  }

  #text(bytes: Uint8Array): string {
    const text = decoder.decode(bytes);
    if (!this.#first) {
      return text;
    }
    this.#first = false;
    return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  }

  #append(bytes: Uint8Array): void {
    const needed = this.#length + bytes.length;
    if (needed > this.#pending.length) {
      const grown = new Uint8Array(Math.max(needed, this.#pending.length * 2, 4096));
      grown.set(this.#pending.subarray(0, this.#length));
      this.#pending = grown;
    }
    this.#pending.set(bytes, this.#length);
    this.#length = needed;
  }

  #refuseGiants(): undefined {
    if (this.#length > MAX_EVENT_BYTES) {
      throw new ConduitError("upstream_malformed", {
        message: "The provider sent a single stream event of more than 1 MiB.",
        upstream: { kind: "protocol" },
      });
    }
    return undefined;
  }
}

/** The index just after the last blank line in `bytes`, or 0 when there is none from `from` on. */
function lastBoundary(bytes: Uint8Array, from: number): number {
  for (let at = bytes.length - 1; at > from; at -= 1) {
    const byte = bytes[at];
    if ((byte === LF || byte === CR) && endsBlankLine(bytes, at)) {
      return at + 1;
    }
  }
  return 0;
}

function endsBlankLine(bytes: Uint8Array, at: number): boolean {
  const before = bytes[at - 1];
  if (bytes[at] === CR) {
    // A CR may be half of a CRLF whose LF has not come yet, so the last byte never decides.
    return at + 1 < bytes.length && bytes[at + 1] !== LF && (before === CR || before === LF);
  }
  if (before === LF) {
    return true;
  }
  // CRLF: the line is blank when another line end stands before the CR.
  return before === CR && (bytes[at - 2] === LF || bytes[at - 2] === CR);
}

/** The events in a text of complete events. Comments and unknown fields are left out. */
export function parseEvents(text: string): SseEvent[] {
  const events: SseEvent[] = [];
  let event = "";
  let data: string | undefined;
  // A last, empty line closes the event that a stream's end may have left open.
  for (const line of [...linesOf(text), ""]) {
    if (line.startsWith("data:") || line === "data") {
      data = joined(data, fieldValue(line, 5));
    } else if (line.startsWith("event:") || line === "event") {
      event = fieldValue(line, 6);
    } else if (line === "") {
      if (data !== undefined) {
        events.push({ event, data });
      }
      event = "";
      data = undefined;
    }
  }
  return events;
}

function joined(data: string | undefined, line: string): string {
  return data === undefined ? line : `${data}\n${line}`;
}

function linesOf(text: string): string[] {
  return text.includes("\r") ? text.split(/\r\n|\n|\r/) : text.split("\n");
}

/** One space after the colon belongs to the format; a field without a colon is empty. */
function fieldValue(line: string, from: number): string {
  return line.charCodeAt(from) === 32 ? line.slice(from + 1) : line.slice(from);
}

/** An event that carries only data, the form of OpenAI's streams. `data` must hold no line end. */
export function dataEvent(data: string): string {
  return `data: ${data}\n\n`;
}
