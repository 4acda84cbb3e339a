"use client";

import { X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { getProviderLabel } from "#lib/catalog/providers.ts";
import { Chip } from "../../_ui/chip.tsx";
import { Button } from "../../_ui/primitives/button.tsx";
import { CheckboxOption } from "../../_ui/primitives/checkbox.tsx";
import { Input } from "../../_ui/primitives/input.tsx";
import { Select } from "../../_ui/primitives/select.tsx";
import type { IgnoredParam } from "../../_ui/search-params.ts";
import { useShortcut } from "../../_ui/shell/use-shortcut.ts";
import { useTableQuery } from "../../_ui/use-table-query.ts";
import type { BoardQuery } from "./board-query.ts";

export interface BoardToolbarProps {
  query: BoardQuery;
  ignored: readonly IgnoredParam[];
  providers: readonly string[];
  aliases: readonly string[];
}

const ANY = "any";
export const NO_FILTERS = { provider: null, state: null, alias: null, unpriced: null, q: null };
const TYPING_MS = 300;

const STATES = [
  { value: ANY, label: "Any state" },
  { value: "active", label: "Enabled" },
  { value: "off", label: "Off" },
  { value: "open", label: "Circuit not closed" },
] as const;

/** What narrows the list of deployments; all of it is in the address. */
export function BoardToolbar({ query, ignored, providers, aliases }: BoardToolbarProps) {
  const { go } = useTableQuery();
  const choose = (name: string) => (value: string) => go({ [name]: value === ANY ? null : value });
  return (
    <>
      <SearchBox text={query.q ?? ""} onSearch={(text) => go({ q: text === "" ? null : text })} />
      <Select
        isCompact
        aria-label="State"
        options={STATES}
        value={query.state ?? ANY}
        onValueChange={choose("state")}
      />
      <Select
        isCompact
        aria-label="Provider"
        options={[
          { value: ANY, label: "Any provider" },
          ...providers.map((id) => ({ value: id, label: getProviderLabel(id) })),
        ]}
        value={query.provider ?? ANY}
        onValueChange={choose("provider")}
      />
      {aliases.length === 0 ? null : (
        <Select
          isCompact
          aria-label="Alias"
          options={[
            { value: ANY, label: "Any alias" },
            ...aliases.map((name) => ({ value: name, label: name })),
          ]}
          value={query.alias ?? ANY}
          onValueChange={choose("alias")}
        />
      )}
      <CheckboxOption
        label="Unpriced"
        checked={query.unpriced === true}
        onCheckedChange={(isOn) => go({ unpriced: isOn ? "true" : null })}
      />
      {ignored.map(({ name, value }) => (
        <span key={`${name}=${value}`} className="inline-flex items-center">
          <Chip tone="warning">
            Ignored: {name}={value}
          </Chip>
          <Button
            size="icon-sm"
            variant="ghost"
            aria-label={`Take ${name} out of the address`}
            onClick={() => go({ [name]: null })}
          >
            <X aria-hidden />
          </Button>
        </span>
      ))}
    </>
  );
}

interface SearchBoxProps {
  text: string;
  onSearch: (text: string) => void;
}

/** Typing asks the server once it rests for a moment. */
function SearchBox({ text, onSearch }: SearchBoxProps) {
  const [typed, setTyped] = useState(text);
  const box = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useShortcut("/", () => box.current?.focus(), { label: "Search deployments" });
  useEffect(() => {
    setTyped(text);
  }, [text]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <Input
      ref={box}
      type="search"
      aria-label="Search deployments"
      placeholder="Name, model or tag"
      className="h-8 w-52"
      value={typed}
      onChange={(event) => {
        const next = event.target.value;
        setTyped(next);
        clearTimeout(timer.current);
        timer.current = setTimeout(onSearch, TYPING_MS, next.trim());
      }}
    />
  );
}
