"use client";

import { useId } from "react";
import type { ConfigField } from "#lib/contract/guardrail-form.ts";
import { Field, FieldError } from "../../_ui/field.tsx";
import { Fieldset } from "../../_ui/fieldset.tsx";
import { CheckboxOption } from "../../_ui/primitives/checkbox.tsx";
import { Input } from "../../_ui/primitives/input.tsx";
import { Select } from "../../_ui/primitives/select.tsx";
import { SwitchOption } from "../../_ui/primitives/switch.tsx";
import { Textarea } from "../../_ui/primitives/textarea.tsx";
import type { ConfigValue } from "./rule-values.ts";

interface ConfigFieldControlProps {
  field: ConfigField;
  value: ConfigValue;
  onChange: (value: ConfigValue) => void;
  error: string | undefined;
}

/** One setting of a rule's type, by what kind of value it is. */
export function ConfigFieldControl(props: ConfigFieldControlProps) {
  const { field, ...rest } = props;
  switch (field.kind) {
    case "switch":
      return <SwitchSetting {...props} />;
    case "choices":
      return <ChoicesSetting {...rest} field={field} />;
    case "choice":
      return <ChoiceSetting {...rest} field={field} />;
    case "number":
    case "text":
      return <LineSetting {...rest} field={field} />;
    case "lines":
    case "json":
      return <BlockSetting {...rest} field={field} />;
    default:
      return field satisfies never;
  }
}

interface Kind<Name extends ConfigField["kind"]> extends Omit<ConfigFieldControlProps, "field"> {
  field: Extract<ConfigField, { kind: Name }>;
}

function SwitchSetting({ field, value, onChange, error }: ConfigFieldControlProps) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1.5">
      <SwitchOption
        label={field.title}
        hint={field.description ?? undefined}
        checked={value === true}
        onCheckedChange={(isOn) => onChange(isOn)}
        aria-describedby={error === undefined ? undefined : id}
      />
      <FieldError id={id} error={error} />
    </div>
  );
}

function ChoicesSetting({ field, value, onChange, error }: Kind<"choices">) {
  const chosen = Array.isArray(value) ? (value as readonly string[]) : [];
  const toggle = (option: string, isOn: boolean) =>
    onChange(
      // In the order of the list, so that a choice that is taken back leaves no trace.
      field.options.flatMap(({ value: each }) =>
        (each === option ? isOn : chosen.includes(each)) ? [each] : [],
      ),
    );
  return (
    <Fieldset legend={field.title} hint={field.description ?? undefined} error={error}>
      <div className="grid gap-x-4 gap-y-1 @xl:grid-cols-3 sm:grid-cols-2">
        {field.options.map((option) => (
          <CheckboxOption
            key={option.value}
            label={option.label}
            checked={chosen.includes(option.value)}
            onCheckedChange={(isOn) => toggle(option.value, isOn)}
          />
        ))}
      </div>
    </Fieldset>
  );
}

function ChoiceSetting({ field, value, onChange, error }: Kind<"choice">) {
  return (
    <Field
      label={field.title}
      isRequired={field.isRequired}
      error={error}
      hint={field.description}
      className="max-w-md"
    >
      {(control) => (
        <Select
          {...control}
          options={field.options}
          value={typeof value === "string" && value !== "" ? value : null}
          onValueChange={onChange}
        />
      )}
    </Field>
  );
}

function LineSetting({ field, value, onChange, error }: Kind<"number" | "text">) {
  const text = typeof value === "string" ? value : "";
  const isLong = field.kind === "text" && field.isLong;
  return (
    <Field
      label={field.title}
      isRequired={field.isRequired}
      error={error}
      hint={field.description}
      className={field.kind === "number" ? "max-w-md" : ""}
    >
      {(control) =>
        isLong ? (
          <Textarea
            {...control}
            value={text}
            className="font-mono text-13"
            onChange={(event) => onChange(event.target.value)}
          />
        ) : (
          <Input
            {...control}
            autoComplete="off"
            inputMode={field.kind === "number" ? "decimal" : "text"}
            value={text}
            onChange={(event) => onChange(event.target.value)}
          />
        )
      }
    </Field>
  );
}

/** Lists that can grow beyond this want a larger box. */
const MANY = 50;

function BlockSetting({ field, value, onChange, error }: Kind<"lines" | "json">) {
  const note = noteOf(field);
  return (
    <Field
      label={field.title}
      isRequired={field.isRequired}
      error={error}
      hint={`${field.description ?? ""} ${note}`.trim()}
    >
      {(control) => (
        <Textarea
          {...control}
          rows={field.kind === "lines" && (field.mostLines ?? MANY) < MANY ? 3 : 8}
          spellCheck={false}
          value={typeof value === "string" ? value : ""}
          className="font-mono text-13"
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

/** How it is written, unless the description has said so. */
function noteOf({ kind, description }: Kind<"lines" | "json">["field"]): string {
  if (kind === "json") {
    return "As JSON.";
  }
  return description?.includes("one a line") === true ? "" : "One a line.";
}
