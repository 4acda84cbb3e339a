import type { Price } from "#lib/contract/snapshot.ts";

/** A price that an administrator has set for models by name; nano-dollars per million tokens. */
export interface PriceOverride {
  /** A model's name; `*` at its end stands for any ending. */
  modelPattern: string;
  /** `null` holds for every provider. */
  provider: string | null;
  inputNanos: bigint;
  outputNanos: bigint;
  /** `null` is what input costs. */
  cacheReadNanos: bigint | null;
  cacheWriteNanos: bigint | null;
  effectiveFrom: Date;
}

/**
 * The override that holds for a model now: the most exact pattern first, then one of the model's
 * own provider before one of all, then the latest that has begun.
 */
export function pickOverride(
  overrides: readonly PriceOverride[],
  model: { provider: string; modelName: string },
  nowMs: number,
): PriceOverride | undefined {
  const holding = overrides.filter(
    (row) =>
      row.effectiveFrom.getTime() <= nowMs &&
      (row.provider === null || row.provider === model.provider) &&
      matches(row.modelPattern, model.modelName),
  );
  return holding.toSorted(
    (a, b) =>
      exactness(b.modelPattern) - exactness(a.modelPattern) ||
      Number(b.provider !== null) - Number(a.provider !== null) ||
      b.effectiveFrom.getTime() - a.effectiveFrom.getTime(),
  )[0];
}

function matches(pattern: string, modelName: string): boolean {
  return pattern.endsWith("*") ? modelName.startsWith(pattern.slice(0, -1)) : pattern === modelName;
}

/** A whole name stands before every pattern, and a longer pattern before a shorter one. */
function exactness(pattern: string): number {
  return pattern.endsWith("*") ? pattern.length : Number.MAX_SAFE_INTEGER;
}

/** An override as requests are priced by it; all zero is free by declaration. */
export function priceOfOverride(row: PriceOverride): Price {
  const { inputNanos: input, outputNanos: output } = row;
  const cacheRead = row.cacheReadNanos ?? input;
  const cacheWrite = row.cacheWriteNanos ?? input;
  if ([input, output, cacheRead, cacheWrite].every((nanos) => nanos === 0n)) {
    return { state: "free" };
  }
  const base = {
    input,
    output,
    cacheRead,
    cacheWrite5m: cacheWrite,
    cacheWrite1h: cacheWrite,
    audioIn: input,
    audioOut: output,
  };
  return { state: "priced", list: { base, tiers: [], source: "override" } };
}
