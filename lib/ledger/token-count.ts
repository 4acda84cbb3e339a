import type { GptEncoding } from "gpt-tokenizer/GptEncoding";
import { singleton } from "#lib/singleton.ts";

type Tokenizer = Pick<GptEncoding, "countTokens">;

/** Texts up to this size are tokenized before a call; longer ones are estimated by their bytes. */
const TOKENIZED_BYTES = 8 * 1024;
/**
 * A run without a change between space and ink that is longer than this is not tokenized: merging
 * byte pairs takes time with the square of a run's length (100,000 equal letters take seconds).
 */
const MAX_RUN = 200;
const BYTES_PER_TOKEN = 3;
const BYTES_PER_RUN_TOKEN = 2;
const CHUNK_CHARS = 8 * 1024;

interface Holder {
  tokenizer: Tokenizer | undefined;
  loading: Promise<Tokenizer> | undefined;
}

function holder(): Holder {
  return singleton("tokenizer", () => ({ tokenizer: undefined, loading: undefined }));
}

/** Loads the o200k vocabulary (2.4 MB, some hundred milliseconds) once per process. */
export async function loadTokenizer(): Promise<void> {
  await requireTokenizer();
}

async function requireTokenizer(): Promise<Tokenizer> {
  const held = holder();
  held.loading ??= import("gpt-tokenizer/encoding/o200k_base").then((module) => module.default);
  held.tokenizer = await held.loading;
  return held.tokenizer;
}

/**
 * Tokens of a text, for usage that an upstream did not report. Long texts are counted in pieces with
 * a turn of the event loop between them, so that no request waits for another's answer.
 */
export async function countTokens(text: string): Promise<number> {
  if (text === "") {
    return 0;
  }
  const tokenizer = await requireTokenizer();
  let tokens = 0;
  for (let from = 0; from < text.length; ) {
    const to = chunkEnd(text, from);
    tokens += countShort(tokenizer, text.slice(from, to));
    from = to;
    if (from < text.length) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return tokens;
}

/** The end of the chunk that begins at `from`: before a space where there is one. */
function chunkEnd(text: string, from: number): number {
  if (text.length - from <= CHUNK_CHARS) {
    return text.length;
  }
  const space = text.lastIndexOf(" ", from + CHUNK_CHARS);
  return space > from ? space : from + CHUNK_CHARS;
}

/**
 * Tokens of the texts of one request, at once: the tokenizer's count up to 8 kB together, a third of
 * the bytes above. Until the vocabulary is loaded, which the first call starts, bytes decide too.
 */
export function estimateTokens(texts: readonly string[]): number {
  let bytes = 0;
  for (const text of texts) {
    bytes += Buffer.byteLength(text);
  }
  const { tokenizer } = holder();
  if (bytes > TOKENIZED_BYTES || tokenizer === undefined) {
    if (tokenizer === undefined) {
      // The estimate does not need it; a vocabulary that cannot be loaded fails where it is needed.
      loadTokenizer().catch(() => undefined);
    }
    return Math.ceil(bytes / BYTES_PER_TOKEN);
  }
  let tokens = 0;
  for (const text of texts) {
    tokens += countShort(tokenizer, text);
  }
  return tokens;
}

/**
 * At least as many tokens as nearly any text of this length has, without looking at it: half of its
 * bytes (English has a quarter, digits and code somewhat more), and a third above 8 kB.
 */
export function boundTokens(texts: readonly string[]): number {
  let bytes = 0;
  for (const text of texts) {
    bytes += Buffer.byteLength(text);
  }
  return Math.ceil(bytes / (bytes > TOKENIZED_BYTES ? BYTES_PER_TOKEN : BYTES_PER_RUN_TOKEN));
}

/** Names of special tokens in a text are text; by default the tokenizer throws for them. */
const PLAIN_TEXT = { disallowedSpecial: new Set<string>() };

function countShort(tokenizer: Tokenizer, text: string): number {
  let tokens = 0;
  let from = 0;
  for (const run of longRuns(text)) {
    tokens += tokenizer.countTokens(text.slice(from, run.from), PLAIN_TEXT);
    const bytes = Buffer.byteLength(text.slice(run.from, run.to));
    tokens += Math.ceil(bytes / BYTES_PER_RUN_TOKEN);
    from = run.to;
  }
  const rest = from === 0 ? text : text.slice(from);
  return tokens + (rest === "" ? 0 : tokenizer.countTokens(rest, PLAIN_TEXT));
}

interface Run {
  from: number;
  to: number;
}

/** The stretches that are too long to be merged: all space, or all something else. */
function longRuns(text: string): Run[] {
  const runs: Run[] = [];
  let from = 0;
  let isSpace = isSpaceAt(text, 0);
  for (let at = 1; at <= text.length; at += 1) {
    if (at < text.length && isSpaceAt(text, at) === isSpace) {
      continue;
    }
    if (at - from > MAX_RUN) {
      runs.push({ from, to: at });
    }
    from = at;
    isSpace = !isSpace;
  }
  return runs;
}

/** Space and control characters of ASCII; other kinds of space only make a run longer. */
function isSpaceAt(text: string, at: number): boolean {
  return text.charCodeAt(at) <= 0x20;
}
