"use client";

import { ListFilter } from "lucide-react";
import { usePathname, useRouter } from "next/navigation";
import { type ReactNode, useState } from "react";
import { CopyButton } from "./copy-button.tsx";
import { FilterChip } from "./filter-chip.tsx";
import { chipsOf, type FilterDefinition, type FilterName } from "./filter-definition.ts";
import { FilterEditor } from "./filter-editor.tsx";
import { Button } from "./primitives/button.tsx";
import { Popover, PopoverContent, PopoverTrigger } from "./primitives/popover.tsx";
import { filterParams, type IgnoredParam } from "./search-params.ts";
import { useShortcut } from "./shell/use-shortcut.ts";
import { useParams } from "./use-params.ts";

export interface FilterBarProps {
  filters: readonly FilterDefinition[];
  /** What `readParams` could not use. */
  ignored: readonly IgnoredParam[];
  /** To the left: the time. */
  lead?: ReactNode;
  /** To the right: refresh, columns, export. */
  children?: ReactNode;
}

/**
 * What narrows a page, as chips, all of it in the address:
 * `<FilterBar filters={FILTERS} ignored={ignored} lead={<TimeRangePicker />}>…</FilterBar>`.
 */
export function FilterBar({ filters, ignored, lead, children }: FilterBarProps) {
  const { values, set, isPending } = useParams(filterParams);
  const chips = chipsOf(filters, values);
  const removeIgnored = useRemoveIgnored();

  const remove = (name: FilterName, value: string) => {
    const held = values[name];
    const rest = Array.isArray(held) ? held.filter((each) => each !== value) : [];
    set({ [name]: rest.length === 0 ? null : rest });
  };
  const clear = () => set(Object.fromEntries(filters.map(({ name }) => [name, null])));

  return (
    <div className="flex flex-col gap-2" aria-busy={isPending}>
      <div className="flex flex-wrap items-center gap-2">
        {lead}
        <AddFilter
          filters={filters}
          values={values}
          onChange={(name, value) => set({ [name]: value })}
        />
        <div className="ml-auto flex flex-wrap items-center gap-2">{children}</div>
      </div>
      {chips.length + ignored.length === 0 ? null : (
        <div className="flex flex-wrap items-center gap-1.5">
          {chips.map(({ name, value, text }) => (
            <FilterChip key={`${name} ${value}`} text={text} onRemove={() => remove(name, value)} />
          ))}
          {ignored.map(({ name, value }) => (
            <FilterChip
              key={`${name} ${value}`}
              tone="ignored"
              text={`Ignored: ${name}=${value}`}
              onRemove={() => removeIgnored(name)}
            />
          ))}
          {chips.length === 0 ? null : (
            <Button variant="link" size="sm" onClick={clear}>
              Clear filters
            </Button>
          )}
          <CopyLink />
        </div>
      )}
    </div>
  );
}

interface AddFilterProps {
  filters: readonly FilterDefinition[];
  values: Partial<Record<FilterName, unknown>>;
  onChange: (name: FilterName, value: string[] | boolean | number | string | null) => void;
}

function AddFilter({ filters, values, onChange }: AddFilterProps) {
  const [isOpen, setIsOpen] = useState(false);
  const [chosen, setChosen] = useState<FilterName | null>(null);
  const filter = filters.find(({ name }) => name === chosen);
  const open = (next: boolean) => {
    setIsOpen(next);
    setChosen(null);
  };
  useShortcut("f", () => open(true), { label: "Add a filter" });
  return (
    <Popover open={isOpen} onOpenChange={open}>
      <PopoverTrigger render={<Button title="Add a filter (f)" />}>
        <ListFilter aria-hidden className="text-muted-fg" />
        Filter
      </PopoverTrigger>
      <PopoverContent className="w-72" aria-label={filter?.label ?? "Add a filter"}>
        {filter === undefined ? (
          <ul className="-m-1 max-h-80 overflow-y-auto">
            {filters.map(({ name, label }) => (
              <li key={name}>
                <Button
                  variant="ghost"
                  className="w-full justify-start"
                  onClick={() => setChosen(name)}
                >
                  {label}
                </Button>
              </li>
            ))}
          </ul>
        ) : (
          <>
            <p className="mb-2 font-medium">{filter.label}</p>
            <FilterEditor
              filter={filter}
              value={values[filter.name] ?? null}
              onChange={(value) => onChange(filter.name, value)}
              onDone={() => open(false)}
            />
          </>
        )}
      </PopoverContent>
    </Popover>
  );
}

/** Takes a parameter out of the address that no parser of the page knows. */
function useRemoveIgnored(): (name: string) => void {
  const router = useRouter();
  const pathname = usePathname();
  return (name) => {
    const query = new URLSearchParams(window.location.search);
    query.delete(name);
    const text = query.toString();
    // The page that is open, with another query.
    router.replace((text === "" ? pathname : `${pathname}?${text}`) as "/");
  };
}

function CopyLink() {
  // The text is in no markup, so that the server does not have to know it.
  return (
    <CopyButton text={typeof window === "undefined" ? "" : window.location.href} what="link" />
  );
}
