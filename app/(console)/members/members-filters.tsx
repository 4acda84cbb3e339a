"use client";

import { Search } from "lucide-react";
import { useRef } from "react";
import { ROLES } from "#lib/catalog/roles.ts";
import { PERSON_STATUSES, SIGN_IN_METHODS } from "#lib/contract/person-facts.ts";
import { FilterChip } from "../../_ui/filter-chip.tsx";
import { Button } from "../../_ui/primitives/button.tsx";
import { Input } from "../../_ui/primitives/input.tsx";
import { Select } from "../../_ui/primitives/select.tsx";
import type { IgnoredParam } from "../../_ui/search-params.ts";
import { useShortcut } from "../../_ui/shell/use-shortcut.ts";
import { useParams } from "../../_ui/use-params.ts";
import { useTableQuery } from "../../_ui/use-table-query.ts";
import {
  MEMBER_PARAMS,
  METHOD_LABELS,
  NO_FILTERS,
  ROLE_LABELS,
  STATUS_LABELS,
} from "./members-params.ts";

export interface MembersFiltersProps {
  teams: readonly { id: string; name: string }[];
  ignored: readonly IgnoredParam[];
}

const ANY = "any";

/** What narrows the list of members: all of it in the address. */
export function MembersFilters({ teams, ignored }: MembersFiltersProps) {
  const { values, set, isPending } = useParams(MEMBER_PARAMS);
  const address = useTableQuery();
  const choose = (name: "role" | "status" | "method" | "team", value: string) =>
    set({ [name]: value === ANY ? null : value, offset: null });
  const isNarrowed = [values.q, values.role, values.status, values.method, values.team].some(
    (value) => value !== null,
  );
  return (
    <div className="flex flex-wrap items-center gap-2" aria-busy={isPending}>
      <PeopleSearch
        text={values.q}
        onSearch={(q) => set({ q, offset: null }, { history: "replace" })}
      />
      {teams.length === 0 ? null : (
        <Select
          aria-label="Team"
          isCompact
          value={values.team ?? ANY}
          onValueChange={(team) => choose("team", team)}
          options={[
            { value: ANY, label: "Any team" },
            ...teams.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
      )}
      <Select
        aria-label="Role"
        isCompact
        value={values.role ?? ANY}
        onValueChange={(role) => choose("role", role)}
        options={withAny("Any role", ROLES, ROLE_LABELS)}
      />
      <Select
        aria-label="Status"
        isCompact
        value={values.status ?? ANY}
        onValueChange={(status) => choose("status", status)}
        options={withAny("Any status", PERSON_STATUSES, STATUS_LABELS)}
      />
      <Select
        aria-label="Sign-in method"
        isCompact
        value={values.method ?? ANY}
        onValueChange={(method) => choose("method", method)}
        options={withAny("Any sign-in", SIGN_IN_METHODS, METHOD_LABELS)}
      />
      {isNarrowed ? (
        <Button variant="link" onClick={() => set({ ...NO_FILTERS, offset: null })}>
          Clear filters
        </Button>
      ) : null}
      {ignored.map(({ name, value }) => (
        <FilterChip
          key={`${name} ${value}`}
          tone="ignored"
          text={`Ignored: ${name}=${value}`}
          onRemove={() => address.go({ [name]: null })}
        />
      ))}
    </div>
  );
}

function withAny<Value extends string>(
  any: string,
  values: readonly Value[],
  labels: Readonly<Record<Value, string>>,
) {
  return [
    { value: ANY, label: any },
    ...values.map((value) => ({ value: value as string, label: labels[value] })),
  ];
}

interface PeopleSearchProps {
  text: string | null;
  onSearch: (text: string | null) => void;
}

function PeopleSearch({ text, onSearch }: PeopleSearchProps) {
  const box = useRef<HTMLInputElement>(null);
  useShortcut("/", () => box.current?.focus(), { label: "Search members" });
  return (
    <div className="relative w-full sm:w-64">
      <Search
        aria-hidden
        className="-translate-y-1/2 pointer-events-none absolute top-1/2 left-2.5 size-4 text-muted-fg"
      />
      <Input
        ref={box}
        type="search"
        aria-label="Search members"
        placeholder="Name or email"
        title="Search members (/)"
        className="h-8 pl-8"
        defaultValue={text ?? ""}
        key={text === null ? "empty" : "typed"}
        onChange={(event) => onSearch(event.target.value === "" ? null : event.target.value)}
      />
    </div>
  );
}
