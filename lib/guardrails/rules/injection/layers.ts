import { foldText } from "../fold.ts";
import { rot13 } from "../rot13.ts";
import { BINARY, fromBase64, fromBinary, fromHex, isReadable, unleet } from "./decode.ts";
import { survey } from "./survey.ts";

/** A text that another one turns out to be or to hold. */
export interface Layer {
  /** Folded, as signals want it. */
  text: string;
  /** How it was hidden; `plain` for the text itself. */
  kind: "plain" | "encoded" | "hidden" | "spaced" | "leet";
}

/** Encodings within encodings are followed this deep. */
const MAX_DEPTH = 3;

const BASE64 = /[A-Za-z0-9+/_-]{20,}={0,2}/g;
const HEX = /(?:(?:\\x|0x|%|\b)?[0-9a-fA-F]{2}[ ,:-]?){12,}/g;
const PERCENT = /(?:%[0-9a-fA-F]{2}[\w.~-]{0,16}){3,}/g;
const ESCAPES = /(?:(?:\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|&#x?[0-9a-fA-F]{1,6};)[ ]?){4,}/g;
const ESCAPE = /\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})|&#x([0-9a-fA-F]{1,6});|&#(\d{1,7});/g;
const SPACED = /(?<![a-z])(?:[a-z][ .\-_*|/]{1,3}){7,}[a-z](?![a-z])/g;
/** A digit or sign that stands for a letter, between two others. */
const LEET = /[a-z][013457@$!|][a-z0-9@$!|]/;

/** Pieces of the words that sentences and attempts cannot do without, to be known under a cipher. */
const TELLTALE = ["ignor", "instruct", "prompt", "system", "disregard", "previous"];
const COMMON = ["the", "and", "your", "you", "all", "with", "from", "this", "that", "are", "not"];
const ROT13 = telltales(rot13);
const REVERSED = telltales(reversed);

function telltales(cipher: (text: string) => string): RegExp {
  const words = COMMON.map(cipher).join("|");
  return new RegExp(`${TELLTALE.map(cipher).join("|")}|\\b(?:${words})\\b`, "g");
}

/** The text itself, folded, and whatever else can be read out of it. */
export function layersOf(text: string): { layers: Layer[]; invisible: number; lookalikes: number } {
  const folded = foldText(text);
  const signs = survey(text);
  const layers: Layer[] = [{ text: closeUp(folded.text), kind: "plain" }];
  if (folded.hidden !== "") {
    layers.push({ text: folded.hidden.toLowerCase(), kind: "hidden" });
  }
  for (const found of [...(signs.encoded ? decodedIn(text) : []), ...ciphersIn(folded.text)]) {
    layers.push({ text: foldText(found).text, kind: "encoded" });
  }
  const joined = signs.spaced ? joinSpaced(folded.text) : "";
  if (joined !== "") {
    layers.push({ text: joined, kind: "spaced" });
  }
  if (signs.digits && LEET.test(folded.text)) {
    layers.push({ text: unleet(folded.text), kind: "leet" });
  }
  return { layers, invisible: folded.invisible, lookalikes: folded.lookalikes };
}

/** Wide gaps between words and lines, which patterns would take for the end of a sentence, made small. */
function closeUp(text: string): string {
  return text.replaceAll(/[^\S\n]{2,}/g, " ").replaceAll(/\n\s{2,}/g, "\n\n");
}

/**
 * What stands in a text in base64, hexadecimal, percent or escape sequences, or in bits: all of it
 * together, so that a sentence in many pieces is read as one, and again what stands in that.
 */
function decodedIn(text: string): string[] {
  const found: string[] = [];
  let outer = text;
  for (let depth = 0; depth < MAX_DEPTH; depth += 1) {
    const pieces = DECODERS.flatMap(([pattern, decode]) =>
      [...outer.matchAll(pattern)].map(([blob]) => decode(blob)),
    );
    outer = pieces.filter((piece) => piece !== undefined && isReadable(piece)).join("\n");
    if (outer === "") {
      break;
    }
    found.push(outer);
  }
  return found;
}

const DECODERS: readonly (readonly [RegExp, (blob: string) => string | undefined])[] = [
  [BASE64, fromBase64],
  [HEX, fromHex],
  [BINARY, fromBinary],
  [PERCENT, fromPercent],
  [ESCAPES, fromEscapes],
];

function fromPercent(blob: string): string | undefined {
  try {
    return decodeURIComponent(blob).replaceAll("+", " ");
  } catch {
    // A percent sign that is none.
    return undefined;
  }
}

function fromEscapes(blob: string): string {
  const pieces = [...blob.matchAll(ESCAPE)].map(([, unicode, hex, entity, decimal]) => {
    const code =
      decimal === undefined
        ? Number.parseInt(unicode ?? hex ?? entity ?? "0", 16)
        : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : "";
  });
  return pieces.join("");
}

function ciphersIn(folded: string): string[] {
  const found: string[] = [];
  if (hasTwo(folded, ROT13)) {
    found.push(rot13(folded));
  }
  if (hasTwo(folded, REVERSED)) {
    found.push(reversed(folded));
  }
  return found;
}

/** One telltale may be chance, but two are no accident. */
function hasTwo(text: string, parts: RegExp): boolean {
  return new Set(text.match(parts)).size >= 2;
}

function reversed(text: string): string {
  return [...text].reverse().join("");
}

/** Words that were written l i k e this, put together; two or more separators end a word. */
function joinSpaced(folded: string): string {
  return [...folded.matchAll(SPACED)]
    .map(([run]) =>
      run.replace(/(?<=[a-z])([ .\-_*|/])(?=[a-z])/g, "").replace(/[ .\-_*|/]+/g, " "),
    )
    .join("\n");
}
