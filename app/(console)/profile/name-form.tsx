"use client";

import { useRouter } from "next/navigation";
import { toast } from "sonner";
import { ActionForm } from "../../_ui/action-form.tsx";
import { Field } from "../../_ui/field.tsx";
import { Button } from "../../_ui/primitives/button.tsx";
import { Card, CardBody, CardHeader, CardTitle } from "../../_ui/primitives/card.tsx";
import { Input } from "../../_ui/primitives/input.tsx";
import { useActionForm } from "../../_ui/use-action-form.ts";
import { changeProfile } from "./actions.ts";

export interface NameFormProps {
  name: string | null;
  email: string;
}

/** The name that others see; the address is the account and cannot be changed. */
export function NameForm({ name, email }: NameFormProps) {
  const router = useRouter();
  const form = useActionForm({
    name: "profile",
    action: changeProfile,
    initial: { name: name ?? "" },
    onDone: () => {
      toast.success("Name saved");
      router.refresh();
    },
  });
  return (
    <Card>
      <CardHeader>
        <CardTitle>Account</CardTitle>
      </CardHeader>
      <CardBody>
        <ActionForm form={form}>
          <Field label="Name" error={form.errors["name"]} hint="Shown to admins and to your teams.">
            {(control) => <Input {...control} {...form.text("name")} autoComplete="name" />}
          </Field>
          <Field label="Email" hint="Your account is known by it, so it cannot be changed here.">
            {(control) => <Input {...control} type="email" value={email} readOnly />}
          </Field>
          <Button
            type="submit"
            variant="primary"
            isPending={form.isPending}
            disabled={!form.isDirty}
          >
            Save name
          </Button>
        </ActionForm>
      </CardBody>
    </Card>
  );
}
