"use client";

import { Ban, Check } from "lucide-react";
import { useId, useState } from "react";
import { cn } from "./cn.ts";
import {
  choiceOf,
  chooseValue,
  type FilterDefinition,
  type FilterOption,
} from "./filter-definition.ts";
import { focusRing } from "./primitives/focus-ring.ts";
import { Input } from "./primitives/input.tsx";

type ListFilter = Extract<FilterDefinition, { kind: "list" }>;

/** Fewer are read at a glance. */
const SEARCHED_FROM = 8;

export interface FilterListEditorProps {
  filter: ListFilter;
  values: readonly string[] | null;
  onChange: (values: string[] | null) => void;
}

/** Values to take or to leave out, found by typing where there are many. */
export function FilterListEditor({ filter, values, onChange }: FilterListEditorProps) {
  const id = useId();
  const [text, setText] = useState("");
  const typed = text.trim();
  const shown = optionsFor(filter, values).filter(
    ({ label, value }) => label.toLowerCase().includes(typed.toLowerCase()) || value === typed,
  );
  const mayAdd =
    filter.isOpen === true && typed !== "" && shown.every(({ value }) => value !== typed);
  const isSearched = filter.isOpen === true || filter.options.length >= SEARCHED_FROM;
  return (
    <div className="flex flex-col gap-2">
      {isSearched ? (
        <Input
          aria-label={`Find in ${filter.label.toLowerCase()}`}
          placeholder={filter.isOpen === true ? "Find or type a value" : "Find"}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      ) : null}
      <ul className="-mx-1 max-h-72 overflow-y-auto" aria-labelledby={id}>
        {[...shown, ...(mayAdd ? [{ value: typed, label: typed }] : [])].map((option) => (
          <OptionRow
            key={option.value}
            option={option}
            choice={choiceOf(values, option.value)}
            onChoose={(choice) => onChange(chooseValue(values, option.value, choice))}
          />
        ))}
      </ul>
      {shown.length === 0 && !mayAdd ? (
        <p className="text-muted-fg">
          {typed === "" ? "No values yet." : "No value is called that."}
        </p>
      ) : null}
    </div>
  );
}

/** What is chosen stays in the list, also when it is not among the options any more. */
function optionsFor(filter: ListFilter, values: readonly string[] | null): FilterOption[] {
  const known = new Set(filter.options.map(({ value }) => value));
  const others = (values ?? [])
    .map((value) => value.replace(/^!/, ""))
    .filter((value) => !known.has(value));
  return [...others.map((value) => ({ value, label: value })), ...filter.options];
}

interface OptionRowProps {
  option: FilterOption;
  choice: "any" | "include" | "exclude";
  onChoose: (choice: "any" | "include" | "exclude") => void;
}

function OptionRow({ option, choice, onChoose }: OptionRowProps) {
  const { label, hint, count } = option;
  return (
    <li className="flex items-center gap-1">
      <button
        type="button"
        aria-pressed={choice === "include"}
        onClick={() => onChoose(choice === "include" ? "any" : "include")}
        className={cn(
          focusRing,
          "flex min-h-8 min-w-0 flex-1 items-center gap-2 rounded-md px-2 py-1 text-left hover:bg-muted",
        )}
      >
        <Check
          aria-hidden
          className={cn("size-4 shrink-0 text-primary", choice !== "include" && "invisible")}
        />
        <span className={cn("min-w-0 flex-1 truncate", choice === "exclude" && "line-through")}>
          {label}
          {hint === undefined ? null : <span className="ml-2 text-muted-fg text-xs">{hint}</span>}
        </span>
        {count === undefined ? null : <span className="text-muted-fg text-xs">{count}</span>}
      </button>
      <button
        type="button"
        aria-pressed={choice === "exclude"}
        aria-label={`Leave out ${label}`}
        title="Leave out"
        onClick={() => onChoose(choice === "exclude" ? "any" : "exclude")}
        className={cn(
          focusRing,
          "flex size-8 shrink-0 items-center justify-center rounded-md hover:bg-muted",
          choice === "exclude" ? "text-danger" : "text-muted-fg",
        )}
      >
        <Ban aria-hidden className="size-4" />
      </button>
    </li>
  );
}
