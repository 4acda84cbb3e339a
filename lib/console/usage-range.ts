import { ConduitError } from "#lib/errors.ts";

const QUARTER_MS = 15 * 60_000;
const DEFAULT_RANGE_MS = 30 * 86_400_000;

/**
 * The range of a report. Sums are kept per quarter of an hour, so it begins and ends on one: the
 * report says which, and the figures are exactly those of the range it says.
 */
export function rangeOf(query: { start?: Date | undefined; end?: Date | undefined }): {
  start: Date;
  end: Date;
} {
  const endMs = Math.ceil((query.end?.getTime() ?? Date.now()) / QUARTER_MS) * QUARTER_MS;
  const startMs = query.start?.getTime() ?? endMs - DEFAULT_RANGE_MS;
  const start = new Date(Math.floor(startMs / QUARTER_MS) * QUARTER_MS);
  if (start.getTime() >= endMs) {
    throw new ConduitError("invalid_value", {
      message: "'start' has to lie before 'end'.",
      param: "start",
    });
  }
  return { start, end: new Date(endMs) };
}
