import { type Channel, type Replacement, scannedOf } from "./channel.ts";
import type { CheckContext, Match, ScannedText } from "./define-rule.ts";
import { readEscapes } from "./json-literals.ts";
import { JsonText } from "./json-text.ts";
import type { CompiledRule } from "./policy.ts";
import { runLocal } from "./run-rule.ts";
import { type Block, stopsWhenFailed } from "./screen.ts";
import { applySpans, mergeSpans, redactionLabel, type Span } from "./spans.ts";
import { Tally } from "./tally.ts";

/** A text that one scan reads, and what of it the scan decides on. */
interface Reading {
  channel: Channel;
  scanned: ScannedText;
  /** Offset in the channel at which `scanned` begins. */
  base: number;
  /** Matches that begin before it are complete, whatever comes after. */
  limit: number;
  spans: Span[];
  /** Puts a text in its place, for a reading of JSON without its escapes. */
  replace: ((text: string) => void) | null;
}

/**
 * Local rules over the newest part of a stream. A match is acted upon once it begins at least a
 * window before the end of what has come: then no later text can make it another match.
 */
export class WindowScan {
  /** What is held back, in UTF-16 units: the longest match of any rule. */
  readonly windowLength: number;
  readonly tallies: readonly Tally[];
  readonly #context: CheckContext;
  block: Block | null = null;

  constructor(rules: readonly CompiledRule[], context: CheckContext) {
    this.tallies = rules.map((compiled) => new Tally(compiled));
    this.windowLength = Math.max(0, ...rules.map(windowOf));
    this.#context = context;
  }

  /** Reads what is new in the channels and clears what is decided. `block` is set by a rule that blocks. */
  run(channels: readonly Channel[], isEnd: boolean): void {
    const due = channels.filter((channel) => channel.end > channel.cleared);
    const ending = due.map((channel) => isEnd || channel.isOver(this.windowLength));
    const json = new Map<Channel, JsonText>();
    const readings = due.flatMap((channel, at) => this.#read(channel, ending[at] === true, json));
    const used = readings.filter(({ limit, base }) => limit > base);
    if (used.length > 0) {
      for (const tally of this.tallies) {
        this.#apply(tally, used);
      }
    }
    if (this.block === null) {
      this.#settle(due, ending, used, json);
    }
  }

  #read(channel: Channel, isOver: boolean, json: Map<Channel, JsonText>): Reading[] {
    const { end, base, text } = channel;
    if (!channel.isJson) {
      const limit = isOver ? end : Math.min(end - this.windowLength, base + this.#openFrom(text));
      const scanned = scannedOf(channel, text);
      return limit > channel.cleared
        ? [{ channel, scanned, base, limit, spans: [], replace: null }]
        : [];
    }
    if (!isOver) {
      return [];
    }
    const from = channel.cleared;
    const write = (written: string): void =>
      channel.clear(end, [{ start: from, end, label: written }], this.windowLength);
    if (!channel.isArguments) {
      const scanned = scannedOf(channel, readEscapes(text.slice(from - base)));
      const limit = scanned.text.length + 1;
      return [{ channel, scanned, base: 0, limit, spans: [], replace: write }];
    }
    const literals = new JsonText(text.slice(from - base), write);
    json.set(channel, literals);
    return literals
      .slots(() => channel.path)
      .map((scanned) => ({
        channel,
        scanned,
        base: 0,
        limit: scanned.text.length + 1,
        spans: [],
        replace: scanned.replace,
      }));
  }

  /** Where the earliest long match could begin that later text may complete. */
  #openFrom(text: string): number {
    let from = text.length;
    for (const tally of this.tallies) {
      const { check } = tally.compiled;
      if (check?.kind === "local" && check.openFrom !== undefined && !tally.hasFailed) {
        try {
          from = Math.min(from, check.openFrom(text));
        } catch {
          this.#fail(tally, "What may be a match is longer than can be held back.");
        }
      }
    }
    return from;
  }

  #fail(tally: Tally, reason: string): void {
    const { rule } = tally.compiled;
    tally.failed(reason);
    this.block ??= stopsWhenFailed(rule) ? { rule, why: "failed" } : null;
  }

  #apply(tally: Tally, readings: readonly Reading[]): void {
    const { compiled } = tally;
    if (tally.hasFailed) {
      return;
    }
    const texts = readings.map(({ scanned }) => scanned);
    const run = runLocal(compiled, texts, this.#context);
    if (run.state === "failed") {
      this.#fail(tally, run.reason);
      return;
    }
    const { finding, durationUs } = run;
    tally.ran(durationUs, finding);
    if (!finding.triggered) {
      return;
    }
    const decided = finding.matches.filter((match) => isDecided(match, readings[match.at]));
    if (decided.length === 0 && finding.matches.length > 0) {
      return;
    }
    tally.acted(decided.map(({ kind }) => kind));
    if (compiled.rule.action === "block") {
      this.block ??= { rule: compiled.rule, why: "found" };
    }
    collect(readings, decided, compiled.rule.type);
  }

  #settle(
    due: readonly Channel[],
    ending: readonly boolean[],
    readings: readonly Reading[],
    json: ReadonlyMap<Channel, JsonText>,
  ): void {
    const replacements = new Map<Channel, Replacement[]>();
    for (const reading of readings) {
      carryOut(reading, replacements);
    }
    const limits = new Map(readings.map(({ channel, limit }) => [channel, limit]));
    for (const [at, channel] of due.entries()) {
      const isOver = ending[at] === true;
      json.get(channel)?.flush();
      const decided = channel.isJson ? undefined : limits.get(channel);
      const end = isOver ? channel.end : decided;
      if (end !== undefined) {
        channel.clear(end, replacements.get(channel) ?? [], this.windowLength);
      }
    }
  }
}

/** Replaces what was found: in JSON at once, else where the channel leaves. */
function carryOut(reading: Reading, into: Map<Channel, Replacement[]>): void {
  const { channel, spans, scanned, base, replace } = reading;
  const merged = mergeSpans(spans);
  if (replace === null) {
    into.set(
      channel,
      merged.map((span) => replacementOf(span, base, channel)),
    );
  } else if (merged.length > 0) {
    replace(applySpans(scanned.text, merged, ({ kind }) => redactionLabel(kind)));
  }
}

function windowOf({ check }: CompiledRule): number {
  return check?.kind === "local" ? check.window : 0;
}

/** Whether a match is complete and not yet dealt with. */
function isDecided({ start, end }: Match, reading: Reading | undefined): boolean {
  if (reading === undefined) {
    return false;
  }
  const { base, limit, channel, replace } = reading;
  if (replace !== null) {
    return true;
  }
  if (base + end <= channel.cleared || base + start >= limit) {
    return false;
  }
  // At the very beginning of what was kept, the cut and not the text may have made the match.
  return base + start >= channel.cleared || start > 0 || base === 0;
}

function collect(readings: readonly Reading[], matches: readonly Match[], whole: string): void {
  for (const { at, start, end, kind } of matches) {
    readings[at]?.spans.push({ start, end, kind, isMasked: false });
  }
  if (matches.length === 0) {
    // It judges texts as a whole, so they go as a whole.
    for (const { spans, scanned } of readings) {
      spans.push({ start: 0, end: scanned.text.length, kind: whole, isMasked: false });
    }
  }
}

/** A span in the channel's own offsets; what has left already cannot be taken back. */
function replacementOf({ start, end, kind }: Span, base: number, channel: Channel): Replacement {
  return {
    start: Math.max(base + start, channel.cleared),
    end: base + end,
    label: redactionLabel(kind),
  };
}
