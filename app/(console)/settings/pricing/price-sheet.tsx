"use client";

import { useRouter } from "next/navigation";
import { toast } from "sonner";
import { getProviderLabel, PROVIDERS } from "#lib/catalog/providers.ts";
import { Field } from "../../../_ui/field.tsx";
import { FormSheet } from "../../../_ui/form-sheet.tsx";
import { Input } from "../../../_ui/primitives/input.tsx";
import { Select } from "../../../_ui/primitives/select.tsx";
import { type ActionForm, useActionForm } from "../../../_ui/use-action-form.ts";
import { createPrice, updatePrice } from "./actions.ts";
import { inputOf, type PriceValues } from "./price-values.ts";

interface PriceSheetProps {
  initial: PriceValues;
  /** The price that is edited; without it a new one is made. */
  id?: string;
  onClose: () => void;
}

const LABELS = {
  model_pattern: "Model",
  provider: "Provider",
  input_per_million_usd: "Input",
  output_per_million_usd: "Output",
  cache_read_per_million_usd: "Cached input",
  cache_write_per_million_usd: "Cache write",
  effective_from: "Effective from",
};

const EVERY = "every";

const PROVIDER_OPTIONS = [
  { value: EVERY, label: "Every provider" },
  ...Object.keys(PROVIDERS)
    .map((value) => ({ value, label: getProviderLabel(value) }))
    .toSorted((a, b) => a.label.localeCompare(b.label)),
];

/** One price: for which models, how much, and from when on. */
export function PriceSheet({ initial, id, onClose }: PriceSheetProps) {
  const router = useRouter();
  const form = useActionForm({
    name: `price-${id ?? "new"}`,
    action: id === undefined ? createPrice : updatePrice,
    initial,
    toInput: (values) => ({ ...inputOf(values), ...(id === undefined ? {} : { id }) }),
    onDone: (saved) => {
      toast(`The price of ${saved.model_pattern} is saved`);
      router.refresh();
      onClose();
    },
  });
  const { provider } = form.values;
  return (
    <FormSheet
      isOpen
      onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}
      title={id === undefined ? "Add price" : `Edit the price of ${initial.model_pattern}`}
      description="In US dollars per million tokens. Costs that were recorded before stay as they are."
      submitLabel={id === undefined ? "Add price" : "Save"}
      form={form}
      labels={LABELS}
    >
      <Field
        label="Model"
        isRequired
        error={form.errors["model_pattern"]}
        hint="The upstream model's name; a * at its end stands for any ending."
      >
        {(control) => (
          <Input
            {...control}
            autoComplete="off"
            className="font-mono"
            {...form.text("model_pattern")}
          />
        )}
      </Field>
      <Field label="Provider" error={form.errors["provider"]}>
        {(control) => (
          <Select
            {...control}
            options={PROVIDER_OPTIONS}
            value={provider === "" ? EVERY : provider}
            onValueChange={(value) => form.set("provider", value === EVERY ? "" : value)}
          />
        )}
      </Field>
      <AmountFields form={form} />
      <Field
        label="Effective from"
        error={form.errors["effective_from"]}
        hint="In this computer's time zone; empty is now. A later moment comes into force by itself."
      >
        {(control) => <Input {...control} type="datetime-local" {...form.text("effective_from")} />}
      </Field>
    </FormSheet>
  );
}

function AmountFields({ form }: { form: ActionForm<PriceValues> }) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field label="Input" isRequired error={form.errors["input_per_million_usd"]}>
        {(control) => (
          <Input {...control} inputMode="decimal" placeholder="2.50" {...form.text("input")} />
        )}
      </Field>
      <Field label="Output" isRequired error={form.errors["output_per_million_usd"]}>
        {(control) => (
          <Input {...control} inputMode="decimal" placeholder="10.00" {...form.text("output")} />
        )}
      </Field>
      <Field
        label="Cached input"
        error={form.errors["cache_read_per_million_usd"]}
        hint="Empty costs what input costs."
      >
        {(control) => <Input {...control} inputMode="decimal" {...form.text("cache_read")} />}
      </Field>
      <Field
        label="Cache write"
        error={form.errors["cache_write_per_million_usd"]}
        hint="Empty costs what input costs."
      >
        {(control) => <Input {...control} inputMode="decimal" {...form.text("cache_write")} />}
      </Field>
    </div>
  );
}
