"use client";

import { EntityCombobox } from "../../_ui/entity-combobox.tsx";
import { Field } from "../../_ui/field.tsx";
import { Select } from "../../_ui/primitives/select.tsx";
import type { ActionForm } from "../../_ui/use-action-form.ts";
import type { RuleValues } from "./rule-values.ts";

interface ScopeFieldsProps {
  form: ActionForm<RuleValues>;
}

const KINDS = [
  { value: "organization", label: "Every request" },
  { value: "team", label: "Requests of a team" },
  { value: "key", label: "Requests of a key" },
  { value: "alias", label: "Requests that ask for an alias" },
] as const;

const NOUNS = { team: "Team", key: "Key", alias: "Alias" } as const;

/** Whose requests the rule holds for. */
export function ScopeFields({ form }: ScopeFieldsProps) {
  const { scopeKind: kind, scopeRefs } = form.values;
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field
        label="Applies to"
        error={form.errors["scope"] ?? form.errors["scope.kind"]}
        hint="Rules for everybody and for a team, key or alias hold together: a narrower one only adds."
      >
        {(control) => (
          <Select
            {...control}
            options={KINDS}
            value={kind}
            onValueChange={(next) => form.set("scopeKind", next)}
          />
        )}
      </Field>
      {kind === "organization" ? null : (
        <Field
          label={NOUNS[kind]}
          isRequired
          error={form.errors["scope.id"] ?? form.errors["scope.name"]}
        >
          {(control) => (
            <EntityCombobox
              key={kind}
              {...control}
              type={kind}
              value={scopeRefs[kind] ?? null}
              onValueChange={(ref) => form.set("scopeRefs", { ...scopeRefs, [kind]: ref })}
            />
          )}
        </Field>
      )}
    </div>
  );
}
