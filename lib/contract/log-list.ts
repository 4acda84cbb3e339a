import { z } from "zod";
import type { RequestLogInfo } from "./request-log.ts";

/** The console's list of requests: how it is ordered, and where a page of it begins. */
export const LOG_SORTS = ["time", "cost", "latency"] as const;
export type LogSort = (typeof LOG_SORTS)[number];

export const LOG_DIRECTIONS = ["desc", "asc"] as const;
export type LogDirection = (typeof LOG_DIRECTIONS)[number];

export const LOG_SIZES = [25, 50, 100] as const;

/** Cost and latency have no index: only a day, as long as days get, is ordered by them. */
export const MAX_SORT_RANGE_MS = 25 * 3_600_000;

const id = z.uuid();

/**
 * Where a page begins: after the row `id` in the order, or before it. `pin` is the newest row of the
 * first page: pages do not shift while new rows arrive. `value` is the row's cost or latency.
 */
export const logCursor = z.strictObject({
  to: z.enum(["older", "newer"]),
  /** Of which list it is: in another one it means nothing. */
  list: z.string().max(16),
  id,
  pin: id,
  value: z
    .string()
    .regex(/^-?\d{1,19}(\.\d{1,12})?(e[+-]?\d{1,3})?$/)
    .optional(),
});
export type LogCursor = z.infer<typeof logCursor>;

export function writeCursor(cursor: LogCursor): string {
  return btoa(JSON.stringify(cursor)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** A short name of a list: equal for the same conditions in the same order. */
export function listMarkOf(conditions: unknown): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(JSON.stringify(conditions))) {
    // FNV-1a, 64 bits: nothing secret depends on it.
    hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
  }
  return hash.toString(36);
}

/** A cursor of an address; `undefined` when it is none. */
export function readCursor(text: string): LogCursor | undefined {
  try {
    const json = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return logCursor.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}

export interface LogListPage {
  logs: RequestLogInfo[];
  /** Cursor of the page after this one; `null` on the last. */
  older: string | null;
  /** Cursor of the page before this one; `null` on the first. */
  newer: string | null;
  /** Rows that have come since the first page was shown, up to `MAX_NEW`; 0 on the first page. */
  new_count: number;
}

export const MAX_NEW = 1000;

/** Ids of the rows before and after one in the list's order; `null` at its ends. */
export interface LogNeighbours {
  newer: string | null;
  older: string | null;
}
