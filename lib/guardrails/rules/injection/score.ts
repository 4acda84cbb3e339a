import type { ScannedText, TextOrigin } from "../../define-rule.ts";
import { type Layer, layersOf } from "./layers.ts";
import type { Signal, SignalGroup } from "./signal.ts";
import { SIGNALS } from "./signals.ts";

/** What was seen in one text. */
export interface InjectionScore {
  /** 0 to 1. */
  score: number;
  groups: readonly SignalGroup[];
}

/** How much more or less is made of a signal for where it stands. */
const TRUST: Readonly<Record<TextOrigin, number>> = {
  system: 1,
  user: 1,
  assistant: 0.6,
  reasoning: 0.6,
  // Nobody has reason to give orders to a model in data that a tool has fetched.
  tool_call: 0.8,
  tool_result: 1.35,
  tool_definition: 1.2,
  input: 1,
};

/** Hiding something makes it worse: this much of the doubt is left. */
const HIDDEN_DOUBT = 0.5;
const MAX_WEIGHT = 0.97;

/** Words of those who talk about attacks, whose examples stand in quotation marks. */
const ABOUT_ATTACKS =
  /\b(?:prompt[- ]injections?|jailbreak(?:s|ing)? (?:attempts?|attacks?|prompts?|techniques?)|attack(?:s|ers?)?|red[- ]team\w{0,4}|owasp|classifier|detect(?:s|ion|or)?|security (?:training|review|policy|paper|awareness)|phishing|malicious|example of|examples? (?:like|such as)|phrases? (?:like|such as)|blog post|lecture|research|paper)\b/;
/** A quotation that has begun shortly before, and is not over. */
const QUOTED = /["“«`][^"”»`]{0,20}$/;
const QUOTE_REACH = 21;
const QUOTE_DOUBT = 0.45;

/** Scores a text from signals in it and in whatever it holds in another form. */
export function scoreText({ text, origin }: ScannedText): InjectionScore {
  const { layers, invisible, lookalikes } = layersOf(text);
  const weights = new Map<SignalGroup, number>();
  for (const layer of layers) {
    for (const [group, weight] of signalsIn(layer, origin)) {
      raise(weights, group, weight);
    }
  }
  if (layers.some(({ kind, text: found }) => kind === "hidden" && found.length > 3)) {
    raise(weights, "hidden_text", 0.5);
  }
  if (weights.size > 0 && invisible + lookalikes > 2) {
    raise(weights, "hidden_text", 0.5);
  }
  let doubt = 1;
  for (const weight of weights.values()) {
    doubt *= 1 - Math.min(MAX_WEIGHT, weight * TRUST[origin]);
  }
  return { score: 1 - doubt, groups: [...weights.keys()] };
}

function signalsIn(layer: Layer, origin: TextOrigin): Map<SignalGroup, number> {
  const found = new Map<SignalGroup, number>();
  const gates = new Map<RegExp | undefined, boolean>([[undefined, true]]);
  for (const signal of fromTools(origin) ? SIGNALS : EVERYWHERE) {
    const { gate } = signal;
    const isOpen = gates.get(gate) ?? gate?.test(layer.text) === true;
    gates.set(gate, isOpen);
    if (isOpen && (found.get(signal.group) ?? 0) < signal.weight) {
      raise(found, signal.group, weightIn(layer.text, signal));
    }
  }
  if (found.size > 0 && layer.kind !== "plain") {
    for (const [group, weight] of found) {
      found.set(group, 1 - (1 - weight) * HIDDEN_DOUBT);
    }
    raise(found, "encoded", 0.3);
  }
  return found;
}

const EVERYWHERE = SIGNALS.filter(({ fromToolsOnly }) => fromToolsOnly !== true);

function fromTools(origin: TextOrigin): boolean {
  return origin === "tool_result" || origin === "tool_definition";
}

/** A signal's weight in a text, 0 where it is not met, and less where it is only quoted. */
function weightIn(text: string, signal: Signal): number {
  const { weight } = signal;
  const places = [...firstPlaces(text, signal)];
  if (places.length === 0) {
    return 0;
  }
  const isQuoted =
    places.every((at) => QUOTED.test(text.slice(Math.max(0, at - QUOTE_REACH), at))) &&
    ABOUT_ATTACKS.test(text);
  return isQuoted ? weight * QUOTE_DOUBT : weight;
}

function raise(weights: Map<SignalGroup, number>, group: SignalGroup, weight: number): void {
  if (weight === 0) {
    return;
  }
  weights.set(group, Math.max(weights.get(group) ?? 0, weight));
}

/** How far apart two things may stand in one sentence and still be about the same. */
const REACH = 80;
const SENTENCE_END = /[.!?\n]/;

function areIn(sentence: string, patterns: readonly RegExp[]): boolean {
  return patterns.every((pattern) => pattern.test(sentence));
}

function sentenceAround(text: string, start: number, end: number): string {
  const before =
    text
      .slice(Math.max(0, start - REACH), start)
      .split(SENTENCE_END)
      .at(-1) ?? "";
  const after = text.slice(end, end + REACH).split(SENTENCE_END)[0] ?? "";
  return before + text.slice(start, end) + after;
}

const MAX_PLACES = 20;

/** Where a pattern is met, the first few times. */
function* firstPlaces(text: string, { pattern, near }: Signal): Generator<number> {
  let count = 0;
  for (const { index, 0: found } of text.matchAll(pattern)) {
    if (near === undefined || areIn(sentenceAround(text, index, index + found.length), near)) {
      yield index;
    }
    count += 1;
    if (count === MAX_PLACES) {
      return;
    }
  }
}
