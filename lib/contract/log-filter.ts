import { z } from "zod";
import { OUTCOME_LABELS } from "../catalog/outcomes.ts";
import { usdInput } from "./amounts.ts";
import { GUARDRAIL_RESULTS } from "./guardrail-verdict.ts";
import { type Choice, unescapeValue, writeChoice } from "./log-choice.ts";
import { requestId } from "./paging.ts";

/** Postgres stores no NUL. */
const storable = /^[^\0]*$/;
const name = z.string().min(1).max(256).regex(storable);
const statusCode = z.string().regex(/^[1-5]\d\d$|^0$/, "must be an HTTP status");

/** How the cache took part, in the words of an address. */
export const CACHE_CHOICES = ["hit", "semantic", "miss", "off"] as const;
export type CacheChoice = (typeof CACHE_CHOICES)[number];

/** Properties of which several values may be chosen or left out. */
const LISTS = {
  outcome: z.enum(OUTCOME_LABELS.map(({ id }) => id)),
  code: statusCode,
  error: name,
  /** The model that answered; the one asked for when none did. */
  model: name,
  /** The name that was asked for: an alias or a model. */
  asked: name,
  dep: name,
  provider: name,
  team: z.uuid(),
  key: z.uuid(),
  user: z.uuid(),
  endpoint: name,
  cache: z.enum(CACHE_CHOICES),
  /** What guardrails made of it, all verdicts in one word. */
  guard: z.enum(GUARDRAIL_RESULTS),
  /** A guardrail rule that found something in it. */
  rule: z.uuid(),
  tag: z
    .string()
    .regex(/^[^=\0]+=[^\0]*$/, "must be written as name=value")
    .max(512),
  session: name,
  /** The managed prompt that the messages were made from. */
  prompt: name,
} as const satisfies Record<string, z.ZodType<string>>;

const FLAGS = ["stream", "fallback", "unpriced"] as const;

const least = z.coerce.number().min(0).max(1_000_000_000);
const usd = z
  .string()
  .refine((text) => usdInput.safeParse(text).success, "must be an amount of US dollars");

const LEAST = { minlat: least, minttft: least, mintok: least } as const;

export type LogListName = keyof typeof LISTS;
export type LogFlagName = (typeof FLAGS)[number];
export type LogLeastName = keyof typeof LEAST;

export type LogFilter = {
  [Name in LogListName]?: Choice;
} & { [Name in LogFlagName]?: boolean } & { [Name in LogLeastName]?: number } & {
  /** A decimal string of US dollars. */
  mincost?: string;
  /** The id of one request. */
  rid?: string;
};

const LOG_LIST_NAMES = Object.keys(LISTS) as LogListName[];
const LOG_LEAST_NAMES = Object.keys(LEAST) as LogLeastName[];
/** Every parameter that `readLogFilter` reads. */
export const LOG_FILTER_NAMES: readonly string[] = [
  ...LOG_LIST_NAMES,
  ...FLAGS,
  ...LOG_LEAST_NAMES,
  "mincost",
  "rid",
];

/** Parameters of an address, as Next hands them to a page. */
export type RawParams = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface IgnoredParam {
  name: string;
  value: string;
}

const MAX_VALUES = 50;

/** Reads the filters of an address; what cannot be read is named in `ignored`, never dropped. */
export function readLogFilter(params: RawParams): { filter: LogFilter; ignored: IgnoredParam[] } {
  const ignored: IgnoredParam[] = [];
  const filter: LogFilter = {};
  for (const list of LOG_LIST_NAMES) {
    const choice = readChoice(params[list], LISTS[list], (value) => {
      ignored.push({ name: list, value });
    });
    if (choice !== undefined) {
      filter[list] = choice;
    }
  }
  const single = readerOf(params, ignored);
  for (const flag of FLAGS) {
    set(filter, flag, single(flag, flagItem));
  }
  for (const measure of LOG_LEAST_NAMES) {
    set(filter, measure, single(measure, LEAST[measure]));
  }
  set(filter, "mincost", single("mincost", usd));
  set(filter, "rid", single("rid", requestId));
  return { filter, ignored };
}

const flagItem = z.enum(["true", "false"]).transform((text) => text === "true");

function set<Name extends keyof LogFilter>(
  filter: LogFilter,
  property: Name,
  value: LogFilter[Name] | undefined,
): void {
  if (value !== undefined) {
    filter[property] = value;
  }
}

function readerOf(params: RawParams, ignored: IgnoredParam[]) {
  return <Value>(property: string, item: z.ZodType<Value>): Value | undefined => {
    const [text, ...others] = textsOf(params[property]);
    if (text === undefined || text === "") {
      return undefined;
    }
    const parsed = others.length === 0 ? item.safeParse(text) : undefined;
    if (parsed?.success !== true) {
      ignored.push({ name: property, value: [text, ...others].join(",") });
      return undefined;
    }
    return parsed.data;
  };
}

function textsOf(raw: string | readonly string[] | undefined): readonly string[] {
  return raw === undefined ? [] : typeof raw === "string" ? [raw] : raw;
}

function readChoice(
  raw: string | readonly string[] | undefined,
  item: z.ZodType<string>,
  ignore: (value: string) => void,
): Choice | undefined {
  const include = new Set<string>();
  const exclude = new Set<string>();
  const parts = textsOf(raw).flatMap((text) => text.split(","));
  for (const part of parts.filter((text) => text !== "")) {
    const isLeftOut = part.startsWith("!");
    const value = unescapeValue(isLeftOut ? part.slice(1) : part);
    if (item.safeParse(value).success && include.size + exclude.size < MAX_VALUES) {
      (isLeftOut ? exclude : include).add(value);
    } else {
      ignore(part);
    }
  }
  return include.size + exclude.size === 0
    ? undefined
    : { include: [...include], exclude: [...exclude] };
}

/** A filter as parameters of an address. `readLogFilter` reads the same filter from them. */
export function writeLogFilter(filter: LogFilter): Record<string, string> {
  const params: Record<string, string> = {};
  for (const list of LOG_LIST_NAMES) {
    const text = writeChoice(filter[list]);
    if (text !== null) {
      params[list] = text;
    }
  }
  for (const single of [...FLAGS, ...LOG_LEAST_NAMES, "mincost", "rid"] as const) {
    const value = filter[single];
    if (value !== undefined) {
      params[single] = String(value);
    }
  }
  return params;
}

/** How many conditions a filter has: what "match 4 filters" counts. */
export function countConditions(filter: LogFilter): number {
  const lists = LOG_LIST_NAMES.map((list) => filter[list]);
  const values = lists.map((choice) =>
    choice === undefined ? 0 : choice.include.length + choice.exclude.length,
  );
  const singles = [...FLAGS, ...LOG_LEAST_NAMES, "mincost", "rid"] as const;
  return (
    values.reduce((sum, count) => sum + count, 0) +
    singles.filter((single) => filter[single] !== undefined).length
  );
}
