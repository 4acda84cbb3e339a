import {
  type ConditionalPrice,
  calcPrice,
  type ModelInfo,
  type ModelPrice,
} from "@pydantic/genai-prices";
import { getProvider } from "#lib/catalog/providers.ts";
import type {
  PriceList,
  ScheduledPrices,
  TieredPrices,
  UnitPrices,
} from "#lib/contract/snapshot.ts";
import { parseUsd } from "#lib/money.ts";

const NANOS_PER_USD = 1_000_000_000;

/**
 * The built-in catalogue's price list of a model, or `undefined` when it knows no price per token.
 * Only unit prices, tiers and dates are read from `@pydantic/genai-prices`; the arithmetic there is
 * in binary floats and stays unused. An entry without prices is unknown here, not free.
 */
export function getCataloguePrice(
  model: { provider: string; modelName: string },
  nowMs: number = Date.now(),
): PriceList | undefined {
  const info = findModel(model);
  if (info === undefined) {
    return undefined;
  }
  if (!Array.isArray(info.prices)) {
    const prices = compileTiers(info.prices);
    return prices && { ...prices, source: "catalogue" };
  }
  const schedule = compileSchedule(info.prices);
  const current = scheduledAt(schedule, nowMs);
  return current && { ...current, source: "catalogue", schedule };
}

/** How many tokens a model takes, as far as the built-in catalogue knows. */
export function getContextWindow(model: {
  provider: string;
  modelName: string;
}): number | undefined {
  return findModel(model)?.context_window;
}

function findModel(model: { provider: string; modelName: string }): ModelInfo | undefined {
  const providerId = getProvider(model.provider)?.priceCatalogue;
  if (providerId === undefined) {
    return undefined;
  }
  // The package finds models only as part of a calculation; one without tokens costs nothing.
  return calcPrice({}, model.modelName, { providerId })?.model;
}

/** The prices that hold at a time: the last entry whose condition is met, else the first entry. */
export function scheduledAt(
  schedule: readonly ScheduledPrices[],
  atMs: number,
): TieredPrices | undefined {
  return (schedule.findLast((entry) => holdsAt(entry, atMs)) ?? schedule[0])?.prices;
}

function holdsAt(entry: ScheduledPrices, atMs: number): boolean {
  if (entry.startsAtMs !== undefined) {
    return atMs >= entry.startsAtMs;
  }
  if (entry.daily === undefined) {
    return true;
  }
  const { fromSecond, toSecond } = entry.daily;
  const second = (atMs % 86_400_000) / 1000;
  return toSecond < fromSecond
    ? second >= fromSecond || second < toSecond
    : second >= fromSecond && second < toSecond;
}

function compileSchedule(entries: readonly ConditionalPrice[]): ScheduledPrices[] {
  const schedule: ScheduledPrices[] = [];
  for (const { prices: unit, constraint } of entries) {
    const prices = compileTiers(unit);
    if (prices === undefined) {
      continue;
    }
    if (constraint === undefined) {
      schedule.push({ prices });
    } else if (constraint.type === "start_date") {
      schedule.push({ prices, startsAtMs: Date.parse(constraint.start_date) });
    } else {
      const daily = {
        fromSecond: secondOfDay(constraint.start_time),
        toSecond: secondOfDay(constraint.end_time),
      };
      schedule.push({ prices, daily });
    }
  }
  return schedule;
}

/** Seconds after midnight UTC of a time written as `16:30:00Z` or `16:30:00+02:00`. */
function secondOfDay(time: string): number {
  return (Date.parse(`1970-01-02T${time}`) / 1000) % 86_400;
}

function compileTiers(unit: ModelPrice): TieredPrices | undefined {
  const base = compileUnits(unit, undefined);
  if (base === undefined) {
    return undefined;
  }
  const tiers = [];
  for (const aboveInputTokens of tierStarts(unit)) {
    const prices = compileUnits(unit, aboveInputTokens);
    if (prices !== undefined) {
      tiers.push({ aboveInputTokens, prices });
    }
  }
  return { base, tiers };
}

/** Every bound at which some part of the list changes, ascending. */
function tierStarts(unit: ModelPrice): number[] {
  const starts = new Set<number>();
  for (const value of Object.values(unit)) {
    if (typeof value === "object") {
      for (const tier of value.tiers) {
        starts.add(tier.start);
      }
    }
  }
  return [...starts].sort((a, b) => a - b);
}

/** Unit prices above a bound; a part that the catalogue does not price costs what its parent costs. */
function compileUnits(unit: ModelPrice, above: number | undefined): UnitPrices | undefined {
  const nanosOf = (key: string) => nanosAt(unit[key], above);
  const input = nanosOf("input_mtok");
  if (input === undefined) {
    return undefined;
  }
  // Embedding models have no output, so that a list without an output price is complete.
  const output = nanosOf("output_mtok") ?? 0n;
  const cacheWrite5m = nanosOf("cache_write_mtok") ?? input;
  const reasoning = nanosOf("output_reasoning_mtok");
  const perThousandCalls = nanosOf("requests_kcount");
  return {
    input,
    output,
    cacheRead: nanosOf("cache_read_mtok") ?? input,
    cacheWrite5m,
    cacheWrite1h: nanosOf("cache_write_1h_mtok") ?? cacheWrite5m,
    audioIn: nanosOf("input_audio_mtok") ?? input,
    audioOut: nanosOf("output_audio_mtok") ?? output,
    ...(reasoning === undefined ? {} : { reasoning }),
    ...(perThousandCalls === undefined ? {} : { request: perThousandCalls * 1000n }),
  };
}

function nanosAt(value: ModelPrice[string], above: number | undefined): bigint | undefined {
  if (value === undefined || typeof value === "number") {
    return value === undefined ? undefined : nanosOfUsd(value);
  }
  const tier = above === undefined ? undefined : value.tiers.findLast((row) => row.start <= above);
  return nanosOfUsd(tier?.price ?? value.base);
}

/**
 * A catalogue figure in nano-dollars. A number's shortest decimal form is what the catalogue's
 * author wrote, so that reading that text is exact; figures that were divided have more than nine
 * places and are rounded.
 */
function nanosOfUsd(value: number): bigint {
  return parseUsd(value) ?? BigInt(Math.round(value * NANOS_PER_USD));
}
