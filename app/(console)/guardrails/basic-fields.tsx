"use client";

import { Field } from "../../_ui/field.tsx";
import { Input } from "../../_ui/primitives/input.tsx";
import type { ActionForm } from "../../_ui/use-action-form.ts";
import type { RuleValues } from "./rule-values.ts";

interface BasicFieldsProps {
  form: ActionForm<RuleValues>;
}

/** What the rule is called. */
export function BasicFields({ form }: BasicFieldsProps) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field
        label="Name"
        isRequired
        error={form.errors["name"]}
        hint="1 to 80 characters. Callers who are blocked read it."
      >
        {(control) => <Input {...control} autoComplete="off" {...form.text("name")} />}
      </Field>
      <Field label="Description" error={form.errors["description"]} hint="For colleagues only.">
        {(control) => <Input {...control} autoComplete="off" {...form.text("description")} />}
      </Field>
    </div>
  );
}
