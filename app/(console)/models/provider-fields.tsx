"use client";

import { getProvider, type ProviderRow } from "#lib/catalog/providers.ts";
import type { DeploymentInfo } from "#lib/contract/deployment.ts";
import { Field } from "../../_ui/field.tsx";
import { Button } from "../../_ui/primitives/button.tsx";
import { Input } from "../../_ui/primitives/input.tsx";
import type { ActionForm } from "../../_ui/use-action-form.ts";
import type { DeploymentValues } from "./deployment-values.ts";

export interface ProviderFieldsProps {
  form: ActionForm<DeploymentValues>;
  provider: string;
  stored: DeploymentInfo | undefined;
}

/** What reaches the model; which fields there are follows from the provider's row. */
export function ProviderFields({ form, provider, stored }: ProviderFieldsProps) {
  const row = getProvider(provider);
  if (row === undefined) {
    return <p className="text-sm">This version does not know the provider {provider}.</p>;
  }
  return (
    <>
      <Field
        label="Name"
        isRequired
        error={form.errors["name"]}
        hint="Letters, digits and . _ : - ; requests may ask for it as a model."
      >
        {(control) => <Input {...control} autoComplete="off" {...form.text("name")} />}
      </Field>
      <Field
        label="Upstream model"
        isRequired
        error={form.errors["model_name"]}
        hint="The model's name at the provider. Deployments of one model share its requests."
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
      {row.wire === "mock" ? null : (
        <Field
          label="Base URL"
          isRequired={row.baseUrl === null}
          error={form.errors["api_base"]}
          hint={
            row.baseUrl === null
              ? "Where the server is. Private addresses have to be on CONDUIT_EGRESS_ALLOW."
              : "Leave empty for the provider's own address."
          }
        >
          {(control) => (
            <Input
              {...control}
              inputMode="url"
              autoComplete="off"
              placeholder={row.baseUrl ?? "https://models.example.com/v1"}
              className="font-mono"
              {...form.text("api_base")}
            />
          )}
        </Field>
      )}
      {row.auth.kind === "none" ? null : <KeyField form={form} row={row} stored={stored} />}
      {Object.entries(row.settings ?? {}).map(([name, meaning]) => (
        <SettingField key={name} form={form} name={name} meaning={meaning} />
      ))}
    </>
  );
}

interface KeyFieldProps {
  form: ActionForm<DeploymentValues>;
  row: ProviderRow;
  stored: DeploymentInfo | undefined;
}

/** Write-only: a stored key shows no more than its end, and is replaced, never edited. */
function KeyField({ form, row, stored }: KeyFieldProps) {
  const isOptional = row.keyOptional === true;
  if (form.values.keepsKey) {
    return (
      <Field label="Provider key" error={form.errors["api_key"]}>
        {(control) => (
          <div className="flex items-center gap-2">
            <Input
              {...control}
              readOnly
              value={`••••${stored?.api_key.last4 ?? ""}`}
              className="font-mono"
            />
            <Button onClick={() => form.set("keepsKey", false)}>Replace</Button>
          </div>
        )}
      </Field>
    );
  }
  return (
    <Field
      label="Provider key"
      isRequired={!isOptional}
      error={form.errors["api_key"]}
      hint={
        isOptional
          ? "Leave empty when the server asks for none. It is stored sealed and never shown again."
          : "It is stored sealed and never shown again."
      }
    >
      {(control) => (
        <div className="flex items-center gap-2">
          <Input
            {...control}
            type="password"
            autoComplete="new-password"
            spellCheck={false}
            className="font-mono"
            {...form.text("api_key")}
          />
          {stored?.api_key.set === true ? (
            <Button
              onClick={() => {
                form.set("api_key", "");
                form.set("keepsKey", true);
              }}
            >
              Keep stored key
            </Button>
          ) : null}
        </div>
      )}
    </Field>
  );
}

interface SettingFieldProps {
  form: ActionForm<DeploymentValues>;
  name: string;
  /** What it does, in the words of the provider's row. */
  meaning: string;
}

function SettingField({ form, name, meaning }: SettingFieldProps) {
  const { settings } = form.values;
  const label = name.replaceAll("_", " ");
  return (
    <Field
      label={label.charAt(0).toUpperCase() + label.slice(1)}
      error={form.errors[`settings.${name}`]}
      hint={meaning}
    >
      {(control) => (
        <Input
          {...control}
          autoComplete="off"
          value={settings[name] ?? ""}
          onChange={(event) => form.set("settings", { ...settings, [name]: event.target.value })}
        />
      )}
    </Field>
  );
}
