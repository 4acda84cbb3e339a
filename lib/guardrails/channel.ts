import type { ScannedText, TextOrigin } from "./define-rule.ts";
import { isLikeJson } from "./json-literals.ts";

/** What stands in place of a stretch of a channel; offsets are those of the upstream's own text. */
export interface Replacement {
  start: number;
  end: number;
  label: string;
}

/** The texts of one choice that a stream writes side by side. */
export interface ChoiceState {
  /** UTF-16 units of all its channels so far. */
  total: number;
  isFinished: boolean;
  channels: Map<string, Channel>;
}

/**
 * One text that a stream writes piece by piece: the content of one choice, its reasoning, the
 * arguments of one tool call. Offsets count UTF-16 units from its beginning.
 */
export class Channel {
  readonly path: string;
  readonly origin: TextOrigin;
  /** Whether it is the arguments of a tool's call, which are read literal by literal. */
  readonly isArguments: boolean;
  readonly choice: ChoiceState;
  /** Everything before it was checked and may leave. */
  cleared = 0;
  /** What has left, with labels in place; kept only where somebody reads it at the end. */
  complete = "";
  /** The choice's total when this channel was written to last. */
  #writtenAt = 0;
  #hasEscapes = false;
  #isLikeJson: boolean | null = null;
  #buffer = "";
  #base = 0;
  #replacements: Replacement[] = [];

  constructor(options: Pick<Channel, "path" | "origin" | "isArguments" | "choice">) {
    this.path = options.path;
    this.origin = options.origin;
    this.isArguments = options.isArguments;
    this.choice = options.choice;
  }

  /** Whether it is JSON in which escapes may stand for characters: it is read once it is complete. */
  get isJson(): boolean {
    return this.isArguments || this.#hasEscapes;
  }

  get end(): number {
    return this.#base + this.#buffer.length;
  }

  /** The offset at which `text` begins. */
  get base(): number {
    return this.#base;
  }

  /** What is not yet cleared, after as much as is kept of what was. */
  get text(): string {
    return this.#buffer;
  }

  append(text: string): void {
    if (!this.#hasEscapes) {
      this.#watch(text);
    }
    this.#buffer += text;
    this.choice.total += text.length;
    this.#writtenAt = this.choice.total;
  }

  /** Notes when an escape begins in what began like JSON; nothing of it has been cleared by then. */
  #watch(text: string): void {
    if (this.#isLikeJson === null && text.trim() !== "") {
      this.#isLikeJson = isLikeJson(text);
    }
    const begun = this.#buffer.endsWith("\\") ? `\\${text}` : text;
    this.#hasEscapes = this.#isLikeJson === true && /\\[ux]/i.test(begun);
  }

  /**
   * Whether nothing more is to be expected: its choice is finished, or has written as much elsewhere
   * as is ever held back, as when reasoning has ended and the answer begins.
   */
  isOver(windowLength: number): boolean {
    const { choice } = this;
    return choice.isFinished || (!this.isJson && choice.total - this.#writtenAt >= windowLength);
  }

  /** Clears everything before `end`, and what replacements cover beyond it. */
  clear(end: number, replacements: readonly Replacement[], contextLength: number): void {
    this.#replacements.push(...replacements);
    this.cleared = Math.max(end, this.#replacements.at(-1)?.end ?? 0);
    const from = this.cleared - contextLength;
    if (from - this.#base > contextLength) {
      this.#buffer = this.#buffer.slice(from - this.#base);
      this.#base = from;
    }
  }

  /** A piece of the channel as it may leave: `text` is what the upstream wrote at `from`. */
  render(text: string, from: number): string {
    const to = from + text.length;
    while ((this.#replacements[0]?.end ?? Number.POSITIVE_INFINITY) <= from) {
      this.#replacements.shift();
    }
    let written = "";
    let at = from;
    for (const { start, end, label } of this.#replacements) {
      if (start >= to) {
        break;
      }
      written += text.slice(at - from, Math.max(at, start) - from) + (start >= from ? label : "");
      at = Math.min(end, to);
    }
    return written + text.slice(at - from);
  }
}

/** A channel's text for a check. */
export function scannedOf(channel: Channel, text: string): ScannedText {
  return { path: channel.path, origin: channel.origin, text };
}
