"use client";

import type { SettingsInfo } from "#lib/contract/settings.ts";
import { ActionForm } from "../../../_ui/action-form.tsx";
import { DirtyBar } from "../../../_ui/dirty-bar.tsx";
import { Field } from "../../../_ui/field.tsx";
import { LimitField } from "../../../_ui/limit-field.tsx";
import { Card, CardBody, CardHeader, CardTitle } from "../../../_ui/primitives/card.tsx";
import { Input } from "../../../_ui/primitives/input.tsx";
import { Textarea } from "../../../_ui/primitives/textarea.tsx";
import { useActionForm } from "../../../_ui/use-action-form.ts";
import { saveSecurity } from "../actions.ts";
import { useSectionSaved } from "../use-section-saved.ts";
import {
  networkProblem,
  type SecurityValues,
  securityInput,
  securityValues,
} from "./security-values.ts";

const LABELS = {
  session_hours: "Length of a session",
  idle_minutes: "Idle time",
  console_networks: "Networks of the console",
};

export interface SecurityFormProps {
  info: SettingsInfo<"security">;
  /** Where the person who looks at this comes from; `null` when that cannot be known. */
  ownAddress: string | null;
}

/** How long a sign-in lasts, and from where the console may be used. */
export function SecurityForm({ info, ownAddress }: SecurityFormProps) {
  const form = useActionForm<SecurityValues, unknown>({
    name: "security-settings",
    action: saveSecurity,
    initial: securityValues(info.values),
    toInput: securityInput,
    schema: () => import("#lib/contract/settings.ts").then((found) => found.securityChange),
    version: info.version,
    fromCurrent: (current) => securityValues((current as SettingsInfo<"security">).values),
    onDone: useSectionSaved(),
  });
  return (
    <ActionForm form={form} labels={LABELS} className="gap-6">
      <Card>
        <CardHeader>
          <CardTitle>Sessions</CardTitle>
        </CardHeader>
        <CardBody className="flex max-w-xl flex-col gap-5">
          <Field
            label="Length of a session in hours"
            isRequired
            error={form.errors["session_hours"]}
            hint="However busy it is, a person signs in again then. 1 to 720."
          >
            {(control) => (
              <Input
                {...control}
                {...form.text("session_hours")}
                inputMode="numeric"
                className="w-28"
              />
            )}
          </Field>
          <LimitField
            label="Idle time"
            value={form.values.idle}
            onChange={(value) => form.set("idle", value)}
            error={form.errors["idle_minutes"]}
            suffix="minutes without a click"
            hint="Admins have half of it."
            zeroMeaning={null}
          />
        </CardBody>
      </Card>
      <Card>
        <CardHeader>
          <CardTitle>Networks of the console</CardTitle>
        </CardHeader>
        <CardBody className="flex max-w-xl flex-col gap-3">
          <Field
            label="Networks"
            error={networkProblem(form.errors, form.values.networks)}
            hint={`One a line, such as 203.0.113.0/24 or 2001:db8::/32. Empty: every network. The API is not affected. Your address is ${ownAddress ?? "not known here"}.`}
          >
            {(control) => (
              <Textarea
                {...control}
                {...form.text("networks")}
                rows={4}
                spellCheck={false}
                className="font-mono"
              />
            )}
          </Field>
        </CardBody>
      </Card>
      <DirtyBar isDirty={form.isDirty} isPending={form.isPending} onDiscard={form.reset} />
    </ActionForm>
  );
}
