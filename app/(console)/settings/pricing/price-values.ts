import type { PriceInfo } from "#lib/contract/price.ts";

/** What the form holds: texts as they were typed. */
export type PriceValues = {
  model_pattern: string;
  /** Empty holds for every provider. */
  provider: string;
  input: string;
  output: string;
  /** Empty charges what input costs. */
  cache_read: string;
  cache_write: string;
  /** A moment in the browser's own zone, as its field writes it; empty is now. */
  effective_from: string;
};

export const NEW_PRICE: PriceValues = {
  model_pattern: "",
  provider: "",
  input: "",
  output: "",
  cache_read: "",
  cache_write: "",
  effective_from: "",
};

export function valuesOf(price: PriceInfo): PriceValues {
  return {
    model_pattern: price.model_pattern,
    provider: price.provider ?? "",
    input: price.input_per_million_usd,
    output: price.output_per_million_usd,
    cache_read: price.cache_read_per_million_usd ?? "",
    cache_write: price.cache_write_per_million_usd ?? "",
    effective_from: localText(new Date(price.effective_from)),
  };
}

/** What is sent, under the contract's names. */
export function inputOf(values: PriceValues): Record<string, unknown> {
  const orNull = (text: string) => (text.trim() === "" ? null : text.trim());
  return {
    model_pattern: values.model_pattern.trim(),
    provider: orNull(values.provider),
    input_per_million_usd: values.input.trim(),
    output_per_million_usd: values.output.trim(),
    cache_read_per_million_usd: orNull(values.cache_read),
    cache_write_per_million_usd: orNull(values.cache_write),
    ...(values.effective_from === "" ? {} : { effective_from: instantOf(values.effective_from) }),
  };
}

/** A date that is none is sent as it was typed, and refused by name. */
function instantOf(text: string): string {
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? text : at.toISOString();
}

/** What a field for a local date and time understands. */
function localText(at: Date): string {
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}
