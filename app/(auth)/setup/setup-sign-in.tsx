"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { ActionForm } from "../../_ui/action-form.tsx";
import { Field } from "../../_ui/field.tsx";
import { FormError } from "../../_ui/form-error.tsx";
import { PasswordInput } from "../../_ui/password-input.tsx";
import { Button } from "../../_ui/primitives/button.tsx";
import { Card, CardBody } from "../../_ui/primitives/card.tsx";
import { Input } from "../../_ui/primitives/input.tsx";
import { useActionForm } from "../../_ui/use-action-form.ts";
import { signInAgain } from "./actions.ts";

/** The first run was begun in another browser: its administrator goes on here. */
export function SetupSignIn() {
  const router = useRouter();
  const [error, setError] = useState<string | null>(null);
  const form = useActionForm({
    name: "setup-sign-in",
    action: signInAgain,
    initial: { email: "", password: "" },
    secretFields: ["password"],
    onDone: (verdict) => {
      setError(verdict.error);
      if (verdict.error === null) {
        router.refresh();
      }
    },
  });
  return (
    <Card>
      <CardBody className="flex flex-col gap-4">
        <p className="text-sm">
          The administrator exists already. Sign in to go on with the setup.
        </p>
        <FormError>{form.isPending ? null : error}</FormError>
        <ActionForm form={form}>
          <Field label="Email">
            {(control) => (
              <Input {...control} type="email" autoComplete="username" {...form.text("email")} />
            )}
          </Field>
          <Field label="Password">
            {(control) => (
              <PasswordInput
                {...control}
                autoComplete="current-password"
                {...form.text("password")}
              />
            )}
          </Field>
          <Button type="submit" variant="primary" size="lg" isPending={form.isPending}>
            Sign in
          </Button>
        </ActionForm>
      </CardBody>
    </Card>
  );
}
