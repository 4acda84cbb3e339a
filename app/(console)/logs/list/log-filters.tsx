"use client";

import type { ReactNode } from "react";
import { RESULT_WORDS } from "#lib/catalog/guardrail-words.ts";
import { OUTCOME_LABELS } from "#lib/catalog/outcomes.ts";
import { GUARDRAIL_RESULTS } from "#lib/contract/guardrail-verdict.ts";
import { LOG_FACETS, type LogFacetCounts, type LogFacetName } from "#lib/contract/log-facets.ts";
import type { IgnoredParam } from "#lib/contract/log-filter.ts";
import { FilterBar } from "../../../_ui/filter-bar.tsx";
import type {
  FilterDefinition,
  FilterOption,
  ListFilterName,
} from "../../../_ui/filter-definition.ts";
import { TimeRangePicker } from "../../../_ui/time-range-picker.tsx";
import { useIsland } from "../../../_ui/use-island.ts";
import { useListQuery } from "../use-list-query.tsx";
import { useLogUrl } from "../use-log-url.ts";

/** Filters with values to choose from, in the order of the menu. */
export const LIST_FILTERS = [
  { name: "outcome", label: "Outcome" },
  { name: "model", label: "Model" },
  { name: "provider", label: "Provider" },
  { name: "dep", label: "Deployment" },
  { name: "key", label: "Key" },
  { name: "user", label: "User" },
  { name: "code", label: "Status code" },
  { name: "error", label: "Error code" },
  { name: "asked", label: "Asked for" },
  { name: "cache", label: "Cache" },
  { name: "guard", label: "Guardrails" },
  { name: "rule", label: "Guardrail rule" },
] as const satisfies readonly { name: ListFilterName & LogFacetName; label: string }[];

const CACHE_OPTIONS: readonly FilterOption[] = [
  { value: "hit", label: "Exact hit" },
  { value: "semantic", label: "Semantic hit" },
  { value: "miss", label: "Miss" },
  { value: "off", label: "Off" },
];

const GUARD_OPTIONS: readonly FilterOption[] = GUARDRAIL_RESULTS.map((result) => ({
  value: result,
  label: RESULT_WORDS[result].label,
}));

/** Properties whose values are all known. */
const CLOSED: ReadonlySet<LogFacetName> = new Set(["outcome", "cache", "guard", "rule"]);

const OTHER_FILTERS: readonly FilterDefinition[] = [
  { kind: "list", name: "tag", label: "Tag (name=value)", options: [], isOpen: true },
  { kind: "list", name: "prompt", label: "Prompt", options: [], isOpen: true },
  { kind: "flag", name: "stream", label: "Streamed", yes: "Streamed", no: "Not streamed" },
  { kind: "flag", name: "fallback", label: "Fallback", yes: "With fallback", no: "One attempt" },
  { kind: "flag", name: "unpriced", label: "Price", yes: "Without a price", no: "With a price" },
  { kind: "number", name: "minlat", label: "Latency", unit: "ms" },
  { kind: "number", name: "minttft", label: "TTFT", unit: "ms" },
  { kind: "amount", name: "mincost", label: "Cost", unit: "USD" },
  { kind: "number", name: "mintok", label: "Tokens", unit: "tokens" },
  { kind: "text", name: "session", label: "Session" },
  { kind: "text", name: "rid", label: "Request id" },
];

/** How many requests each value has, with the list's own conditions. */
export function useFacets(facets: readonly LogFacetName[]): LogFacetCounts | undefined {
  const query = useListQuery();
  const names = LOG_FACETS.filter((facet) => facets.includes(facet)).join(",");
  const path =
    `/api/console/logs/facets?facets=${names}${query === "" ? "" : `&${query}`}` as const;
  return useIsland<LogFacetCounts>(names === "" ? null : path).data;
}

export interface LogFiltersProps {
  ignored: readonly IgnoredParam[];
  keptDays: number;
  /** Whether the range is short enough to count every value in advance. */
  isShort: boolean;
  children: ReactNode;
}

/** The time and the filters of the list, all of them in its address. */
export function LogFilters({ ignored, keptDays, isShort, children }: LogFiltersProps) {
  const { params } = useLogUrl();
  const names = LIST_FILTERS.map(({ name }) => name);
  // The names of what is chosen are needed in any case: an address holds ids.
  const counts = useFacets(isShort ? names : names.filter((name) => params.has(name)));
  const filters = LIST_FILTERS.map(
    ({ name, label }): FilterDefinition => ({
      kind: "list",
      name,
      label,
      options: optionsOf(name, counts),
      isOpen: !CLOSED.has(name),
    }),
  );
  return (
    <FilterBar
      filters={[...filters, ...OTHER_FILTERS]}
      ignored={ignored}
      lead={<TimeRangePicker keptDays={keptDays} />}
    >
      {children}
    </FilterBar>
  );
}

/** What is counted first; what is fixed is offered without a count too. */
export function optionsOf(name: LogFacetName, counts: LogFacetCounts | undefined): FilterOption[] {
  const counted = (counts?.[name] ?? []).map(({ value, label, requests }) => ({
    value,
    label,
    count: requests,
  }));
  const fixed =
    name === "outcome"
      ? OUTCOME_LABELS.map(({ id, label }) => ({ value: id, label }))
      : name === "cache"
        ? CACHE_OPTIONS
        : name === "guard"
          ? GUARD_OPTIONS
          : [];
  return [
    ...counted,
    ...fixed.filter(({ value }) => !counted.some((each) => each.value === value)),
  ];
}
