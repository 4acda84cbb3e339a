import { parseUsd } from "../money.ts";
import type { RequestLogDetail } from "./request-log.ts";

/** One line of a request's bill: `tokens × $ per million = amount`, all of it exact. */
export interface CostPart {
  id: string;
  label: string;
  /** `null` for a fee per request. */
  tokens: number | null;
  /** US dollars per million tokens, or per request; a decimal string. */
  price_usd: string;
  /** A decimal string of US dollars with up to 15 places, unrounded. */
  amount_usd: string;
}

export interface CostBill {
  parts: CostPart[];
  /** The total less the sum of the parts: what rounding to a nano-dollar added or took. */
  rounding_usd: string | null;
  total_usd: string;
}

/** Parts of a dollar in which tokens × price comes out whole: 10⁻⁹ USD per 10⁶ tokens. */
const PLACES = 15;
const PER_NANO = 1_000_000n;

const LABELS: Readonly<Record<string, string>> = {
  input: "Input",
  cache_read: "Cache read",
  cache_write_5m: "Cache write, 5 min",
  cache_write_1h: "Cache write, 1 h",
  audio_in: "Audio in",
  output: "Output",
  reasoning: "Reasoning",
  audio_out: "Audio out",
  request: "Request",
};

/**
 * The bill of a request from the prices on its own row, not from those of today. `null` where no
 * price was applied. The parts and the rounding sum to the total to the last digit.
 */
export function costBillOf(
  log: Pick<RequestLogDetail, "price_snapshot" | "tokens" | "cost_usd">,
): CostBill | null {
  const { price_snapshot: prices, cost_usd } = log;
  const total = parseUsd(cost_usd);
  if (prices === null || total === undefined) {
    return null;
  }
  const parts = Object.keys(LABELS).flatMap((id) => partOf(log.tokens, prices, id) ?? []);
  const sum = parts.reduce((units, part) => units + part.units, 0n);
  const rounding = total * PER_NANO - sum;
  return {
    parts: parts.map(({ units, ...part }) => ({ ...part, amount_usd: exactUsd(units) })),
    rounding_usd: rounding === 0n ? null : exactUsd(rounding),
    total_usd: cost_usd,
  };
}

type Prices = Readonly<Record<string, string>>;

function partOf(
  counts: RequestLogDetail["tokens"],
  prices: Prices,
  id: string,
): (Omit<CostPart, "amount_usd"> & { units: bigint }) | undefined {
  const price = prices[id];
  const nanos = price === undefined ? undefined : parseUsd(price);
  if (price === undefined || nanos === undefined) {
    return undefined;
  }
  const label = LABELS[id] ?? id;
  if (id === "request") {
    // A fee is per million requests, as prices are per million tokens.
    return { id, label, tokens: null, price_usd: exactUsd(nanos), units: nanos };
  }
  const tokens = tokensOf(counts, prices, id);
  return { id, label, tokens, price_usd: price, units: BigInt(tokens) * nanos };
}

/** Reasoning is part of the output, and taken out of it where it has a price of its own. */
function tokensOf(tokens: RequestLogDetail["tokens"], prices: Prices, id: string): number {
  if (id === "output") {
    const reasoning = prices["reasoning"] === undefined ? 0 : tokens.reasoning;
    return tokens.output - Math.min(reasoning, tokens.output);
  }
  const counts: Readonly<Record<string, number>> = tokens;
  return counts[id] ?? 0;
}

/** Units of 10⁻¹⁵ US dollars as a decimal string without trailing zeros. */
function exactUsd(units: bigint): string {
  const absolute = (units < 0n ? -units : units).toString().padStart(PLACES + 1, "0");
  const whole = absolute.slice(0, -PLACES);
  const fraction = absolute.slice(-PLACES).replace(/0+$/, "");
  const text = fraction === "" ? whole : `${whole}.${fraction}`;
  return units < 0n ? `-${text}` : text;
}
