import { hasLuhn } from "./checksums.ts";
import { isNumberOfThing } from "./context.ts";
import type { NumberForm } from "./numbers.ts";

/** The first digits that card networks have, with the lengths of their numbers. */
const NETWORKS: readonly { first: RegExp; lengths: readonly number[] }[] = [
  { first: /^4/, lengths: [16, 19] },
  { first: /^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, lengths: [16] },
  { first: /^3[47]/, lengths: [15] },
  { first: /^(?:6011|64[4-9]|65)/, lengths: [16, 19] },
  { first: /^(?:30[0-5]|3095|36|38|39)/, lengths: [14] },
  { first: /^35(?:2[89]|[3-8])/, lengths: [16] },
  { first: /^(?:62|81)/, lengths: [16, 17, 18, 19] },
  { first: /^(?:5018|5020|5038|5893|6304|6759|676[1-3])/, lengths: [16, 18, 19] },
  { first: /^220[0-4]/, lengths: [16] },
  { first: /^(?:60|65|81|82|508)/, lengths: [16] },
];
const ONE_DIGIT = /^(\d)\1+$/;

/** Payment cards: known first digits, the right length, Luhn's check, and the way they are printed. */
export const paymentCard: NumberForm = {
  kind: "payment_card",
  shapes: [
    ...["d14", "d15", "d16", "d17", "d18", "d19"],
    ...[" ", "-", "."].flatMap((by) => [
      ["d4", "d4", "d4", "d4"].join(by),
      ["d4", "d4", "d4", "d4", "d3"].join(by),
      ["d4", "d6", "d5"].join(by),
      ["d4", "d6", "d4"].join(by),
      ["d4", "d4", "d4", "d3"].join(by),
      ["d4", "d4", "d4", "d2"].join(by),
      ["d8", "d8"].join(by),
      ["d6", "d13"].join(by),
    ]),
  ],
  holds: ({ text, start, end, chars }) =>
    NETWORKS.some(({ first, lengths }) => lengths.includes(chars.length) && first.test(chars)) &&
    hasLuhn(chars) &&
    !ONE_DIGIT.test(chars) &&
    // Bare digits announced as an order's number are one, whatever their check says.
    !(end - start === chars.length && isNumberOfThing(text, start)),
};
