import { ConduitError } from "../errors.ts";
import { instantInput } from "./instants.ts";
import {
  type IgnoredParam,
  LOG_FILTER_NAMES,
  type LogFilter,
  type RawParams,
  readLogFilter,
} from "./log-filter.ts";
import {
  type Interval,
  type RangeToken,
  readRangeToken,
  resolveRange,
  type TimeRange,
} from "./time-range.ts";
import type { UsageView } from "./usage-view.ts";
import { readUsageView, USAGE_VIEW_NAMES } from "./usage-view-read.ts";

/** All that an address says of a report: which requests, of which time, and how they are looked at. */
export interface ReportRequest {
  filter: LogFilter;
  range: TimeRange;
  interval: Interval;
  view: UsageView;
  nowMs: number;
  /** The zone whose days the report has. */
  zone: string;
  /** Parameters that could not be read, to be shown and not dropped in silence. */
  ignored: IgnoredParam[];
}

/** Names that other pages know, which a link may bring along, and what belongs to this page alone. */
const OTHERS = [
  "range",
  "from",
  "to",
  "view",
  "by",
  "sort",
  "dir",
  "size",
  "cursor",
  "cols",
  "log",
];
const MORE = ["wide", "tab", "live"];
const KNOWN = new Set<string>([...LOG_FILTER_NAMES, ...USAGE_VIEW_NAMES, ...OTHERS, ...MORE]);

/** Reads a report's address. Calendar ranges and days are those of `zone`, the reporting zone. */
export function readReportRequest(
  params: RawParams,
  context: { nowMs: number; zone: string; defaultRange: RangeToken },
): ReportRequest {
  const { filter, ignored } = readLogFilter(params);
  const { view, ignored: unread } = readUsageView(params);
  const range = readRange(params, context.defaultRange);
  const strangers = Object.entries(params)
    .filter(([name, value]) => !KNOWN.has(name) && value !== undefined)
    .map(([name, value]) => ({ name, value: String(value) }));
  return {
    filter,
    range: range.range,
    interval: resolveRange(range.range, context),
    view,
    nowMs: context.nowMs,
    zone: context.zone,
    ignored: [...ignored, ...unread, ...range.ignored, ...strangers],
  };
}

function readRange(
  params: RawParams,
  fallback: RangeToken,
): { range: TimeRange; ignored: IgnoredParam[] } {
  const ignored: IgnoredParam[] = [];
  const read = <Value>(name: string, parse: (text: string) => Value | undefined) => {
    const text = params[name];
    const value = typeof text === "string" && text !== "" ? parse(text) : undefined;
    if (text !== undefined && text !== "" && value === undefined) {
      ignored.push({ name, value: String(text) });
    }
    return value;
  };
  const fromMs = read("from", instantOf);
  const toMs = read("to", instantOf);
  const token = read("range", readRangeToken) ?? fallback;
  const isSpan = fromMs !== undefined && toMs !== undefined && fromMs < toMs;
  return {
    range: isSpan ? { kind: "absolute", fromMs, toMs } : { kind: "relative", token },
    ignored,
  };
}

function instantOf(text: string): number | undefined {
  return instantInput.safeParse(text).data?.getTime();
}

/**
 * The request of a file, which nobody reads over as a page: throws `invalid_value` naming the
 * parameter that cannot be read.
 */
export function requireReportRequest(
  params: RawParams,
  context: { nowMs: number; zone: string; defaultRange: RangeToken },
): ReportRequest {
  const request = readReportRequest(params, context);
  const [wrong] = request.ignored;
  if (wrong !== undefined) {
    throw new ConduitError("invalid_value", {
      message: `'${wrong.name}' cannot be ${JSON.stringify(wrong.value)}.`,
      param: wrong.name,
    });
  }
  return request;
}
