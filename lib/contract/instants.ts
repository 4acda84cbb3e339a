import { z } from "zod";

/** Points in time in JSON: ISO 8601 with a zone in, ISO 8601 in UTC out. */
const LAST_MS = Date.UTC(9999, 11, 31);

/** Outside of these years JavaScript and Postgres no longer spell a date alike. */
const isStorable = (at: Date) => at.getTime() >= 0 && at.getTime() <= LAST_MS;
const OUT_OF_RANGE = "must lie between the years 1970 and 9999";

export const instantInput = z.iso
  .datetime({ offset: true, message: "must be a time such as 2027-01-31T00:00:00Z" })
  .transform((text) => new Date(text))
  .refine(isStorable, OUT_OF_RANGE)
  .meta({ examples: ["2027-01-31T00:00:00Z"] });

/** A point in time, or a day, which is its first moment in UTC. */
export const instantOrDayInput = z
  .union(
    [z.iso.datetime({ offset: true }), z.iso.date()],
    "must be a time such as 2027-01-31T00:00:00Z or a day such as 2027-01-31",
  )
  .transform((text) => new Date(text))
  .refine(isStorable, OUT_OF_RANGE);

export const instantOutput = z.iso.datetime();

/** A time of a row as it is answered; absent stays `null`. */
export function instantOf(date: Date): string;
export function instantOf(date: Date | null): string | null;
export function instantOf(date: Date | null): string | null {
  return date === null ? null : date.toISOString();
}
