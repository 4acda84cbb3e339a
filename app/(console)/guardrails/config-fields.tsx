"use client";

import type { GuardrailInfo } from "#lib/contract/guardrail.ts";
import type { RuleForm } from "#lib/contract/guardrail-form.ts";
import { Field, FieldError } from "../../_ui/field.tsx";
import { Button } from "../../_ui/primitives/button.tsx";
import { Input } from "../../_ui/primitives/input.tsx";
import type { ActionForm } from "../../_ui/use-action-form.ts";
import { ConfigFieldControl } from "./config-field.tsx";
import type { ConfigValue, RuleValues } from "./rule-values.ts";

interface ConfigFieldsProps {
  form: ActionForm<RuleValues>;
  type: RuleForm;
  stored: GuardrailInfo | undefined;
}

/** The settings of the rule's type, and its secret where it has one. */
export function ConfigFields({ form, type, stored }: ConfigFieldsProps) {
  const { config } = form.values;
  const set = (name: string, value: ConfigValue) =>
    form.set("config", { ...config, [name]: value });
  return (
    <>
      <FieldError id="config-error" error={form.errors["config"]} />
      {type.fields.map((field) => (
        <ConfigFieldControl
          key={field.name}
          field={field}
          value={config[field.name] ?? ""}
          onChange={(value) => set(field.name, value)}
          error={errorOf(form.errors, `config.${field.name}`)}
        />
      ))}
      {type.secret === null ? null : (
        <SecretField form={form} secret={type.secret} stored={stored} />
      )}
    </>
  );
}

/** What is wrong with a field, or with something inside of it. */
function errorOf(
  errors: Readonly<Record<string, string | undefined>>,
  name: string,
): string | undefined {
  const found = Object.entries(errors).find(([path]) => path.startsWith(`${name}.`));
  return errors[name] ?? found?.[1];
}

interface SecretFieldProps {
  form: ActionForm<RuleValues>;
  secret: NonNullable<RuleForm["secret"]>;
  stored: GuardrailInfo | undefined;
}

/** Write-only: a stored secret shows no more than its end, and is replaced, never edited. */
function SecretField({ form, secret, stored }: SecretFieldProps) {
  if (form.values.keepsSecret) {
    return (
      <Field label={secret.label} error={form.errors["secret"]}>
        {(control) => (
          <div className="flex items-center gap-2">
            <Input
              {...control}
              readOnly
              value={`••••${stored?.secret.last4 ?? ""}`}
              className="font-mono"
            />
            <Button onClick={() => form.set("keepsSecret", false)}>Replace</Button>
          </div>
        )}
      </Field>
    );
  }
  return (
    <Field
      label={secret.label}
      isRequired={secret.required}
      error={form.errors["secret"]}
      hint="It is stored sealed and never shown again."
    >
      {(control) => (
        <div className="flex items-center gap-2">
          <Input
            {...control}
            type="password"
            autoComplete="new-password"
            spellCheck={false}
            className="font-mono"
            {...form.text("secret")}
          />
          {stored?.secret.set === true ? (
            <Button
              onClick={() => {
                form.set("secret", "");
                form.set("keepsSecret", true);
              }}
            >
              Keep stored secret
            </Button>
          ) : null}
        </div>
      )}
    </Field>
  );
}
