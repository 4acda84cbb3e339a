"use client";

import type { ReactNode } from "react";
import { Field } from "../../_ui/field.tsx";
import { Input } from "../../_ui/primitives/input.tsx";
import type { ActionForm } from "../../_ui/use-action-form.ts";
import type { CacheValues } from "./cache-values.ts";

export interface NumberFieldProps {
  form: ActionForm<CacheValues>;
  name:
    | "ttl_seconds"
    | "semantic_ttl_seconds"
    | "max_entry_kib"
    | "min_prompt_chars"
    | "sample_share";
  label: string;
  /** The unit, beside the box. */
  suffix: string;
  hint: ReactNode;
}

/** A number with its unit. */
export function NumberField({ form, name, label, suffix, hint }: NumberFieldProps) {
  return (
    <Field label={label} isRequired error={form.errors[name]} hint={hint}>
      {(control) => (
        <div className="flex items-center gap-2">
          <Input {...control} {...form.text(name)} inputMode="decimal" className="w-28" />
          <span className="text-muted-fg text-sm">{suffix}</span>
        </div>
      )}
    </Field>
  );
}
