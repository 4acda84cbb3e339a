"use client";

import { type FormEvent, useState } from "react";
import type { SettingsInfo } from "#lib/contract/settings.ts";
import { ActionForm } from "../../../_ui/action-form.tsx";
import { DirtyBar } from "../../../_ui/dirty-bar.tsx";
import { Field } from "../../../_ui/field.tsx";
import { Card, CardBody, CardHeader, CardTitle } from "../../../_ui/primitives/card.tsx";
import { Input } from "../../../_ui/primitives/input.tsx";
import { useActionForm } from "../../../_ui/use-action-form.ts";
import { saveRetention } from "../actions.ts";
import { useSectionSaved } from "../use-section-saved.ts";
import { PayloadStorageField } from "./payload-storage-field.tsx";
import {
  type RetentionValues,
  retentionInput,
  retentionValues,
  shorterDays,
} from "./retention-values.ts";
import { ShortenDialog } from "./shorten-dialog.tsx";

const LABELS = { log_days: "Days of logs", payload_days: "Days of content" };

export interface RetentionFormProps {
  info: SettingsInfo<"retention">;
}

/** What is kept and for how long; fewer days are confirmed with what they remove. */
export function RetentionForm({ info }: RetentionFormProps) {
  const [isAsking, setAsking] = useState(false);
  const onSaved = useSectionSaved();
  const form = useActionForm<RetentionValues, unknown>({
    name: "retention-settings",
    action: saveRetention,
    initial: retentionValues(info.values),
    toInput: retentionInput,
    schema: () => import("#lib/contract/settings.ts").then((found) => found.retentionChange),
    version: info.version,
    fromCurrent: (current) => retentionValues((current as SettingsInfo<"retention">).values),
    onDone: onSaved,
  });
  const shorter = shorterDays(form.values, info.values);
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (shorter === undefined) {
      form.submit(event);
    } else {
      setAsking(true);
    }
  };
  return (
    <>
      <ActionForm form={{ ...form, submit }} labels={LABELS} className="gap-6">
        <Card>
          <CardHeader>
            <CardTitle>What is kept</CardTitle>
          </CardHeader>
          <CardBody className="flex max-w-xl flex-col gap-5">
            <PayloadStorageField
              value={form.values.payload_storage}
              onChange={(storage) => form.set("payload_storage", storage)}
              error={form.errors["payload_storage"]}
            />
            <Field
              label="Days of content"
              isRequired
              error={form.errors["payload_days"]}
              hint="Requests and answers older than this are removed. They never outlive their log row."
            >
              {(control) => (
                <Input
                  {...control}
                  {...form.text("payload_days")}
                  inputMode="numeric"
                  className="w-28"
                />
              )}
            </Field>
            <Field
              label="Days of logs"
              isRequired
              error={form.errors["log_days"]}
              hint="Log rows and their attempts. Usage figures and the audit log are kept for good."
            >
              {(control) => (
                <Input
                  {...control}
                  {...form.text("log_days")}
                  inputMode="numeric"
                  className="w-28"
                />
              )}
            </Field>
          </CardBody>
        </Card>
        <DirtyBar isDirty={form.isDirty} isPending={form.isPending} onDiscard={form.reset} />
      </ActionForm>
      {shorter === undefined ? null : (
        <ShortenDialog
          isOpen={isAsking}
          onOpenChange={setAsking}
          days={shorter}
          input={{ ...retentionInput(form.values), expected_version: info.version }}
          onDone={onSaved}
        />
      )}
    </>
  );
}
