import { z } from "zod";
import { idTimeMs } from "../ids.ts";

/** How lists are paged: by `limit` and `offset`, and logs by a keyset cursor. */
const PAGE_LIMIT_DEFAULT = 50;
const PAGE_LIMIT_MAX = 200;

const wholeNumber = (least: number, most: number) =>
  z.coerce
    .number("must be a whole number")
    .int("must be a whole number")
    .min(least, `must be at least ${least}`)
    .max(most, `must be at most ${most}`);

export const pageLimit = wholeNumber(1, PAGE_LIMIT_MAX)
  .default(PAGE_LIMIT_DEFAULT)
  .meta({
    description: `How many to return, 1 to ${PAGE_LIMIT_MAX}.`,
  });

export const pageOffset = wholeNumber(0, 10_000_000).default(0).meta({
  description: "How many to skip.",
});

/** `?limit&offset` of a list, to be extended with its filters. Unknown parameters are refused. */
export const listQuery = z.strictObject({ limit: pageLimit, offset: pageOffset });
export type ListQuery = z.infer<typeof listQuery>;

const LAST_ID_MS = Date.UTC(9999, 11, 31);

/** The id of a request: a UUIDv7, whose time is the time of its log entry. */
export const requestId = z
  .uuidv7("must be the id of a request")
  .refine((id) => idTimeMs(id) <= LAST_ID_MS, "must be the id of a request");

/** Where a keyset page ended: the id of its last row. */
export const pageCursor = requestId.meta({ description: "`next_cursor` of the page before." });

/** A flag in a query string. */
export const queryFlag = z
  .enum(["true", "false"], "must be true or false")
  .transform((value) => value === "true");

/** A filter that may be given several times; any of its values then matches. */
export function oneOrMany<Item extends z.ZodType<unknown, string>>(item: Item) {
  return z.union([item.transform((value) => [value]), z.array(item).min(1).max(50)]);
}

/** A page of a list: the rows under their plural, and how many there are in all. */
export interface Page<Row> {
  rows: Row[];
  total: number;
}
