import { getProvider } from "#lib/catalog/providers.ts";
import type { Price, PriceList, TieredPrices, UnitPrices } from "#lib/contract/snapshot.ts";
import { totalTokens, type Usage } from "#lib/contract/usage.ts";
import { type CostLine, costNanos, formatUsd } from "#lib/money.ts";
import { getCataloguePrice, scheduledAt } from "./catalogue-price.ts";
import { type PriceOverride, pickOverride, priceOfOverride } from "./price-override.ts";

/** What a deployment row says about its price, in nano-dollars per million tokens. */
export interface PriceSource {
  provider: string;
  modelName: string;
  inputPricePerMillionNanos: bigint | null;
  outputPricePerMillionNanos: bigint | null;
  /** What an administrator has set for models by name; none when left out. */
  overrides?: readonly PriceOverride[];
}

/** What one attempt cost, with the unit prices that were applied (US dollars per million). */
export interface PricedUsage {
  costNanos: bigint;
  snapshot: Record<string, string> | null;
  state: Price["state"];
}

/**
 * The price of a deployment: its own figures first (both zero is free by declaration), then what an
 * administrator set for its model, then what its provider's row declares, then the built-in
 * catalogue, else `unpriced`, which is not zero. When only one of the two figures is given, the catalogue fills in the other, else it is zero.
 */
export function compilePrice(source: PriceSource): Price {
  const { inputPricePerMillionNanos: input, outputPricePerMillionNanos: output } = source;
  if (input !== null || output !== null) {
    return ownPrice(source);
  }
  const override = pickOverride(source.overrides ?? [], source, Date.now());
  if (override !== undefined) {
    return priceOfOverride(override);
  }
  if (getProvider(source.provider)?.free === true) {
    return { state: "free" };
  }
  const list = getCataloguePrice(source);
  return list === undefined ? { state: "unpriced" } : { state: "priced", list };
}

function ownPrice(source: PriceSource): Price {
  const { inputPricePerMillionNanos, outputPricePerMillionNanos } = source;
  const isWhole = inputPricePerMillionNanos !== null && outputPricePerMillionNanos !== null;
  const known = isWhole ? undefined : getCataloguePrice(source)?.base;
  const input = inputPricePerMillionNanos ?? known?.input ?? 0n;
  const output = outputPricePerMillionNanos ?? known?.output ?? 0n;
  if (input === 0n && output === 0n) {
    return { state: "free" };
  }
  const base: UnitPrices = {
    input,
    output,
    cacheRead: input,
    cacheWrite5m: input,
    cacheWrite1h: input,
    audioIn: input,
    audioOut: output,
  };
  return { state: "priced", list: { base, tiers: [], source: "override" } };
}

/** Everything a provider counts as input; tiers are chosen by it. */
function totalInput(usage: Usage): number {
  return usage.input + usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h + usage.audioIn;
}

/** The unit prices of a list for a request of this size at this time. */
export function unitPricesOf(list: PriceList, inputTokens: number, atMs: number): UnitPrices {
  const prices: TieredPrices =
    list.schedule === undefined ? list : (scheduledAt(list.schedule, atMs) ?? list);
  if (prices.tiers.length === 0) {
    return prices.base;
  }
  const tier = prices.tiers.findLast((row) => inputTokens > row.aboveInputTokens);
  return tier?.prices ?? prices.base;
}

/** What a token of output may cost: as answer or as reasoning, whichever is dearer. */
export function dearerOutput({ output, reasoning = 0n }: UnitPrices): bigint {
  return reasoning > output ? reasoning : output;
}

/**
 * What one attempt cost: Σ tokens × price, rounded half up once. The parts of `Usage` do not
 * overlap, so that no token is charged twice. `atMs` picks prices that change by date.
 */
export function priceUsage(usage: Usage, price: Price, atMs: number = Date.now()): PricedUsage {
  if (price.state !== "priced") {
    return { costNanos: 0n, snapshot: null, state: price.state };
  }
  const unit = unitPricesOf(price.list, totalInput(usage), atMs);
  const lines: CostLine[] = [];
  const snapshot: Record<string, string> = {};
  for (const [part, count] of partsOf(usage, unit)) {
    const nanosPerMillion = unit[part];
    if (count > 0 && nanosPerMillion !== undefined) {
      lines.push({ tokens: count, nanosPerMillion });
      snapshot[SNAPSHOT_NAMES[part]] = formatUsd(nanosPerMillion);
    }
  }
  return { costNanos: costNanos(lines), snapshot, state: "priced" };
}

/** The names under which unit prices stand in a log row's price snapshot. */
const SNAPSHOT_NAMES = {
  input: "input",
  cacheRead: "cache_read",
  cacheWrite5m: "cache_write_5m",
  cacheWrite1h: "cache_write_1h",
  audioIn: "audio_in",
  audioOut: "audio_out",
  output: "output",
  reasoning: "reasoning",
  request: "request",
} as const satisfies Record<keyof UnitPrices, string>;

/** Tokens by the unit price that they are charged at; reasoning is apart only when priced apart. */
function partsOf(usage: Usage, unit: UnitPrices): [keyof UnitPrices, number][] {
  const reasoning = unit.reasoning === undefined ? 0 : Math.min(usage.reasoning, usage.output);
  return [
    ["input", usage.input],
    ["cacheRead", usage.cacheRead],
    ["cacheWrite5m", usage.cacheWrite5m],
    ["cacheWrite1h", usage.cacheWrite1h],
    ["audioIn", usage.audioIn],
    ["audioOut", usage.audioOut],
    ["output", usage.output - reasoning],
    ["reasoning", reasoning],
    // An attempt that came back without any tokens was not answered, and has no fee.
    ["request", totalTokens(usage) > 0 ? 1 : 0],
  ];
}
