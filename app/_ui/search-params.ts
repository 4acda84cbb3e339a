import {
  createParser,
  type inferParserType,
  type ParserMap,
  parseAsArrayOf,
  parseAsBoolean,
  parseAsInteger,
  parseAsNumberLiteral,
  parseAsString,
  parseAsStringLiteral,
  type SearchParams,
} from "nuqs/server";
import { OUTCOME_LABELS } from "#lib/catalog/outcomes.ts";
import { GUARDRAIL_RESULTS } from "#lib/contract/guardrail-verdict.ts";
import {
  DEFAULT_RANGE,
  type RangeToken,
  readRangeToken,
  type TimeRange,
} from "#lib/contract/time-range.ts";

/**
 * The parameters of the console's addresses: one name each, wherever it occurs. A page spreads those
 * it understands into a table of its own, adds its enums with `parseAsStringLiteral`, reads it on
 * the server with `readParams` and in the browser with `useParams`.
 */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const parseAsUuid = createParser<string>({
  parse: (text) => (UUID.test(text.toLowerCase()) ? text.toLowerCase() : null),
  serialize: (id) => id,
});

/** An instant in UTC, written with its Z. */
const parseAsInstant = createParser<Date>({
  parse: (text) => {
    const isUtc = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?Z$/.test(text);
    const at = new Date(isUtc ? text : Number.NaN);
    return Number.isNaN(at.getTime()) ? null : at;
  },
  serialize: (at) => at.toISOString(),
  eq: (one, other) => one.getTime() === other.getTime(),
});

const parseAsRange = createParser<RangeToken>({
  parse: (text) => readRangeToken(text) ?? null,
  serialize: (token) => token,
});

/** A positive amount as it was written, for sums are never floats. */
const parseAsDecimal = createParser<string>({
  parse: (text) => (/^\d{1,9}(?:\.\d{1,10})?$/.test(text) ? text : null),
  serialize: (text) => text,
});

/** A value of a filter; behind a `!` it is left out instead. */
function filterOf(isValue: (value: string) => boolean) {
  const one = createParser<string>({
    parse: (text) => (text.length <= 300 && isValue(text.replace(/^!/, "")) ? text : null),
    serialize: (text) => text,
  });
  return parseAsArrayOf(one);
}

const isText = (value: string) => value !== "";
const isUuid = (value: string) => UUID.test(value);
const isLabel = (value: string) => OUTCOME_LABELS.some(({ id }) => id === value);

export const teamParam = { team: parseAsUuid };

export const timeParams = { range: parseAsRange, from: parseAsInstant, to: parseAsInstant };

/** Filters whose values are lists; see `splitFilter`. `outcome` holds ids of `OUTCOME_LABELS`. */
export const listParams = {
  outcome: filterOf(isLabel),
  code: filterOf(isText),
  error: filterOf(isText),
  asked: filterOf(isText),
  model: filterOf(isText),
  dep: filterOf(isText),
  provider: filterOf(isText),
  key: filterOf(isUuid),
  user: filterOf(isUuid),
  tag: filterOf((value) => /^[^=]+=/.test(value)),
  cache: filterOf(isText),
  guard: filterOf((value) => (GUARDRAIL_RESULTS as readonly string[]).includes(value)),
  rule: filterOf(isUuid),
  prompt: filterOf(isText),
};

/** Filters that have one value. */
const singleParams = {
  stream: parseAsBoolean,
  fallback: parseAsBoolean,
  unpriced: parseAsBoolean,
  minlat: parseAsInteger,
  minttft: parseAsInteger,
  mintok: parseAsInteger,
  mincost: parseAsDecimal,
  session: parseAsString,
  rid: parseAsUuid,
  q: parseAsString,
};

export const filterParams = { ...listParams, ...singleParams };

const SIZES = [25, 50, 100] as const;

/** What every table has; the columns one may sort by are the page's. */
export const tableParams = {
  dir: parseAsStringLiteral(["asc", "desc"]),
  cursor: parseAsString,
  size: parseAsNumberLiteral(SIZES).withDefault(50),
  cols: parseAsArrayOf(parseAsString),
};

/** Names that some page knows; one that does not is simply not applied there. */
const KNOWN: readonly string[] = [
  ...Object.keys({ ...teamParam, ...timeParams, ...filterParams, ...tableParams }),
  ...["sort", "metric", "group", "then", "rollup", "top", "cmp"],
  ...["log", "wide", "tab", "step", "view", "live", "a", "b", "s"],
];

export interface IgnoredParam {
  name: string;
  value: string;
}

export interface ReadParams<Parsers extends ParserMap> {
  values: inferParserType<Parsers>;
  /** What could not be used; shown as chips, for nothing is dropped in silence. */
  ignored: IgnoredParam[];
}

/** The parameters of a page, and what in its address makes no sense. Pass `await searchParams`. */
export function readParams<Parsers extends ParserMap>(
  parsers: Parsers,
  query: SearchParams,
): ReadParams<Parsers> {
  const values: Record<string, unknown> = {};
  const ignored: IgnoredParam[] = [];
  for (const [name, parser] of Object.entries(parsers)) {
    const { value, lost } = readParam(parser, firstOf(query[name]));
    values[name] = value;
    ignored.push(...lost.map((part) => ({ name, value: part })));
  }
  for (const [name, value] of Object.entries(query)) {
    if (!(name in parsers) && !KNOWN.includes(name)) {
      ignored.push({ name, value: firstOf(value) ?? "" });
    }
  }
  // Built from the same parsers, name by name.
  return { values: values as inferParserType<Parsers>, ignored };
}

function readParam(
  parser: ParserMap[string],
  text: string | undefined,
): { value: unknown; lost: string[] } {
  const fallback = "defaultValue" in parser ? parser.defaultValue : null;
  if (text === undefined) {
    return { value: fallback, lost: [] };
  }
  // Every parser of ours takes one text.
  const value: unknown = parser.parse(text as string & readonly string[]);
  return { value: value ?? fallback, lost: lostIn(text, value) };
}

function firstOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

/** The parts of a text that a parser gave up: all of it, or some values of a list. */
function lostIn(text: string, value: unknown): string[] {
  if (value === null) {
    return [text];
  }
  if (!Array.isArray(value)) {
    return [];
  }
  return text
    .split(",")
    .map((part) => part.replaceAll("%2C", ","))
    .filter((part) => part !== "" && !value.includes(part));
}

/** A filter's values by what they do. */
export function splitFilter(values: readonly string[] | null): {
  include: string[];
  exclude: string[];
} {
  const all = values ?? [];
  return {
    include: all.filter((value) => !value.startsWith("!")),
    exclude: all.filter((value) => value.startsWith("!")).map((value) => value.slice(1)),
  };
}

/** The range that an address asks for: two instants win over `range`, and without either the default. */
export function rangeOf(
  { range, from, to }: { range: RangeToken | null; from: Date | null; to: Date | null },
  fallback: RangeToken = DEFAULT_RANGE,
): TimeRange {
  const fromMs = from?.getTime();
  const toMs = to?.getTime();
  if (fromMs !== undefined && toMs !== undefined && fromMs < toMs) {
    return { kind: "absolute", fromMs, toMs };
  }
  return { kind: "relative", token: range ?? fallback };
}
