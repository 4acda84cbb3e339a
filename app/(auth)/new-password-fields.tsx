"use client";

import { Field } from "../_ui/field.tsx";
import { adviseOn } from "../_ui/password-advice.ts";
import { PasswordInput } from "../_ui/password-input.tsx";

interface Box {
  name: string;
  value: string;
  onChange: (event: { target: { value: string } }) => void;
}

export interface NewPasswordFieldsProps {
  email: string;
  password: Box;
  confirm: Box;
  errors: Readonly<Record<string, string | undefined>>;
}

/** A new password, twice. What is said about its strength is advice. */
export function NewPasswordFields({ email, password, confirm, errors }: NewPasswordFieldsProps) {
  return (
    <>
      <Field
        label="Password"
        isRequired
        error={errors["password"]}
        hint={adviseOn(password.value, email) ?? "12 characters or more."}
      >
        {(control) => <PasswordInput {...control} autoComplete="new-password" {...password} />}
      </Field>
      <Field label="Password again" isRequired error={errors["confirm"]}>
        {(control) => <PasswordInput {...control} autoComplete="new-password" {...confirm} />}
      </Field>
    </>
  );
}
