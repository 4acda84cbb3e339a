import { isNumberOfThing } from "./context.ts";
import { EUROPEAN_IDS } from "./european-ids.ts";
import type { NumberForm } from "./numbers.ts";
import { WORLD_IDS } from "./world-ids.ts";

/** A number that a state gives to its people. */
export interface IdForm {
  /** For whoever reads the table. */
  name: string;
  /** As in `NumberForm`. */
  shapes: readonly string[];
  /** Words that must stand before it, where too many other numbers pass its check. */
  words?: RegExp;
  /** Whether small letters are usual too. */
  anyCase?: boolean;
  /** Its check over the letters and digits alone, in upper case. */
  holds(chars: string): boolean;
}

const SSN_WORDS = /\bssn\b|social.?sec|\bitin\b|tax.?payer|\btin\b|tax.?id/;
/** Printed on wallets and in leaflets, and never given to anybody. */
const SPECIMENS = new Set(["078051120", "219099999", "123456789"]);

/** Whether nine digits can be a number of the US Social Security, or an ITIN. */
function isSocialSecurity(chars: string): boolean {
  return (
    /^(?!000|666|9\d\d(?!7|8|9[0-24-9]|5|6[0-5]))\d{3}(?!00)\d{2}(?!0000)\d{4}$/.test(chars) &&
    !SPECIMENS.has(chars)
  );
}

/** US Social Security numbers: with their hyphens, or announced as such. */
export const socialSecurity: readonly NumberForm[] = [
  {
    kind: "ssn",
    shapes: ["d3-d2-d4"],
    holds: ({ text, start, chars }) => isSocialSecurity(chars) && !isNumberOfThing(text, start),
  },
  {
    kind: "ssn",
    shapes: ["d9", "d3 d2 d4", "d3.d2.d4"],
    holds: ({ chars, before }) => isSocialSecurity(chars) && SSN_WORDS.test(before()),
  },
];

/** The numbers of other states. */
export const nationalIds: readonly NumberForm[] = [...EUROPEAN_IDS, ...WORLD_IDS].map(
  ({ shapes, words, anyCase, holds }) => ({
    kind: "national_id",
    shapes,
    holds: ({ text, start, end, chars, before }) =>
      (anyCase === true || !/[a-z]/.test(text.slice(start, end))) &&
      holds(chars) &&
      (words === undefined ? !isNumberOfThing(text, start) : words.test(before())),
  }),
);
