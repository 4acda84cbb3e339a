"use client";

import { ListFilter, Search } from "lucide-react";
import { useRef } from "react";
import { KEY_STATES } from "#lib/contract/key-states.ts";
import { EntityCombobox } from "../../_ui/entity-combobox.tsx";
import { Field } from "../../_ui/field.tsx";
import { FilterChip } from "../../_ui/filter-chip.tsx";
import { Button } from "../../_ui/primitives/button.tsx";
import { CheckboxOption } from "../../_ui/primitives/checkbox.tsx";
import { Combobox } from "../../_ui/primitives/combobox.tsx";
import { Input } from "../../_ui/primitives/input.tsx";
import { Menu, MenuCheckboxItem, MenuContent, MenuTrigger } from "../../_ui/primitives/menu.tsx";
import { Popover, PopoverContent, PopoverTrigger } from "../../_ui/primitives/popover.tsx";
import type { IgnoredParam } from "../../_ui/search-params.ts";
import { useShortcut } from "../../_ui/shell/use-shortcut.ts";
import { useParams } from "../../_ui/use-params.ts";
import { KEY_STATE_LABELS } from "./key-state-chip.tsx";
import { chipsOf, NO_FILTERS } from "./keys-chips.ts";
import { KEY_PARAMS } from "./keys-params.ts";

export interface KeysFiltersProps {
  models: readonly string[];
  ignored: readonly IgnoredParam[];
}

/** What narrows the list of keys: all of it in the address. */
export function KeysFilters({ models, ignored }: KeysFiltersProps) {
  const { values, set, isPending } = useParams(KEY_PARAMS);
  const chips = chipsOf(values);
  return (
    <div className="flex flex-col gap-2" aria-busy={isPending}>
      <div className="flex flex-wrap items-center gap-2">
        <KeySearch text={values.q} onSearch={(q) => set({ q }, { history: "replace" })} />
        <StatusFilter states={values.status ?? []} onChange={(status) => set({ status })} />
        <Popover>
          <PopoverTrigger render={<Button />}>
            <ListFilter aria-hidden className="text-muted-fg" />
            Filter
          </PopoverTrigger>
          <PopoverContent className="flex w-72 flex-col gap-3" aria-label="Filters">
            <Field label="Owner">
              {(control) => (
                <EntityCombobox
                  {...control}
                  type="user"
                  value={values.user}
                  onValueChange={(user) => set({ user })}
                />
              )}
            </Field>
            <Field label="May ask for">
              {(control) => (
                <Combobox
                  {...control}
                  options={models.map((name) => ({ value: name, label: name }))}
                  value={values.model}
                  onValueChange={(model) => set({ model })}
                  placeholder="Any model"
                />
              )}
            </Field>
            <CheckboxOption
              label="Unused for 30 days"
              checked={values.unused === true}
              onCheckedChange={(isOn) => set({ unused: isOn ? true : null })}
            />
            <CheckboxOption
              label="Expires within 7 days"
              checked={values.expiring === true}
              onCheckedChange={(isOn) => set({ expiring: isOn ? true : null })}
            />
          </PopoverContent>
        </Popover>
      </div>
      {chips.length + ignored.length === 0 ? null : (
        <div className="flex flex-wrap items-center gap-1.5">
          {chips.map(({ id, text, without }) => (
            <FilterChip key={id} text={text} onRemove={() => set(without)} />
          ))}
          {ignored.map(({ name, value }) => (
            <span
              key={`${name} ${value}`}
              className="inline-flex h-7 items-center rounded-full bg-chip-warning-bg px-2.5 text-chip-warning-fg text-xs"
            >
              Ignored: {name}={value}
            </span>
          ))}
          {chips.length === 0 ? null : (
            <Button variant="link" size="sm" onClick={() => set(NO_FILTERS)}>
              Clear filters
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

interface KeySearchProps {
  text: string | null;
  onSearch: (text: string | null) => void;
}

function KeySearch({ text, onSearch }: KeySearchProps) {
  const box = useRef<HTMLInputElement>(null);
  useShortcut("/", () => box.current?.focus(), { label: "Search keys" });
  return (
    <div className="relative w-full sm:w-64">
      <Search
        aria-hidden
        className="-translate-y-1/2 pointer-events-none absolute top-1/2 left-2.5 size-4 text-muted-fg"
      />
      <Input
        ref={box}
        type="search"
        aria-label="Search keys"
        placeholder="Name, owner, team or key"
        title="Search keys (/)"
        className="h-8 pl-8"
        defaultValue={text ?? ""}
        key={text === null ? "empty" : "typed"}
        onChange={(event) => onSearch(event.target.value === "" ? null : event.target.value)}
      />
    </div>
  );
}

type States = (typeof KEY_STATES)[number][];

interface StatusFilterProps {
  states: States;
  onChange: (states: States | null) => void;
}

function StatusFilter({ states, onChange }: StatusFilterProps) {
  const toggle = (state: States[number]) => {
    const next = states.includes(state)
      ? states.filter((each) => each !== state)
      : [...states, state];
    onChange(next.length === 0 ? null : next);
  };
  return (
    <Menu>
      <MenuTrigger render={<Button />}>
        Status{states.length === 0 ? "" : ` (${states.length})`}
      </MenuTrigger>
      <MenuContent align="start">
        {KEY_STATES.map((state) => (
          <MenuCheckboxItem
            key={state}
            checked={states.includes(state)}
            closeOnClick={false}
            onCheckedChange={() => toggle(state)}
          >
            {KEY_STATE_LABELS[state].label}
          </MenuCheckboxItem>
        ))}
      </MenuContent>
    </Menu>
  );
}
