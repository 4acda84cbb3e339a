"use client";

import { Field } from "../../_ui/field.tsx";
import { Fieldset } from "../../_ui/fieldset.tsx";
import { LimitField } from "../../_ui/limit-field.tsx";
import { CheckboxOption } from "../../_ui/primitives/checkbox.tsx";
import { Input } from "../../_ui/primitives/input.tsx";
import { RadioGroup, RadioOption } from "../../_ui/primitives/radio-group.tsx";
import type { ActionForm } from "../../_ui/use-action-form.ts";
import type { DeploymentValues } from "./deployment-values.ts";

export interface TrafficFieldsProps {
  form: ActionForm<DeploymentValues>;
  /** Whether the provider costs nothing by declaration. */
  isFree: boolean;
}

/** How much goes to a deployment, how long it may take, and what it costs. */
export function TrafficFields({ form, isFree }: TrafficFieldsProps) {
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-3">
        <Field
          label="Priority"
          error={form.errors["priority"]}
          hint="1 to 1,000; the lowest number is asked first."
        >
          {(control) => <Input {...control} inputMode="numeric" {...form.text("priority")} />}
        </Field>
        <Field label="Weight" error={form.errors["weight"]} hint="Share among equal priorities.">
          {(control) => <Input {...control} inputMode="numeric" {...form.text("weight")} />}
        </Field>
        <Field
          label="Timeout, seconds"
          error={form.errors["timeout_ms"]}
          hint="Until the first byte; empty is the gateway's own."
        >
          {(control) => <Input {...control} inputMode="decimal" {...form.text("timeout_s")} />}
        </Field>
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        <LimitField
          label="Requests per minute"
          value={form.values.max_rpm}
          onChange={(value) => form.set("max_rpm", value)}
          error={form.errors["max_rpm"]}
          zeroMeaning={null}
          hint="Requests above it go to the next deployment."
        />
        <LimitField
          label="Tokens per minute"
          value={form.values.max_tpm}
          onChange={(value) => form.set("max_tpm", value)}
          error={form.errors["max_tpm"]}
          zeroMeaning={null}
        />
      </div>
      <Field label="Tags" error={form.errors["tags"]} hint="Separated by commas.">
        {(control) => <Input {...control} autoComplete="off" {...form.text("tags")} />}
      </Field>
      <PriceFields form={form} isFree={isFree} />
      <CheckboxOption
        label="Leave out what the provider cannot take"
        hint="Otherwise a request with such a field is refused, or goes to a deployment that can take it."
        checked={form.values.drops}
        onCheckedChange={(drops) => form.set("drops", drops)}
      />
    </>
  );
}

function PriceFields({ form, isFree }: TrafficFieldsProps) {
  const { hasOwnPrice } = form.values;
  return (
    <Fieldset legend="Price">
      <RadioGroup
        aria-label="Price"
        value={hasOwnPrice ? "own" : "known"}
        onValueChange={(choice) => form.set("hasOwnPrice", choice === "own")}
      >
        <RadioOption
          value="known"
          label={isFree ? "Free" : "From the pricing settings, else the catalogue"}
          {...(isFree ? { hint: "Leave it so: this provider charges nothing." } : {})}
        />
        <RadioOption value="own" label="Set here" hint="Both zero declares it free." />
      </RadioGroup>
      {hasOwnPrice ? (
        <div className="grid gap-4 sm:grid-cols-2">
          <Field
            label="Input, US dollars per million tokens"
            isRequired
            error={form.errors["input_price_per_million_usd"]}
          >
            {(control) => <Input {...control} inputMode="decimal" {...form.text("input_price")} />}
          </Field>
          <Field
            label="Output, US dollars per million tokens"
            isRequired
            error={form.errors["output_price_per_million_usd"]}
          >
            {(control) => <Input {...control} inputMode="decimal" {...form.text("output_price")} />}
          </Field>
        </div>
      ) : null}
    </Fieldset>
  );
}
