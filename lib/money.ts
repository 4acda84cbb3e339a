/**
 * Money is an integer number of nano-dollars (10⁻⁹ USD) in a `bigint`; prices are nano-dollars per
 * million tokens. Decimal strings appear only at the edges, and binary floats nowhere.
 */
const NANOS_PER_USD = 1_000_000_000n;
const TOKENS_PER_PRICE_UNIT = 1_000_000n;
const USD_PATTERN = /^(-?)(\d{1,12})(?:\.(\d{1,9}))?$/;

/**
 * Reads an amount of US dollars, given as a decimal string or a JSON number, as nano-dollars.
 * Returns `undefined` when it is not a decimal with at most nine places.
 */
export function parseUsd(value: string | number): bigint | undefined {
  const match = USD_PATTERN.exec(typeof value === "number" ? decimalOf(value) : value.trim());
  if (match === null) {
    return undefined;
  }
  const [, sign, whole = "0", fraction = ""] = match;
  const nanos = BigInt(whole) * NANOS_PER_USD + BigInt(fraction.padEnd(9, "0"));
  return sign === "-" ? -nanos : nanos;
}

/**
 * JavaScript prints numbers below 10⁻⁶ in exponent form, which is legal JSON (`1e-7`) and has to
 * be read like any other decimal. Ten places are printed so that a tenth one is refused, not lost.
 */
function decimalOf(value: number): string {
  const text = String(value);
  if (!text.includes("e-")) {
    return text;
  }
  return value.toFixed(20).replace(/0+$/, "");
}

/** Writes nano-dollars as a decimal string of US dollars without trailing zeros: `"0.00123"`. */
export function formatUsd(nanos: bigint): string {
  const absolute = nanos < 0n ? -nanos : nanos;
  const whole = absolute / NANOS_PER_USD;
  const fraction = (absolute % NANOS_PER_USD).toString().padStart(9, "0").replace(/0+$/, "");
  const text = fraction === "" ? whole.toString() : `${whole}.${fraction}`;
  return nanos < 0n ? `-${text}` : text;
}

/** One line of a bill: a number of tokens at a price in nano-dollars per million tokens. */
export interface CostLine {
  tokens: number;
  nanosPerMillion: bigint;
}

/**
 * Sums lines to nano-dollars, rounded half up once, at the end. Never throws and never gives back
 * money, whatever the counts: part tokens are dropped, and what is no positive number counts nothing.
 */
export function costNanos(lines: readonly CostLine[]): bigint {
  let total = 0n;
  for (const line of lines) {
    if (line.tokens > 0) {
      const tokens = Math.min(Math.floor(line.tokens), Number.MAX_SAFE_INTEGER);
      total += BigInt(tokens) * line.nanosPerMillion;
    }
  }
  return (total + TOKENS_PER_PRICE_UNIT / 2n) / TOKENS_PER_PRICE_UNIT;
}
