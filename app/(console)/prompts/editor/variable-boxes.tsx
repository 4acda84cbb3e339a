"use client";

import { Trash2 } from "lucide-react";
import type { PromptVariable } from "#lib/contract/managed-prompt.ts";
import { Field } from "../../../_ui/field.tsx";
import { Button } from "../../../_ui/primitives/button.tsx";
import { CheckboxOption } from "../../../_ui/primitives/checkbox.tsx";
import { Input } from "../../../_ui/primitives/input.tsx";
import { Select } from "../../../_ui/primitives/select.tsx";
import type { ActionForm } from "../../../_ui/use-action-form.ts";
import {
  type EditorValues,
  type ShownVariable,
  shownVariables,
  type VariableValues,
} from "./prompt-values.ts";

const TYPES: readonly { value: PromptVariable["type"]; label: string }[] = [
  { value: "string", label: "Text" },
  { value: "number", label: "Number" },
  { value: "boolean", label: "True or false" },
];

export interface VariableBoxesProps {
  form: ActionForm<EditorValues>;
}

/** The variables that the messages use, found while they are written. */
export function VariableBoxes({ form }: VariableBoxesProps) {
  const shown = shownVariables(form.values);
  const edit = (at: number, part: Partial<VariableValues>) =>
    form.set(
      "variables",
      shown.map(({ isUsed: _, ...each }, index) => (index === at ? { ...each, ...part } : each)),
    );
  const remove = (name: string) =>
    form.set(
      "variables",
      form.values.variables.filter((each) => each.name !== name),
    );
  if (shown.length === 0) {
    return (
      <p className="text-muted-fg text-sm">
        Write <code>{"{{name}}"}</code> in a message, and the variable is listed here.
      </p>
    );
  }
  return (
    <ul className="flex min-w-0 flex-col gap-4">
      {shown.map((variable, at) => (
        <VariableBox
          key={variable.name}
          variable={variable}
          errors={{
            default: form.errors[`variables.${at}.default`],
            name: form.errors[`variables.${at}.name`],
          }}
          onEdit={(part) => edit(at, part)}
          onRemove={() => remove(variable.name)}
        />
      ))}
    </ul>
  );
}

interface VariableBoxProps {
  variable: ShownVariable;
  errors: { default: string | undefined; name: string | undefined };
  onEdit: (part: Partial<VariableValues>) => void;
  onRemove: () => void;
}

function VariableBox({ variable, errors, onEdit, onRemove }: VariableBoxProps) {
  const { name, type, required, isUsed } = variable;
  return (
    <li className="flex min-w-0 flex-col gap-3 border-border border-b pb-4 last:border-b-0 last:pb-0">
      <div className="flex flex-wrap items-center gap-2">
        <code className="break-all font-medium font-mono text-sm">{name}</code>
        {errors.name === undefined ? null : (
          <span className="text-danger text-xs">{errors.name}</span>
        )}
        {isUsed ? null : (
          <>
            <span className="text-muted-fg text-xs">
              No message uses it; requests may still send it.
            </span>
            <Button size="icon-sm" variant="ghost" aria-label={`Remove ${name}`} onClick={onRemove}>
              <Trash2 aria-hidden />
            </Button>
          </>
        )}
      </div>
      <div className="grid gap-3 sm:grid-cols-[9rem_1fr_1.5fr]">
        <Field label="Type">
          {(control) => (
            <Select
              {...control}
              options={TYPES}
              value={type}
              onValueChange={(next) => onEdit({ type: next })}
            />
          )}
        </Field>
        <Field label="Default" error={errors.default}>
          {(control) => (
            <Input
              {...control}
              autoComplete="off"
              value={variable.default}
              onChange={({ target }) => onEdit({ default: target.value })}
            />
          )}
        </Field>
        <Field label="Description">
          {(control) => (
            <Input
              {...control}
              autoComplete="off"
              maxLength={500}
              value={variable.description}
              onChange={({ target }) => onEdit({ description: target.value })}
            />
          )}
        </Field>
      </div>
      <CheckboxOption
        label="Required"
        hint="A request without it, and without a default, is refused."
        checked={required}
        onCheckedChange={(isRequired) => onEdit({ required: isRequired })}
      />
    </li>
  );
}
