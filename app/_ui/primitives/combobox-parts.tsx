"use client";

import { Combobox as Base } from "@base-ui/react/combobox";
import { Check, ChevronsUpDown, X } from "lucide-react";
import { cn } from "../cn.ts";
import { optionRow, overlaySurface } from "./focus-ring.ts";
import { inputClass } from "./input.tsx";

export interface ComboboxOption {
  value: string;
  label: string;
  /** A second, smaller line: an id, an address. */
  hint?: string | undefined;
}

interface FieldWiring {
  id?: string;
  "aria-label"?: string;
  "aria-describedby"?: string | undefined;
  "aria-invalid"?: boolean | undefined;
}

export interface ComboboxProps extends FieldWiring {
  options: readonly ComboboxOption[];
  value: string | null;
  onValueChange: (value: string | null) => void;
  placeholder?: string;
  disabled?: boolean;
  className?: string;
  /** What it says when no option matches. */
  emptyText?: string;
  /** With it the options come from elsewhere: called as one types, nothing is filtered here. */
  onSearch?: (text: string) => void;
  /** Said above the list, and read out: "Searching", an error. */
  status?: string | null;
}

/** A choice among many, found by typing: `<Combobox options={zones} value={zone} onValueChange={setZone} />`. */
export function Combobox({
  options,
  value,
  onValueChange,
  placeholder = "Search",
  disabled = false,
  className,
  emptyText = "Nothing matches.",
  onSearch,
  status = null,
  ...wiring
}: ComboboxProps) {
  const selected = options.find((option) => option.value === value) ?? null;
  return (
    <Base.Root
      items={options}
      value={selected}
      disabled={disabled}
      itemToStringLabel={(option: ComboboxOption) => option.label}
      isItemEqualToValue={(one, other) => one.value === other.value}
      onValueChange={(option) => onValueChange(option?.value ?? null)}
      {...(onSearch === undefined
        ? {}
        : { filter: null, onInputValueChange: searchOnTyping(onSearch) })}
    >
      <Base.InputGroup className={cn("relative w-full", className)}>
        <Base.Input placeholder={placeholder} className={cn(inputClass, "pr-16")} {...wiring} />
        <span className="absolute inset-y-0 right-1 flex items-center text-muted-fg">
          <Base.Clear
            aria-label="Clear"
            className="flex size-7 items-center justify-center rounded-md hover:bg-muted"
          >
            <X aria-hidden className="size-4" />
          </Base.Clear>
          <Base.Trigger
            aria-label="Show choices"
            className="flex size-7 items-center justify-center rounded-md hover:bg-muted"
          >
            <ChevronsUpDown aria-hidden className="size-4" />
          </Base.Trigger>
        </span>
      </Base.InputGroup>
      <ComboboxList emptyText={emptyText} status={status} />
    </Base.Root>
  );
}

export interface MultiComboboxProps extends FieldWiring {
  options: readonly ComboboxOption[];
  values: readonly string[];
  onValuesChange: (values: string[]) => void;
  placeholder?: string;
  disabled?: boolean;
  className?: string;
  emptyText?: string;
}

/** Several of many, shown as chips: `<MultiCombobox options={models} values={v} onValuesChange={setV} />`. */
export function MultiCombobox({
  options,
  values,
  onValuesChange,
  placeholder = "Search",
  disabled = false,
  className,
  emptyText = "Nothing matches.",
  ...wiring
}: MultiComboboxProps) {
  // A chosen value that is no longer offered keeps its chip, or saving would drop it unseen.
  const selected = values.map(
    (value) => options.find((option) => option.value === value) ?? { value, label: value },
  );
  return (
    <Base.Root
      multiple
      items={options}
      value={selected}
      disabled={disabled}
      itemToStringLabel={(option: ComboboxOption) => option.label}
      isItemEqualToValue={(one, other) => one.value === other.value}
      onValueChange={(chosen) => onValuesChange(chosen.map((option) => option.value))}
    >
      <Base.InputGroup
        className={cn(
          inputClass,
          "flex h-auto min-h-9 flex-wrap items-center gap-1 py-1 focus-within:outline-2 focus-within:outline-primary focus-within:-outline-offset-1 focus-within:outline-solid",
          className,
        )}
      >
        <Base.Chips className="contents">
          {selected.map((option) => (
            <Base.Chip
              key={option.value}
              className="flex h-6 items-center gap-1 rounded-md bg-muted pl-2 text-[13px] data-highlighted:outline-2 data-highlighted:outline-primary focus-within:outline-2 focus-within:outline-primary"
            >
              {option.label}
              <Base.ChipRemove
                aria-label={`Remove ${option.label}`}
                className="flex size-6 items-center justify-center rounded-md hover:text-danger"
              >
                <X aria-hidden className="size-3.5" />
              </Base.ChipRemove>
            </Base.Chip>
          ))}
          <Base.Input
            placeholder={selected.length === 0 ? placeholder : ""}
            className="h-6 min-w-20 flex-1 border-0 bg-transparent text-sm outline-none placeholder:text-muted-fg"
            {...wiring}
          />
        </Base.Chips>
      </Base.InputGroup>
      <ComboboxList emptyText={emptyText} status={null} />
    </Base.Root>
  );
}

interface ComboboxListProps {
  emptyText: string;
  status: string | null;
}

function ComboboxList({ emptyText, status }: ComboboxListProps) {
  return (
    <Base.Portal>
      <Base.Positioner className="outline-none" sideOffset={4} collisionPadding={8}>
        <Base.Popup
          className={cn(
            overlaySurface,
            "w-[var(--anchor-width)] min-w-48 max-w-[var(--available-width)]",
          )}
        >
          <Base.Status className="text-muted-fg text-sm">
            {status === null ? null : <p className="px-3 py-2">{status}</p>}
          </Base.Status>
          <Base.Empty className="text-muted-fg text-sm">
            {status === null ? <p className="px-3 py-2">{emptyText}</p> : null}
          </Base.Empty>
          <Base.List className="max-h-[min(20rem,var(--available-height))] overflow-y-auto overscroll-contain p-1 outline-none data-empty:p-0">
            {(option: ComboboxOption) => (
              <Base.Item key={option.value} value={option} className={optionRow}>
                <span className="flex size-4 shrink-0 items-center">
                  <Base.ItemIndicator>
                    <Check aria-hidden className="size-4 text-primary" />
                  </Base.ItemIndicator>
                </span>
                <span className="flex min-w-0 flex-col">
                  <span className="truncate">{option.label}</span>
                  {option.hint === undefined ? null : (
                    <span className="truncate text-muted-fg text-xs">{option.hint}</span>
                  )}
                </span>
              </Base.Item>
            )}
          </Base.List>
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  );
}

/** Choosing an item also changes the text of the box, which is no search. */
function searchOnTyping(onSearch: (text: string) => void) {
  return (text: string, details: { reason: string }) => {
    if (details.reason === "input-change" || details.reason === "input-clear") {
      onSearch(text);
    }
  };
}
