"use client";

import { CopyButton } from "../../../_ui/copy-button.tsx";
import { Field } from "../../../_ui/field.tsx";
import { PasswordInput } from "../../../_ui/password-input.tsx";
import {
  Card,
  CardBody,
  CardDescription,
  CardHeader,
  CardTitle,
} from "../../../_ui/primitives/card.tsx";
import { Input } from "../../../_ui/primitives/input.tsx";
import type { ActionForm } from "../../../_ui/use-action-form.ts";
import { IssuerField } from "./issuer-field.tsx";
import { listError, type SsoValues } from "./sso-values.ts";

export interface ProviderCardProps {
  form: ActionForm<SsoValues>;
  hasSecret: boolean;
  callbackUrl: string;
}

/** Which identity provider, and how this install is known there. */
export function ProviderCard({ form, hasSecret, callbackUrl }: ProviderCardProps) {
  const { errors } = form;
  return (
    <Card>
      <CardHeader>
        <CardTitle>Identity provider</CardTitle>
        <CardDescription>
          Register Conduit there as a web application with this redirect address:
        </CardDescription>
      </CardHeader>
      <CardBody className="flex max-w-xl flex-col gap-4">
        <p className="flex items-center gap-1 rounded-md border border-border bg-surface py-1 pr-1 pl-3">
          <code className="min-w-0 flex-1 break-all font-mono text-[13px]">{callbackUrl}</code>
          <CopyButton text={callbackUrl} what="redirect address" />
        </p>
        <Field
          label="Name"
          isRequired
          error={errors["name"]}
          hint="People read it on the sign-in button: “Continue with …”."
        >
          {(control) => <Input {...control} {...form.text("name")} />}
        </Field>
        <IssuerField form={form} />
        <Field label="Client id" isRequired error={errors["client_id"]}>
          {(control) => (
            <Input {...control} {...form.text("client_id")} spellCheck={false} autoComplete="off" />
          )}
        </Field>
        <Field
          label="Client secret"
          error={errors["client_secret"]}
          hint={
            hasSecret
              ? "One is stored, sealed, and cannot be shown. Leave this empty to keep it."
              : "Kept sealed. Empty for a public client, which proves itself by PKCE alone."
          }
        >
          {(control) => (
            <PasswordInput
              {...control}
              {...form.text("client_secret")}
              autoComplete="off"
              placeholder={hasSecret ? "••••••••••••" : ""}
            />
          )}
        </Field>
        <Field
          label="Scopes"
          isRequired
          error={listError(errors, "scopes")}
          hint="Separated by spaces; openid is needed."
        >
          {(control) => <Input {...control} {...form.text("scopes")} spellCheck={false} />}
        </Field>
      </CardBody>
    </Card>
  );
}
