"use client";

import type { PromptVariable } from "#lib/contract/managed-prompt.ts";
import { Field, type FieldControl } from "../field.tsx";
import { Input } from "../primitives/input.tsx";
import { Select } from "../primitives/select.tsx";
import { Textarea } from "../primitives/textarea.tsx";
import { textAt, type ValueTexts } from "./value-texts.ts";

export interface ValueFieldsProps {
  variables: readonly PromptVariable[];
  texts: ValueTexts;
  /** By variable. */
  errors: Readonly<Record<string, string>>;
  onChange: (name: string, text: string) => void;
}

/** One box for each variable of a prompt. */
export function ValueFields({ variables, texts, errors, onChange }: ValueFieldsProps) {
  return variables.map((variable) => (
    <Field
      key={variable.name}
      label={<code className="break-all font-mono">{variable.name}</code>}
      isRequired={variable.required && variable.default === null}
      hint={hintOf(variable)}
      error={textAt(errors, variable.name)}
    >
      {(control) => (
        <ValueBox
          control={control}
          variable={variable}
          text={textAt(texts, variable.name) ?? ""}
          onChange={(text) => onChange(variable.name, text)}
        />
      )}
    </Field>
  ));
}

function hintOf({ description, default: fallback }: PromptVariable): string | undefined {
  const given = fallback === null ? null : `Empty takes ${JSON.stringify(fallback)}.`;
  const text = [description, given].filter((part) => part !== null).join(" ");
  return text === "" ? undefined : text;
}

const NOT_GIVEN = "unset";

interface ValueBoxProps {
  control: FieldControl;
  variable: PromptVariable;
  text: string;
  onChange: (text: string) => void;
}

function ValueBox({ control, variable: { type }, text, onChange }: ValueBoxProps) {
  switch (type) {
    case "boolean":
      return (
        <Select
          {...control}
          options={[
            { value: NOT_GIVEN, label: "Not given" },
            { value: "true", label: "True" },
            { value: "false", label: "False" },
          ]}
          value={text === "" ? NOT_GIVEN : text}
          onValueChange={(value) => onChange(value === NOT_GIVEN ? "" : value)}
        />
      );
    case "number":
      return (
        <Input
          {...control}
          inputMode="decimal"
          autoComplete="off"
          value={text}
          onChange={({ target }) => onChange(target.value)}
        />
      );
    case "string":
      return (
        <Textarea
          {...control}
          rows={2}
          value={text}
          onChange={({ target }) => onChange(target.value)}
        />
      );
    default:
      return type satisfies never;
  }
}
