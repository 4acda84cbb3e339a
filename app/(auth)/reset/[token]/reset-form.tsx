"use client";

import { ActionForm } from "../../../_ui/action-form.tsx";
import { Field } from "../../../_ui/field.tsx";
import { Button } from "../../../_ui/primitives/button.tsx";
import { Input } from "../../../_ui/primitives/input.tsx";
import { useActionForm } from "../../../_ui/use-action-form.ts";
import { NewPasswordFields } from "../../new-password-fields.tsx";
import { reset } from "./actions.ts";

export interface ResetFormProps {
  token: string;
  email: string;
}

/** The new password of somebody with a link for it. */
export function ResetForm({ token, email }: ResetFormProps) {
  const form = useActionForm({
    name: "password-reset",
    action: reset,
    initial: { password: "", confirm: "" },
    schema: () => import("#lib/contract/people.ts").then((found) => found.passwordReset),
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
      <NewPasswordFields
        email={email}
        password={form.text("password")}
        confirm={form.text("confirm")}
        errors={form.errors}
      />
      <Button type="submit" variant="primary" size="lg" isPending={form.isPending}>
        Set the password
      </Button>
    </ActionForm>
  );
}
