"use client";

import type { CacheTabId } from "#lib/contract/cache-console.ts";
import { CACHE_KINDS } from "#lib/contract/cache-names.ts";
import { EntityCombobox } from "../../_ui/entity-combobox.tsx";
import { FilterChip } from "../../_ui/filter-chip.tsx";
import { Button } from "../../_ui/primitives/button.tsx";
import { Combobox } from "../../_ui/primitives/combobox.tsx";
import { Select } from "../../_ui/primitives/select.tsx";
import type { IgnoredParam } from "../../_ui/search-params.ts";
import { TimeRangePicker } from "../../_ui/time-range-picker.tsx";
import { useParams } from "../../_ui/use-params.ts";
import { useTableQuery } from "../../_ui/use-table-query.ts";
import { CACHE_RANGE, entryParams } from "./cache-params.ts";

const ANY = "any";
const CLEARED = { kind: null, asked: null, team: null, offset: null };

export interface CacheToolbarProps {
  tab: CacheTabId;
  /** Names that requests may ask for. */
  models: readonly string[];
  ignored: readonly IgnoredParam[];
}

/** What narrows a view: its time, or which stored answers; all of it in the address. */
export function CacheToolbar({ tab, models, ignored }: CacheToolbarProps) {
  const { go } = useTableQuery();
  return (
    <div className="flex flex-col gap-2 empty:hidden">
      {tab === "overview" ? <TimeRangePicker defaultRange={CACHE_RANGE} /> : null}
      {tab === "entries" ? <EntryFilters models={models} /> : null}
      {ignored.length === 0 ? null : (
        <div className="flex flex-wrap items-center gap-1.5">
          {ignored.map(({ name, value }) => (
            <FilterChip
              key={name}
              tone="ignored"
              text={`Ignored: ${name}=${value}`}
              onRemove={() => go({ [name]: null })}
            />
          ))}
        </div>
      )}
    </div>
  );
}

const KIND_LABELS = { exact: "Exact", semantic: "Semantic" } as const;

function EntryFilters({ models }: { models: readonly string[] }) {
  const { values, set, isPending } = useParams(entryParams);
  const isFiltered = values.kind !== null || values.asked !== null || values.team !== null;
  return (
    <div className="flex flex-wrap items-center gap-2" aria-busy={isPending}>
      <Select
        aria-label="Kind"
        className="w-36"
        options={[
          { value: ANY, label: "Any kind" },
          ...CACHE_KINDS.map((kind) => ({ value: kind, label: KIND_LABELS[kind] })),
        ]}
        value={values.kind ?? ANY}
        onValueChange={(kind) => set({ kind: kind === ANY ? null : kind, offset: null })}
      />
      <Combobox
        aria-label="Model"
        className="w-48"
        placeholder="Any model"
        options={models.map((name) => ({ value: name, label: name }))}
        value={values.asked}
        onValueChange={(asked) => set({ asked, offset: null })}
      />
      <EntityCombobox
        aria-label="Team"
        type="team"
        className="w-48"
        placeholder="Any team"
        value={values.team}
        onValueChange={(team) => set({ team, offset: null })}
      />
      {isFiltered ? (
        <Button variant="link" size="sm" onClick={() => set(CLEARED)}>
          Clear filters
        </Button>
      ) : null}
    </div>
  );
}
