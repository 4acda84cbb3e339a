import type { filterParams, listParams } from "./search-params.ts";

export type FilterName = keyof typeof filterParams;
export type ListFilterName = keyof typeof listParams;

export interface FilterOption {
  value: string;
  label: string;
  /** A second, smaller text: an address, a prefix. */
  hint?: string | undefined;
  /** How many rows it has now, when that is known. */
  count?: number | undefined;
}

/** A filter that a page offers. What a page does not offer it does not apply. */
export type FilterDefinition =
  | {
      kind: "list";
      name: ListFilterName;
      label: string;
      options: readonly FilterOption[];
      /** Whether values may be typed that are not among the options. */
      isOpen?: boolean;
    }
  | {
      kind: "flag";
      name: "stream" | "fallback" | "unpriced";
      label: string;
      yes: string;
      no: string;
    }
  | { kind: "number"; name: "minlat" | "minttft" | "mintok"; label: string; unit: string }
  | { kind: "amount"; name: "mincost"; label: string; unit: string }
  | { kind: "text"; name: "session" | "rid" | "q"; label: string; hint?: string };

/** What a chip says, and the value that it takes away. */
export interface FilterChipText {
  name: FilterName;
  value: string;
  text: string;
}

type Values = Partial<Record<FilterName, unknown>>;

/** The chips of the filters that are set, in the order of the definitions. */
export function chipsOf(filters: readonly FilterDefinition[], values: Values): FilterChipText[] {
  return filters.flatMap((filter): FilterChipText[] => {
    const value = values[filter.name];
    if (filter.kind === "list") {
      return (Array.isArray(value) ? value.map(String) : []).map((one) => ({
        name: filter.name,
        value: one,
        text: listText(filter, one),
      }));
    }
    return value === null || value === undefined
      ? []
      : [{ name: filter.name, value: String(value), text: singleText(filter, value) }];
  });
}

function listText(filter: Extract<FilterDefinition, { kind: "list" }>, value: string): string {
  const isExcluded = value.startsWith("!");
  const plain = isExcluded ? value.slice(1) : value;
  const label = filter.options.find((option) => option.value === plain)?.label ?? plain;
  return `${filter.label}: ${isExcluded ? "not " : ""}${label}`;
}

function singleText(filter: Exclude<FilterDefinition, { kind: "list" }>, value: unknown): string {
  if (filter.kind === "flag") {
    return value === true ? filter.yes : filter.no;
  }
  if (filter.kind === "text") {
    return `${filter.label}: ${String(value)}`;
  }
  return `${filter.label} ≥ ${String(value)} ${filter.unit}`;
}

/** A list of values after a choice: none of it, with it, or without it. */
export function chooseValue(
  values: readonly string[] | null,
  value: string,
  choice: "any" | "include" | "exclude",
): string[] | null {
  const others = (values ?? []).filter((each) => each !== value && each !== `!${value}`);
  const next = choice === "any" ? others : [...others, choice === "include" ? value : `!${value}`];
  return next.length === 0 ? null : next;
}

/** How a value stands in a list. */
export function choiceOf(
  values: readonly string[] | null,
  value: string,
): "any" | "include" | "exclude" {
  if (values?.includes(value) === true) {
    return "include";
  }
  return values?.includes(`!${value}`) === true ? "exclude" : "any";
}
