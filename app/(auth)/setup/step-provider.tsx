"use client";

import { getProvider, PROVIDERS, type ProviderRow } from "#lib/catalog/providers.ts";
import { ActionForm } from "../../_ui/action-form.tsx";
import { Field } from "../../_ui/field.tsx";
import { PasswordInput } from "../../_ui/password-input.tsx";
import { Button } from "../../_ui/primitives/button.tsx";
import { Combobox } from "../../_ui/primitives/combobox.tsx";
import { Input } from "../../_ui/primitives/input.tsx";
import { type ActionForm as ActionFormState, useActionForm } from "../../_ui/use-action-form.ts";
import { addProvider, skipProvider } from "./actions.ts";
import { StepButtons } from "./step-buttons.tsx";

export interface StepProviderProps {
  /** Names that exist already. */
  deployments: readonly string[];
  onBack: () => void;
  onDone: () => void;
}

interface ProviderValues extends Record<string, unknown> {
  provider: string;
  name: string;
  model_name: string;
  api_key: string;
  api_base: string;
}

const INITIAL: ProviderValues = {
  provider: "mock",
  name: "mock",
  model_name: "mock-1",
  api_key: "",
  api_base: "",
};
const NOTHING = {};
const LABELS = {
  provider: "Provider",
  name: "Name",
  model_name: "Model",
  api_key: "Key",
  api_base: "Base URL",
};
/** The mock stands first: it answers without any key. */
const OPTIONS = Object.entries(PROVIDERS)
  .map(([value, { label }]) => ({
    value,
    label,
    hint: value === "mock" ? "Answers by itself, free, for a first try" : undefined,
  }))
  .toSorted((one, other) => Number(other.value === "mock") - Number(one.value === "mock"));

/** Step 3: something that answers. */
export function StepProvider({ deployments, onBack, onDone }: StepProviderProps) {
  const form = useActionForm({
    name: "setup-provider",
    action: addProvider,
    initial: INITIAL,
    schema: () => import("#lib/contract/deployment.ts").then((found) => found.deploymentCreate),
    secretFields: ["api_key"],
    toInput: inputOf,
    onDone,
  });
  const skip = useActionForm({
    name: "setup-skip",
    action: skipProvider,
    initial: NOTHING,
    onDone,
  });
  const row = getProvider(form.values.provider);

  function choose(provider: string | null) {
    const isMock = provider === "mock";
    form.set("provider", provider ?? "");
    form.set("name", isMock ? "mock" : (provider ?? ""));
    form.set("model_name", isMock ? "mock-1" : "");
  }

  return (
    <ActionForm form={form} labels={LABELS}>
      {deployments.length === 0 ? null : (
        <p className="text-sm">
          Here already: <span className="font-mono">{deployments.join(", ")}</span>. Add another one
          or go on.
        </p>
      )}
      <Field label="Provider" isRequired error={form.errors["provider"]}>
        {(control) => (
          <Combobox
            {...control}
            options={OPTIONS}
            value={form.values.provider}
            onValueChange={choose}
          />
        )}
      </Field>
      <Field
        label="Model"
        isRequired
        error={form.errors["model_name"]}
        hint="Its name at the provider; requests ask for it."
      >
        {(control) => (
          <Input
            {...control}
            autoComplete="off"
            className="font-mono"
            {...form.text("model_name")}
          />
        )}
      </Field>
      <Field
        label="Name"
        isRequired
        error={form.errors["name"]}
        hint="What this entry is called here."
      >
        {(control) => <Input {...control} autoComplete="off" {...form.text("name")} />}
      </Field>
      {row === undefined ? null : <AccessFields form={form} row={row} />}
      <StepButtons onBack={onBack} isPending={form.isPending} submitLabel="Add and continue">
        <Button size="lg" isPending={skip.isPending} onClick={() => skip.submit()}>
          {deployments.length === 0 ? "Skip for now" : "Go on"}
        </Button>
      </StepButtons>
    </ActionForm>
  );
}

interface AccessFieldsProps {
  form: ActionFormState<ProviderValues>;
  row: ProviderRow;
}

/** What reaches the provider: its key and its address, as far as it has them. */
function AccessFields({ form, row }: AccessFieldsProps) {
  return (
    <>
      {row.auth.kind === "none" ? null : (
        <Field
          label="Key of the provider"
          isRequired={row.keyOptional !== true}
          error={form.errors["api_key"]}
          hint="Stored encrypted, and never shown again."
        >
          {(control) => <PasswordInput {...control} autoComplete="off" {...form.text("api_key")} />}
        </Field>
      )}
      {row.wire === "mock" ? null : (
        <Field
          label="Base URL"
          isRequired={row.baseUrl === null}
          error={form.errors["api_base"]}
          hint={row.baseUrl === null ? "Where the server is." : "Empty for the provider's own."}
        >
          {(control) => (
            <Input
              {...control}
              inputMode="url"
              placeholder={row.baseUrl ?? "https://models.example.com/v1"}
              className="font-mono"
              {...form.text("api_base")}
            />
          )}
        </Field>
      )}
    </>
  );
}

/** Empty boxes mean the provider's own address, and no key. */
function inputOf({ api_key, api_base, ...values }: ProviderValues) {
  return {
    ...values,
    ...(api_key === "" ? {} : { api_key }),
    ...(api_base === "" ? {} : { api_base }),
  };
}
