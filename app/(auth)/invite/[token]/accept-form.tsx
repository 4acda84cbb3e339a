"use client";

import { ActionForm } from "../../../_ui/action-form.tsx";
import { Field } from "../../../_ui/field.tsx";
import { Button } from "../../../_ui/primitives/button.tsx";
import { Input } from "../../../_ui/primitives/input.tsx";
import { useActionForm } from "../../../_ui/use-action-form.ts";
import { NewPasswordFields } from "../../new-password-fields.tsx";
import { accept } from "./actions.ts";

export interface AcceptFormProps {
  token: string;
  email: string;
}

/** Name and password of somebody who was invited. */
export function AcceptForm({ token, email }: AcceptFormProps) {
  const form = useActionForm({
    name: "invite-accept",
    action: accept,
    initial: { name: "", password: "", confirm: "" },
    schema: () => import("#lib/contract/people.ts").then((found) => found.inviteAccept),
    secretFields: ["password", "confirm"],
    toInput: (values) => ({ ...values, token }),
  });
  return (
    <ActionForm form={form}>
      <Field label="Email">
        {(control) => (
          <Input {...control} type="email" autoComplete="username" readOnly value={email} />
        )}
      </Field>
      <Field label="Name" isRequired error={form.errors["name"]}>
        {(control) => <Input {...control} autoComplete="name" {...form.text("name")} />}
      </Field>
      <NewPasswordFields
        email={email}
        password={form.text("password")}
        confirm={form.text("confirm")}
        errors={form.errors}
      />
      <Button type="submit" variant="primary" size="lg" isPending={form.isPending}>
        Create the account
      </Button>
    </ActionForm>
  );
}
