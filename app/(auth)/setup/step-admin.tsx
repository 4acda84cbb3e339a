"use client";

import { ActionForm } from "../../_ui/action-form.tsx";
import { Field } from "../../_ui/field.tsx";
import { adviseOn } from "../../_ui/password-advice.ts";
import { PasswordInput } from "../../_ui/password-input.tsx";
import { Button } from "../../_ui/primitives/button.tsx";
import { Input } from "../../_ui/primitives/input.tsx";
import { useActionForm } from "../../_ui/use-action-form.ts";
import { createAdmin } from "./actions.ts";

export interface StepAdminProps {
  /** The address of the administrator who exists, as the server knows it. */
  existing: string | null;
  token: string;
  isCreated: boolean;
  onDone: () => void;
}

const LABELS = {
  setup_token: "Setup token",
  name: "Name",
  email: "Email",
  password: "Password",
  confirm: "Password again",
};

/** Step 1: whoever has the token from the log becomes the administrator. */
export function StepAdmin({ existing, token, isCreated, onDone }: StepAdminProps) {
  const form = useActionForm({
    name: "setup-admin",
    action: createAdmin,
    initial: { setup_token: token, name: "", email: "", password: "", confirm: "" },
    schema: () => import("#lib/contract/setup.ts").then((found) => found.setupAdmin),
    secretFields: ["setup_token", "password", "confirm"],
    onDone,
  });
  if (isCreated) {
    return (
      <div className="flex flex-col items-start gap-4 text-sm">
        <p>
          The administrator is <strong>{existing ?? form.values.email}</strong>.
        </p>
        <Button variant="primary" size="lg" onClick={onDone}>
          Continue
        </Button>
      </div>
    );
  }
  return (
    <ActionForm form={form} labels={LABELS}>
      <Field
        label="Setup token"
        isRequired
        error={form.errors["setup_token"]}
        hint="The server has printed it in its log. CONDUIT_SETUP_TOKEN sets another one."
      >
        {(control) => (
          <Input
            {...control}
            autoComplete="off"
            spellCheck={false}
            className="font-mono"
            {...form.text("setup_token")}
          />
        )}
      </Field>
      <Field label="Name" isRequired error={form.errors["name"]}>
        {(control) => <Input {...control} autoComplete="name" {...form.text("name")} />}
      </Field>
      <Field label="Email" isRequired error={form.errors["email"]}>
        {(control) => (
          <Input {...control} type="email" autoComplete="username" {...form.text("email")} />
        )}
      </Field>
      <Field
        label="Password"
        isRequired
        error={form.errors["password"]}
        hint={adviseOn(form.values.password, form.values.email) ?? "12 characters or more."}
      >
        {(control) => (
          <PasswordInput {...control} autoComplete="new-password" {...form.text("password")} />
        )}
      </Field>
      <Field label="Password again" isRequired error={form.errors["confirm"]}>
        {(control) => (
          <PasswordInput {...control} autoComplete="new-password" {...form.text("confirm")} />
        )}
      </Field>
      <Button type="submit" variant="primary" size="lg" isPending={form.isPending}>
        Create the administrator
      </Button>
    </ActionForm>
  );
}
