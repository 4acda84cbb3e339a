import { z } from "zod";
import { formatUsd, parseUsd } from "../money.ts";

/**
 * Amounts of money in JSON: a decimal string or a number of US dollars in, a decimal string out.
 * Inside they are nano-dollars in a `bigint`.
 */

/** Budgets are also counted in Redis, whose numbers are exact only below 2⁵³ nano-dollars. */
const MAX_USD = 9_000_000n;
const NANOS_PER_USD = 1_000_000_000n;
/** A JSON number is a binary double, and 15 significant digits are what one always keeps. */
const EXACT_DIGITS = 15;

function significantDigits(value: number): number {
  const [digits = ""] = String(value).split("e");
  return digits.replace(/[-.]/g, "").replace(/^0+/, "").replace(/0+$/, "").length;
}

function whyNotAmount(value: string | number, nanos: bigint | undefined): string | undefined {
  if (value === "") {
    return "must be an amount, such as 12.50";
  }
  if (nanos === undefined) {
    return 'must be an amount of US dollars with at most nine decimals, such as 12.5 or "12.50"';
  }
  if (typeof value === "number" && significantDigits(value) > EXACT_DIGITS) {
    return "has more digits than a JSON number keeps exactly; send it as a string";
  }
  if (nanos < 0n || nanos > MAX_USD * NANOS_PER_USD) {
    return `must be between 0 and ${MAX_USD} US dollars`;
  }
  return undefined;
}

/** An amount from a request, as nano-dollars. */
export const usdInput = z
  .union([z.string(), z.number()])
  .transform((value, context): bigint => {
    const nanos = parseUsd(value);
    const problem = whyNotAmount(value, nanos);
    if (nanos === undefined || problem !== undefined) {
      context.addIssue({ code: "custom", message: problem ?? "is no amount" });
      return z.NEVER;
    }
    return nanos;
  })
  .meta({
    description: "US dollars with at most nine decimals, as a decimal string or a number.",
    examples: ["50.00", 12.5],
  });

/** An amount in an answer. */
export const usdOutput = z.string().meta({
  description: "US dollars as an exact decimal string.",
  examples: ["0.00123"],
});

/** `formatUsd` for an amount that may be absent. */
export function formatOptionalUsd(nanos: bigint | null): string | null {
  return nanos === null ? null : formatUsd(nanos);
}
