"use client";

import { Field } from "../../_ui/field.tsx";
import { Fieldset } from "../../_ui/fieldset.tsx";
import { CheckboxOption } from "../../_ui/primitives/checkbox.tsx";
import { MultiCombobox } from "../../_ui/primitives/combobox.tsx";
import { Input } from "../../_ui/primitives/input.tsx";
import { RadioGroup, RadioOption } from "../../_ui/primitives/radio-group.tsx";
import { Select } from "../../_ui/primitives/select.tsx";
import { Textarea } from "../../_ui/primitives/textarea.tsx";
import type { ActionForm } from "../../_ui/use-action-form.ts";
import type { Expiry, KeyFormValues } from "./key-form-values.ts";

const EXPIRIES: readonly { value: Expiry; label: string }[] = [
  { value: "never", label: "Never" },
  { value: "7", label: "In 7 days" },
  { value: "30", label: "In 30 days" },
  { value: "90", label: "In 90 days" },
  { value: "date", label: "On a day" },
];

export interface KeyAccessFieldsProps {
  form: ActionForm<KeyFormValues>;
  models: readonly string[];
  /** When the key that is edited ends; null for one that does not, or is yet to be made. */
  expiresAt: string | null;
}

/** What a key may ask for, until when and from where, and what people note of it. */
export function KeyAccessFields({ form, models, expiresAt }: KeyAccessFieldsProps) {
  const { values, errors } = form;
  return (
    <>
      <Fieldset legend="Models" error={errors["allowed_models"]}>
        <RadioGroup
          aria-label="Models"
          value={values.everyModel ? "every" : "some"}
          onValueChange={(choice) => form.set("everyModel", choice === "every")}
        >
          <RadioOption value="every" label="All models" hint="Those added later included." />
          <RadioOption value="some" label="Only these" />
        </RadioGroup>
        {values.everyModel ? null : (
          <MultiCombobox
            aria-label="Allowed models"
            options={models.map((name) => ({ value: name, label: name }))}
            values={values.models}
            onValuesChange={(chosen) => form.set("models", chosen)}
            placeholder="Aliases, models or deployments"
          />
        )}
        {!values.everyModel && values.models.length === 0 ? (
          <p className="text-warning text-xs">Without a name the key may ask for nothing.</p>
        ) : null}
      </Fieldset>
      <ExpiryField form={form} expiresAt={expiresAt} />
      <Field
        label="Allowed networks"
        error={errors["allowed_cidrs"]}
        hint="One network such as 10.0.0.0/8 on each line. Empty for anywhere."
      >
        {(control) => <Textarea {...control} {...form.text("cidrs")} rows={2} />}
      </Field>
      <Field
        label="Tags"
        error={errors["tags"]}
        hint="One name=value on each line. Every request of the key carries them."
      >
        {(control) => <Textarea {...control} {...form.text("tags")} rows={2} />}
      </Field>
      <CheckboxOption
        label="Identical requests share one call"
        hint="While one is being answered, the same request waits for its answer and costs nothing."
        checked={values.coalesce}
        onCheckedChange={(isOn) => form.set("coalesce", isOn)}
      />
      <Field label="Note" error={errors["note"]} hint="For people: what uses this key.">
        {(control) => <Textarea {...control} {...form.text("note")} rows={2} />}
      </Field>
    </>
  );
}

function ExpiryField({ form, expiresAt }: Pick<KeyAccessFieldsProps, "form" | "expiresAt">) {
  const { values, errors } = form;
  const kept: { value: Expiry; label: string }[] =
    expiresAt === null ? [] : [{ value: "keep", label: `${expiresAt.slice(0, 10)}, as it is` }];
  return (
    <Field label="Expires" error={errors["expires_at"] ?? errors["expires_in_days"]}>
      {(control) => (
        <div className="flex flex-wrap gap-2">
          <Select
            {...control}
            className="w-48"
            options={[...kept, ...EXPIRIES]}
            value={values.expiry}
            onValueChange={(expiry) => form.set("expiry", expiry)}
          />
          {values.expiry === "date" ? (
            <Input
              type="date"
              aria-label="Day of expiry"
              className="w-40"
              min={tomorrow()}
              {...form.text("expiryDay")}
            />
          ) : null}
        </div>
      )}
    </Field>
  );
}

function tomorrow(): string {
  return new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
}
