"use client";

import { Search } from "lucide-react";
import { useRef } from "react";
import { BUDGET_LEVELS } from "#lib/contract/budget-levels.ts";
import type { BudgetCondition, BudgetLevel } from "#lib/contract/budget-tree.ts";
import { FilterChip } from "../../_ui/filter-chip.tsx";
import { Button } from "../../_ui/primitives/button.tsx";
import { Input } from "../../_ui/primitives/input.tsx";
import { Menu, MenuCheckboxItem, MenuContent, MenuTrigger } from "../../_ui/primitives/menu.tsx";
import { ToggleGroup } from "../../_ui/primitives/toggle-group.tsx";
import type { IgnoredParam } from "../../_ui/search-params.ts";
import { useShortcut } from "../../_ui/shell/use-shortcut.ts";
import { useParams } from "../../_ui/use-params.ts";
import { LEVEL_LABELS } from "./budget-labels.ts";
import { BUDGET_PARAMS } from "./budgets-params.ts";

const STATES = [
  { value: "all", label: "All" },
  { value: "over", label: "Over" },
  { value: "near", label: "Near" },
  { value: "none", label: "No limit" },
] as const satisfies readonly { value: BudgetCondition | "all"; label: string }[];

export interface BudgetsFiltersProps {
  ignored: readonly IgnoredParam[];
}

/** What narrows the tree. With a filter it is a flat list, the fullest limit first. */
export function BudgetsFilters({ ignored }: BudgetsFiltersProps) {
  const { values, set, isPending } = useParams(BUDGET_PARAMS);
  const search = useRef<HTMLInputElement>(null);
  useShortcut("/", () => search.current?.focus(), { label: "Search budgets" });
  const levels = values.level ?? [];
  const toggle = (level: BudgetLevel) => {
    const next = levels.includes(level)
      ? levels.filter((each) => each !== level)
      : [...levels, level];
    set({ level: next.length === 0 ? null : next });
  };
  return (
    <div className="flex flex-col gap-2" aria-busy={isPending}>
      <div className="flex flex-wrap items-center gap-2">
        <div className="relative w-full sm:w-56">
          <Search
            aria-hidden
            className="-translate-y-1/2 pointer-events-none absolute top-1/2 left-2.5 size-4 text-muted-fg"
          />
          <Input
            ref={search}
            type="search"
            aria-label="Search budgets"
            placeholder="Name"
            title="Search budgets (/)"
            className="h-8 pl-8"
            defaultValue={values.q ?? ""}
            key={values.q === null ? "empty" : "typed"}
            onChange={({ target }) =>
              set({ q: target.value === "" ? null : target.value }, { history: "replace" })
            }
          />
        </div>
        <ToggleGroup
          aria-label="State"
          options={STATES}
          value={values.state ?? "all"}
          onValueChange={(state) => set({ state: state === "all" ? null : state })}
        />
        <Menu>
          <MenuTrigger render={<Button />}>
            Scope{levels.length === 0 ? "" : ` (${levels.length})`}
          </MenuTrigger>
          <MenuContent align="start">
            {BUDGET_LEVELS.map((level) => (
              <MenuCheckboxItem
                key={level}
                checked={levels.includes(level)}
                closeOnClick={false}
                onCheckedChange={() => toggle(level)}
              >
                {LEVEL_LABELS[level]}
              </MenuCheckboxItem>
            ))}
          </MenuContent>
        </Menu>
      </div>
      {levels.length + ignored.length === 0 ? null : (
        <div className="flex flex-wrap gap-1.5">
          {levels.map((level) => (
            <FilterChip
              key={level}
              text={`Scope: ${LEVEL_LABELS[level]}`}
              onRemove={() => toggle(level)}
            />
          ))}
          {ignored.map(({ name, value }) => (
            <span
              key={`${name} ${value}`}
              className="inline-flex h-7 items-center rounded-full bg-chip-warning-bg px-2.5 text-chip-warning-fg text-xs"
            >
              Ignored: {name}={value}
            </span>
          ))}
        </div>
      )}
    </div>
  );
}
