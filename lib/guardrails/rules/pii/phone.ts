import { type CountryCode, parsePhoneNumberFromString } from "libphonenumber-js/max";
import metadata from "libphonenumber-js/max/metadata";
import type { Span } from "../spans.ts";
import { CONTEXT_LENGTH, isNumberOfThing } from "./context.ts";
import { isDigitAt, isPartOfLonger } from "./groups.ts";

/** The longest way of writing a number that is looked for, with the words that announce it. */
export const PHONE_WINDOW = 32 + CONTEXT_LENGTH;

/**
 * The library takes 40 µs for a number. So many of a text are asked of it; in a text with more, which
 * is a list of numbers, their form is enough.
 */
const MOST_ASKED = 20;
const FEWEST_DIGITS = 7;
const MOST_DIGITS = 15;

/** Where a number can begin: at a plus or a bracket before a digit, or at the first digit of a run. */
const START = /[+(]?(?<![0-9A-Za-z\u00c0-\u024f])\d(?:[\d .()/-]{5})/g;

/** Finds telephone numbers: of every country with their `+`, national ones of these regions. */
export function findPhones(regions: readonly CountryCode[]): (text: string) => Span[] {
  return (text) => {
    const search: Search = { text, regions, asked: 0, announced: announcements(text) };
    const spans: Span[] = [];
    let at = nextStart(text, 0);
    while (at < text.length) {
      const end = endOfPhone(search, at);
      if (end !== undefined) {
        spans.push({ start: at, end, kind: "phone" });
      }
      at = nextStart(text, end ?? endOfDigits(text, at + 1));
    }
    return spans;
  };
}

interface Search {
  text: string;
  regions: readonly CountryCode[];
  asked: number;
  announced(start: number): boolean;
}

function nextStart(text: string, from: number): number {
  START.lastIndex = from;
  return START.exec(text)?.index ?? text.length;
}

function endOfDigits(text: string, from: number): number {
  let at = from;
  while (isDigitAt(text, at)) {
    at += 1;
  }
  return at;
}

const INTERNATIONAL = /(?:\+|00(?=[1-9]))\d{1,3}[ .-]?(?:\(0\) ?)?(?:[ .()/-]{0,2}\d{1,14}){1,7}/y;

/** The ways in which national numbers are written; a date or a row of amounts is none of them. */
const IN_BRACKETS = [/\(\d{2,5}\) ?\d{2,4}(?:[ .-]?\d{2,4}){1,3}/y];
const WITH_ZERO = [
  /0\d([. -])\d{2}\1\d{2}\1\d{2}\1\d{2}/y,
  /0\d{1,4}[-/ ]\d{3,4}(?:[ -]?\d{2,4}){0,4}/y,
  /0\d{2,4}[-/ ]\d{2,4}(?:[ -]?\d{2,4}){1,3}/y,
];
const OTHERS = [/(?:1[-. ])?\d{3}([-. ])\d{3}\1\d{4}/y];

function formsOf(first: string | undefined): readonly RegExp[] {
  if (first === "(") {
    return IN_BRACKETS;
  }
  return first === "0" ? WITH_ZERO : OTHERS;
}

/** What an announced number may look like; `phone: 2125550100`. */
const ANNOUNCED = /\(?\d{1,11}\)?(?:[ .()/-]{0,2}\d{1,8}){0,6}/y;

/** Where the number that begins here ends, when one does. */
function endOfPhone(search: Search, start: number): number | undefined {
  const { text } = search;
  const international = text[start] === "+" || text.startsWith("00", start);
  if (international) {
    return longestValid(search, start, runOf(INTERNATIONAL, text, start));
  }
  const isAnnounced = search.announced(start);
  const forms = formsOf(text[start]);
  for (const form of isAnnounced ? [...forms, ANNOUNCED] : forms) {
    const run = runOf(form, text, start);
    if (run !== "" && (isAnnounced || standsAlone(text, start))) {
      const end = longestValid(search, start, run);
      if (end !== undefined) {
        return end;
      }
    }
  }
  return undefined;
}

/** Not in a row of numbers, and not the number of a thing. */
function standsAlone(text: string, start: number): boolean {
  const isInRow = isDigitAt(text, start - 2) && " ./-".includes(text[start - 1] ?? "x");
  return !isInRow && !isNumberOfThing(text, start);
}

function runOf(form: RegExp, text: string, start: number): string {
  form.lastIndex = start;
  return form.exec(text)?.[0] ?? "";
}

/** A year or an amount may follow a number with nothing but a space between them. */
const MOST_TRIES = 3;

function longestValid(search: Search, start: number, run: string): number | undefined {
  let tries = 0;
  for (let length = run.length; length >= FEWEST_DIGITS && tries < MOST_TRIES; length -= 1) {
    const end = start + length;
    const isEnd = isDigitAt(search.text, end - 1) && !isDigitAt(search.text, end);
    tries += isEnd ? 1 : 0;
    if (isEnd && isPhone(search, start, end)) {
      return end;
    }
  }
  return undefined;
}

function isPhone(search: Search, start: number, end: number): boolean {
  const number = digitsOf(search.text.slice(start, end));
  if (
    number.length < FEWEST_DIGITS ||
    number.length > MOST_DIGITS + 1 ||
    search.text[end] === "@" ||
    isPartOfLonger(search.text, start, end) ||
    (!number.startsWith("+") && goesOn(search.text, start, end))
  ) {
    return false;
  }
  search.asked += 1;
  return search.asked > MOST_ASKED ? hasPlausibleForm(number) : isValid(number, search.regions);
}

/** Whether more digits follow behind the sign that stands between the last ones: a row of numbers. */
function goesOn(text: string, start: number, end: number): boolean {
  let at = end - 1;
  while (at > start && isDigitAt(text, at)) {
    at -= 1;
  }
  return isDigitAt(text, end + 1) && text[end] === text[at];
}

function digitsOf(written: string): string {
  return written
    .replace("(0)", "")
    .replace(/[^\d+]/g, "")
    .replace(/^00(?=[1-9])/, "+");
}

function isValid(number: string, regions: readonly CountryCode[]): boolean {
  const countries = number.startsWith("+") ? [undefined] : regions;
  return countries.some(
    (country) =>
      parsePhoneNumberFromString(number, {
        extract: false,
        ...(country && { defaultCountry: country }),
      })?.isValid() === true,
  );
}

/** A known calling code in front, for a number that has its country. */
function hasPlausibleForm(number: string): boolean {
  return (
    !number.startsWith("+") ||
    [2, 3, 4].some((end) => number.slice(1, end) in metadata.country_calling_codes)
  );
}

const WORDS =
  /phone|\btel\b|telefon|t[ée]l[ée]phone|tel[ée]fono|\bmobi(?:le?|l)\b|\bcell\b|\bcall(?:ed|ing)?\b|\bfax\b|whatsapp|\bsms\b|\btext(?:ed)? (?:me|him|her|us|them)\b|\bdial\b|\bhandy|\bring (?:me|us)\b|\breach (?:me|him|her|us|them)\b|hotline|rufnummer|电话|電話|手机|전화|телефон/gi;

/** Tells whether a word before an offset announces a telephone number. Reads the text once. */
function announcements(text: string): (start: number) => boolean {
  let ends: number[] | undefined;
  let next = 0;
  return (start) => {
    ends ??= Array.from(text.matchAll(WORDS), ({ index, 0: word }) => index + word.length);
    while (next < ends.length && (ends[next] ?? 0) <= start) {
      next += 1;
    }
    const last = ends[next - 1];
    return last !== undefined && start - last <= CONTEXT_LENGTH;
  };
}
