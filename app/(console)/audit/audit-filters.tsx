"use client";

import type { AuditFacets } from "#lib/contract/audit.ts";
import { FilterChip } from "../../_ui/filter-chip.tsx";
import { formatId } from "../../_ui/format.ts";
import { Button } from "../../_ui/primitives/button.tsx";
import { Select } from "../../_ui/primitives/select.tsx";
import type { IgnoredParam } from "../../_ui/search-params.ts";
import { TimeRangePicker } from "../../_ui/time-range-picker.tsx";
import { useParams } from "../../_ui/use-params.ts";
import { useTableQuery } from "../../_ui/use-table-query.ts";
import { AUDIT_FILTERS, AUDIT_PARAMS, AUDIT_RANGE } from "./audit-params.ts";
import { AuditSearch } from "./audit-search.tsx";
import { inWords } from "./audit-target.ts";

const ANY = "";
const PARAMS = { ...AUDIT_FILTERS, cursor: AUDIT_PARAMS.cursor };
const CLEARED = Object.fromEntries(Object.keys(AUDIT_FILTERS).map((name) => [name, null]));

export interface AuditFiltersProps {
  facets: AuditFacets;
  ignored: readonly IgnoredParam[];
}

/** What narrows the log: the time, who, what, to what, and any text; all of it in the address. */
export function AuditFilters({ facets, ignored }: AuditFiltersProps) {
  const { values, set, isPending } = useParams(PARAMS);
  const { go } = useTableQuery();
  const isFiltered = Object.keys(AUDIT_FILTERS).some(
    (name) => values[name as keyof typeof AUDIT_FILTERS] !== null,
  );
  return (
    <div className="flex flex-col gap-2" aria-busy={isPending}>
      <div className="flex flex-wrap items-center gap-2">
        <TimeRangePicker defaultRange={AUDIT_RANGE} />
        <Select
          isCompact
          aria-label="Actor"
          options={[
            { value: ANY, label: "Any actor" },
            ...facets.actors.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          value={values.actor ?? ANY}
          onValueChange={(actor) => set({ actor: actor === ANY ? null : actor })}
        />
        <Select
          isCompact
          aria-label="Action"
          options={[
            { value: ANY, label: "Any action" },
            ...facets.groups.map((group) => ({ value: group, label: `${group}.*` })),
          ]}
          value={values.action ?? ANY}
          onValueChange={(action) => set({ action: action === ANY ? null : action })}
        />
        <Select
          isCompact
          aria-label="Target"
          options={[
            { value: ANY, label: "Any target" },
            ...facets.target_types.map((type) => ({ value: type, label: inWords(type) })),
          ]}
          value={values.target ?? ANY}
          onValueChange={(target) => set({ target: target === ANY ? null : target })}
        />
        <AuditSearch
          text={values.q ?? ""}
          onChange={(text) => set({ q: text === "" ? null : text }, { history: "replace" })}
        />
      </div>
      {isFiltered || ignored.length > 0 ? (
        <div className="flex flex-wrap items-center gap-1.5">
          {values.target_id === null ? null : (
            <FilterChip
              text={`Target: ${formatId(values.target_id)}`}
              onRemove={() => set({ target_id: null })}
            />
          )}
          {ignored.map(({ name, value }) => (
            <FilterChip
              key={name}
              tone="ignored"
              text={`Ignored: ${name}=${value}`}
              onRemove={() => go({ [name]: null })}
            />
          ))}
          {isFiltered ? (
            <Button variant="link" size="sm" onClick={() => set(CLEARED)}>
              Clear filters
            </Button>
          ) : null}
        </div>
      ) : null}
    </div>
  );
}
