"use client";

import { useRouter } from "next/navigation";
import { toast } from "sonner";
import { PASSWORD_LENGTH } from "#lib/contract/password-length.ts";
import { ActionForm } from "../../_ui/action-form.tsx";
import { Field } from "../../_ui/field.tsx";
import { adviseOn } from "../../_ui/password-advice.ts";
import { PasswordInput } from "../../_ui/password-input.tsx";
import { Button } from "../../_ui/primitives/button.tsx";
import { Card, CardBody, CardHeader, CardTitle } from "../../_ui/primitives/card.tsx";
import { useActionForm } from "../../_ui/use-action-form.ts";
import { changePassword } from "./actions.ts";

const EMPTY = { current: "", password: "", confirmation: "" };

export interface PasswordFormProps {
  hasPassword: boolean;
  email: string;
  /** The identity provider's name, for accounts that sign in there. */
  ssoName: string | null;
}

export function PasswordForm({ hasPassword, email, ssoName }: PasswordFormProps) {
  return (
    <Card>
      <CardHeader>
        <CardTitle>Password</CardTitle>
      </CardHeader>
      <CardBody>
        {hasPassword ? (
          <ChangePassword email={email} />
        ) : (
          <p className="text-muted-fg text-sm">
            {ssoName === null
              ? "Your account has no password. Ask an admin for a link to set one."
              : `You sign in with ${ssoName}, and your account has no password.`}
          </p>
        )}
      </CardBody>
    </Card>
  );
}

/** Changing the password ends every other session. */
function ChangePassword({ email }: Pick<PasswordFormProps, "email">) {
  const router = useRouter();
  const form = useActionForm({
    name: "password",
    action: changePassword,
    initial: EMPTY,
    schema: () => import("#lib/contract/profile.ts").then((found) => found.passwordChange),
    secretFields: ["current", "password", "confirmation"],
    onDone: () => {
      toast.success("Password changed. Your other sessions are signed out.");
      form.reset();
      router.refresh();
    },
  });
  const advice = adviseOn(form.values.password, email);
  return (
    <ActionForm form={form}>
      <input type="hidden" autoComplete="username" value={email} readOnly />
      <Field label="Current password" error={form.errors["current"]}>
        {(control) => (
          <PasswordInput {...control} {...form.text("current")} autoComplete="current-password" />
        )}
      </Field>
      <Field
        label="New password"
        error={form.errors["password"]}
        hint={advice ?? `${PASSWORD_LENGTH.least} to ${PASSWORD_LENGTH.most} characters.`}
      >
        {(control) => (
          <PasswordInput {...control} {...form.text("password")} autoComplete="new-password" />
        )}
      </Field>
      <Field label="New password again" error={form.errors["confirmation"]}>
        {(control) => (
          <PasswordInput {...control} {...form.text("confirmation")} autoComplete="new-password" />
        )}
      </Field>
      <Button type="submit" variant="primary" isPending={form.isPending} disabled={!form.isDirty}>
        Change password
      </Button>
    </ActionForm>
  );
}
