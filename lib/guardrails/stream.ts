import type { StreamBatch, StreamEvent } from "#lib/contract/answer.ts";
import type { VerdictRecord } from "#lib/contract/guardrail-verdict.ts";
import { ConduitError } from "#lib/errors.ts";
import { FinalText } from "./final-text.ts";
import { keepOwnLogprobs } from "./logprobs.ts";
import { Masks } from "./mask.ts";
import type { CompiledRule } from "./policy.ts";
import { type CheckTools, skippedVerdict } from "./run-rule.ts";
import { type Block, isHolding, screenStage } from "./screen.ts";
import { StreamQueue } from "./stream-queue.ts";
import type { TextSlot } from "./texts.ts";
import { WindowScan } from "./window-scan.ts";

export interface StreamOptions {
  batches: AsyncIterable<StreamBatch>;
  /** The rules of the stage after. */
  rules: readonly CompiledRule[];
  tools: CheckTools;
  /** The error that ends the stream for its caller. */
  blocked(block: Block): ConduitError;
  /** Told once, when the stream has ended in whatever way. */
  onVerdicts(verdicts: readonly VerdictRecord[]): void;
  /**
   * Told once with the events that were read and never leave, if there are any: the upstream has to
   * be paid for them. `isComplete` when nothing more was to come.
   */
  onWithheld(events: readonly StreamEvent[], isComplete: boolean): void;
}

/** New text that makes a scan worthwhile, and the longest that less of it waits for one. */
const MIN_STEP = 64;
const MAX_STEP = 1024;
const MAX_WAIT_MS = 100;
const MAX_HELD = 64 * 1024 * 1024;
const STAGE = "post";

/**
 * A stream under rules on answers. Local rules read it as it passes and hold back no more than their
 * longest match; a rule that needs the complete text, or asks another service, holds all of it. A
 * rule that only watches holds nothing and reads what has left when it is complete.
 */
export class ScreenedStream implements AsyncIterableIterator<StreamBatch> {
  readonly #source: AsyncIterator<StreamBatch>;
  readonly #options: StreamOptions;
  readonly #queue: StreamQueue;
  /** Rules that hold back a window; `null` where none does. */
  readonly #scan: WindowScan | null;
  /** Rules that read the complete text. */
  readonly #atEnd: readonly CompiledRule[];
  readonly #holdsAll: boolean;
  readonly #step: number;
  #newChars = 0;
  #scannedAtMs = performance.now();
  #hasEnded = false;
  #isClosed = false;
  /** Set when something of the answer will never leave, and its reader has not been told. */
  #isCut = false;
  #first: Promise<IteratorResult<StreamBatch>> | undefined;

  constructor(options: StreamOptions) {
    const holding = options.rules.filter(({ rule }) => isHolding(rule));
    this.#options = options;
    this.#source = options.batches[Symbol.asyncIterator]();
    this.#holdsAll = holding.some(needsAll);
    this.#atEnd = this.#holdsAll
      ? options.rules
      : options.rules.filter((r) => !holding.includes(r));
    this.#scan = this.#holdsAll || holding.length === 0 ? null : new WindowScan(holding, CONTEXT);
    this.#step = Math.min(MAX_STEP, Math.max(MIN_STEP, (this.#scan?.windowLength ?? 0) / 2));
    this.#queue = new StreamQueue({ keepsComplete: !this.#holdsAll && this.#atEnd.length > 0 });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Reads until something may leave. Throws what a rule says of the answer's beginning. */
  async begin(): Promise<this> {
    this.#first = Promise.resolve(await this.#next());
    return this;
  }

  next(): Promise<IteratorResult<StreamBatch>> {
    const first = this.#first;
    this.#first = undefined;
    return first ?? this.#next();
  }

  async return(): Promise<IteratorResult<StreamBatch>> {
    this.close();
    this.#isCut = false;
    await this.#source.return?.();
    return { done: true, value: undefined };
  }

  /**
   * Its request is over. Leaves verdicts and what was withheld; does nothing after the stream's end.
   * Others who read on get an error: what they have is not the answer.
   */
  close(): void {
    if (!this.#isClosed) {
      this.#conclude(this.#skipAtEnd("The answer was not read to its end."));
    }
  }

  async #next(): Promise<IteratorResult<StreamBatch>> {
    try {
      for (;;) {
        const batch = this.#isClosed ? undefined : this.#queue.take();
        if (batch !== undefined) {
          return { done: false, value: batch };
        }
        if (this.#isCut) {
          throw new ConduitError("upstream_truncated", {
            message: "The answer was given up before its end.",
          });
        }
        if (this.#hasEnded || this.#isClosed) {
          await this.#readComplete();
          return { done: true, value: undefined };
        }
        await this.#advance();
      }
    } catch (thrown) {
      // Whoever iterates does not close an iterator that threw.
      await this.return();
      throw thrown;
    }
  }

