"use client";

import { useEffect, useState } from "react";
import type { LookupEntry, LookupType } from "#lib/contract/lookup.ts";
import { withBasePath } from "./base-path.ts";
import type { FieldControl } from "./field.tsx";
import { Combobox } from "./primitives/combobox.tsx";

const TYPING_PAUSE_MS = 250;

export interface EntityComboboxProps extends Partial<FieldControl> {
  /** What is looked for; the viewer finds only what they may see. */
  type: LookupType;
  value: string | null;
  onValueChange: (id: string | null, entry: LookupEntry | undefined) => void;
  placeholder?: string;
  disabled?: boolean;
  className?: string;
  "aria-label"?: string;
  /** Entries that are not offered, by id. */
  without?: readonly string[];
}

/** A person, team, key, deployment, alias or model, found by name: `<EntityCombobox type="team" value={id} onValueChange={setId} />`. */
export function EntityCombobox({
  type,
  value,
  onValueChange,
  placeholder = "Search by name",
  without = [],
  ...rest
}: EntityComboboxProps) {
  const [text, setText] = useState("");
  const { entries, status } = useLookup(type, text, value);
  const offered = entries.filter((entry) => !without.includes(entry.id));
  return (
    <Combobox
      options={offered.map(({ id, name, hint }) => ({
        value: id,
        label: name,
        hint: hint ?? undefined,
      }))}
      value={value}
      onValueChange={(id) => {
        setText("");
        onValueChange(
          id,
          entries.find((entry) => entry.id === id),
        );
      }}
      onSearch={setText}
      status={status}
      placeholder={placeholder}
      {...rest}
    />
  );
}

interface Lookup {
  entries: readonly LookupEntry[];
  status: string | null;
}

/** Asks a moment after the last key was typed; an answer that has been overtaken is dropped. */
function useLookup(type: LookupType, text: string, value: string | null): Lookup {
  const [lookup, setLookup] = useState<Lookup>({ entries: [], status: "Searching" });
  useEffect(() => {
    const stop = new AbortController();
    const timer = setTimeout(
      () => {
        setLookup((before) => ({ ...before, status: "Searching" }));
        fetchEntries(type, { q: text, selected: value }, stop.signal).then(
          (entries) => setLookup({ entries, status: null }),
          () =>
            stop.signal.aborted
              ? undefined
              : setLookup((before) => ({
                  ...before,
                  status: "Could not search. Type to try again.",
                })),
        );
      },
      text === "" ? 0 : TYPING_PAUSE_MS,
    );
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [type, text, value]);
  return lookup;
}

async function fetchEntries(
  type: LookupType,
  asked: { q: string; selected: string | null },
  signal: AbortSignal,
): Promise<LookupEntry[]> {
  const query = new URLSearchParams({ q: asked.q });
  if (asked.selected !== null) {
    query.set("id", asked.selected);
  }
  const reply = await fetch(withBasePath(`/api/console/lookup/${type}?${query}`), { signal });
  if (!reply.ok) {
    throw new Error(`lookup answered ${reply.status}`);
  }
  // The route answers nothing else with a status of 200.
  const body = (await reply.json()) as { entries: LookupEntry[] };
  return body.entries;
}
