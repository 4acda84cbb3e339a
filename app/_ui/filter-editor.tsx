"use client";

import { type FormEvent, useState } from "react";
import type { FilterDefinition } from "./filter-definition.ts";
import { FilterListEditor } from "./filter-list-editor.tsx";
import { Button } from "./primitives/button.tsx";
import { Input } from "./primitives/input.tsx";

export interface FilterEditorProps {
  filter: FilterDefinition;
  /** What is set now: a list, a flag, a number, a text, or null. */
  value: unknown;
  onChange: (value: string[] | boolean | number | string | null) => void;
  onDone: () => void;
}

/** The form of one filter; a list applies at once, what is typed on Apply. */
export function FilterEditor({ filter, value, onChange, onDone }: FilterEditorProps) {
  if (filter.kind === "list") {
    return (
      <FilterListEditor
        filter={filter}
        values={Array.isArray(value) ? value.map(String) : null}
        onChange={onChange}
      />
    );
  }
  if (filter.kind === "flag") {
    return (
      <div className="flex flex-col gap-1">
        {[true, false].map((choice) => (
          <Button
            key={String(choice)}
            variant="ghost"
            className="justify-start"
            aria-pressed={value === choice}
            onClick={() => {
              onChange(choice);
              onDone();
            }}
          >
            {choice ? filter.yes : filter.no}
          </Button>
        ))}
      </div>
    );
  }
  return <TypedFilter filter={filter} value={value} onChange={onChange} onDone={onDone} />;
}

interface TypedFilterProps extends FilterEditorProps {
  filter: Exclude<FilterDefinition, { kind: "list" | "flag" }>;
}

function TypedFilter({ filter, value, onChange, onDone }: TypedFilterProps) {
  const [text, setText] = useState(value === null || value === undefined ? "" : String(value));
  const [problem, setProblem] = useState<string | null>(null);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const reading = readTyped(filter, text.trim());
    if (reading.problem !== undefined) {
      setProblem(reading.problem);
      return;
    }
    onChange(reading.value);
    onDone();
  };

  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-2">
      <div className="flex items-center gap-2">
        <Input
          aria-label={filter.kind === "text" ? filter.label : `${filter.label}, at least`}
          aria-invalid={problem !== null}
          inputMode={filter.kind === "text" ? "text" : "decimal"}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setProblem(null);
          }}
        />
        {filter.kind === "text" ? null : <span className="text-muted-fg">{filter.unit}</span>}
        <Button type="submit" size="lg">
          Apply
        </Button>
      </div>
      {filter.kind === "text" && filter.hint !== undefined ? (
        <p className="text-muted-fg text-xs">{filter.hint}</p>
      ) : null}
      <p role="alert" className="text-danger text-xs empty:hidden">
        {problem}
      </p>
    </form>
  );
}

type Reading = { value: string | number | null; problem?: never } | { problem: string };

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function readTyped(filter: TypedFilterProps["filter"], text: string): Reading {
  if (text === "") {
    return { value: null };
  }
  if (filter.kind === "number") {
    return /^\d{1,9}$/.test(text)
      ? { value: Number(text) }
      : { problem: "Type a whole number, 0 or more." };
  }
  if (filter.kind === "amount") {
    return /^\d{1,9}(?:\.\d{1,10})?$/.test(text)
      ? { value: text }
      : { problem: "Type an amount such as 0.05." };
  }
  return filter.name === "rid" && !UUID.test(text)
    ? { problem: "Type a whole request id." }
    : { value: text };
}