  async #advance(): Promise<void> {
    const read = await this.#source.next();
    if (read.done === true) {
      this.#hasEnded = true;
      this.#queue.open();
      await this.#finish();
      return;
    }
    const isScreened = this.#holdsAll || this.#scan !== null;
    this.#newChars += this.#queue.push(isScreened ? keepOwnLogprobs(read.value) : read.value);
    if (this.#queue.heldChars > MAX_HELD) {
      throw new ConduitError("upstream_protocol", {
        message: "The provider's answer is longer than 64 MiB.",
        upstream: { kind: "protocol" },
      });
    }
    if (this.#holdsAll) {
      return;
    }
    if (this.#scan === null) {
      this.#clearAll();
    } else if (this.#isScanDue() || this.#scan.block !== null) {
      this.#runScan(this.#scan, false);
    }
  }

  #isScanDue(): boolean {
    return (
      this.#newChars >= this.#step ||
      (this.#newChars > 0 && performance.now() - this.#scannedAtMs >= MAX_WAIT_MS)
    );
  }

  #runScan(scan: WindowScan, isEnd: boolean): void {
    this.#newChars = 0;
    this.#scannedAtMs = performance.now();
    if (scan.block === null) {
      scan.run(this.#queue.channels, isEnd);
    }
    // After the last choice's end only the usage is to come, which tells what has to be paid.
    if (scan.block !== null && (isEnd || !this.#queue.isFinished)) {
      throw this.#stop(scan.block, this.#skipAtEnd("The answer was blocked before."));
    }
  }

  async #finish(): Promise<void> {
    if (this.#scan !== null) {
      this.#runScan(this.#scan, true);
    } else if (this.#holdsAll) {
      await this.#screenAll();
    }
  }

  /** All of the text is there, and nothing of it has left. */
  async #screenAll(): Promise<void> {
    const texts: TextSlot[] = [];
    const finals = this.#queue.channels.map((channel) => {
      const final = new FinalText(channel);
      texts.push(...final.slots);
      return final;
    });
    const { rules, tools } = this.#options;
    const result = await screenStage({ ...START, rules, texts, tools });
    if (result.block !== null) {
      throw this.#stop(result.block, result.verdicts);
    }
    for (const final of finals) {
      final.clear();
    }
    this.#verdicts = result.verdicts;
  }

  #verdicts: readonly VerdictRecord[] = [];

  /** Everything has left; what only watches reads it now. */
  async #readComplete(): Promise<void> {
    if (this.#isClosed) {
      return;
    }
    if (this.#holdsAll || this.#atEnd.length === 0) {
      this.#conclude(this.#verdicts);
      return;
    }
    const texts = this.#queue.channels.flatMap((channel) => new FinalText(channel).slots);
    const { tools } = this.#options;
    const { verdicts } = await screenStage({ ...START, rules: this.#atEnd, texts, tools });
    this.#conclude(verdicts);
  }

  #clearAll(): void {
    for (const channel of this.#queue.channels) {
      channel.clear(channel.end, [], 0);
    }
  }

  #stop(block: Block, verdicts: readonly VerdictRecord[]): ConduitError {
    this.#conclude(verdicts);
    return this.#options.blocked(block);
  }

  #skipAtEnd(reason: string): VerdictRecord[] {
    return this.#atEnd.map((compiled) => skippedVerdict(compiled, STAGE, reason));
  }

  #conclude(atEnd: readonly VerdictRecord[]): void {
    if (this.#isClosed) {
      return;
    }
    this.#isClosed = true;
    const scanned = this.#scan?.tallies.map((tally) => tally.verdict(STAGE)) ?? [];
    this.#options.onVerdicts([...scanned, ...atEnd]);
    const withheld = this.#queue.drop();
    this.#isCut = !this.#hasEnded || withheld.length > 0;
    if (withheld.length > 0) {
      this.#options.onWithheld(withheld, this.#hasEnded);
    }
  }
}

/** What the window's checks may know beside the text: none of them counts tokens of a whole. */
const CONTEXT = { stage: STAGE, countTokens: () => 0 } as const;
const START = { stage: STAGE, unreadable: null, masks: new Masks() } as const;

function needsAll({ check }: CompiledRule): boolean {
  return check?.kind === "remote" || (check !== null && !Number.isFinite(check.window));
}
