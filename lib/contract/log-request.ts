import { instantInput } from "./instants.ts";
import {
  type IgnoredParam,
  LOG_FILTER_NAMES,
  type LogFilter,
  type RawParams,
  readLogFilter,
} from "./log-filter.ts";
import {
  LOG_DIRECTIONS,
  LOG_SIZES,
  LOG_SORTS,
  type LogCursor,
  type LogDirection,
  type LogSort,
  listMarkOf,
  MAX_SORT_RANGE_MS,
  readCursor,
} from "./log-list.ts";
import {
  DEFAULT_RANGE,
  type Interval,
  readRangeToken,
  resolveRange,
  type TimeRange,
} from "./time-range.ts";

/** All that an address says of a list of requests. */
export interface LogRequest {
  filter: LogFilter;
  range: TimeRange;
  interval: Interval;
  sort: LogSort;
  direction: LogDirection;
  size: number;
  cursor: LogCursor | undefined;
  /** Stands in the cursors of this list. */
  mark: string;
  /** Parameters that could not be read, to be shown and not dropped in silence. */
  ignored: IgnoredParam[];
}

const DEFAULT_SIZE = 50;

/** What else an address of this page may hold; another name is none, and is told. */
const OTHER_NAMES = ["range", "from", "to", "sort", "dir", "size", "cursor", "cols", "log", "wide"];
const MORE_NAMES = ["tab", "live", "view"];
const KNOWN = new Set<string>([...LOG_FILTER_NAMES, ...OTHER_NAMES, ...MORE_NAMES]);

interface Context {
  nowMs: number;
  zone: string;
}

/** Reads a list's address. What it says wrongly is left at its default and named in `ignored`. */
export function readLogRequest(params: RawParams, context: Context): LogRequest {
  const { filter, ignored } = readLogFilter(params);
  const read = <Value>(name: string, parse: (text: string) => Value | undefined) => {
    const raw = params[name];
    const text = typeof raw === "object" ? raw.join(",") : raw;
    if (text === undefined || text === "") {
      return undefined;
    }
    const value = parse(text);
    if (value === undefined) {
      ignored.push({ name, value: text });
    }
    return value;
  };
  for (const [name, raw] of Object.entries(params)) {
    if (!KNOWN.has(name) && raw !== undefined) {
      ignored.push({ name, value: String(raw) });
    }
  }
  const range = readRange(read);
  const interval = resolveRange(range, context);
  const isLong = interval.toMs - interval.fromMs > MAX_SORT_RANGE_MS;
  const sort = read("sort", (text) => {
    const found = LOG_SORTS.find((each) => each === text);
    return isLong && found !== "time" ? undefined : found;
  });
  const direction = read("dir", (text) => LOG_DIRECTIONS.find((each) => each === text)) ?? "desc";
  const mark = listMarkOf([filter, range, sort ?? "time", direction]);
  const cursor = read("cursor", readCursor);
  return {
    filter,
    range,
    interval,
    sort: sort ?? "time",
    direction,
    size: read("size", (text) => LOG_SIZES.find((each) => String(each) === text)) ?? DEFAULT_SIZE,
    // A filter that changed has left the page of the list before.
    cursor: cursor?.list === mark ? cursor : undefined,
    mark,
    ignored,
  };
}

type Read = <Value>(name: string, parse: (text: string) => Value | undefined) => Value | undefined;

function readRange(read: Read): TimeRange {
  const fromMs = read("from", instantOf);
  const toMs = read("to", instantOf);
  const token = read("range", readRangeToken);
  if (fromMs !== undefined && toMs !== undefined && fromMs < toMs) {
    return { kind: "absolute", fromMs, toMs };
  }
  return { kind: "relative", token: token ?? DEFAULT_RANGE };
}

function instantOf(text: string): number | undefined {
  return instantInput.safeParse(text).data?.getTime();
}
