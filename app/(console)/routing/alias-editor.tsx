"use client";

import { useRouter } from "next/navigation";
import { toast } from "sonner";
import type { AliasInfo } from "#lib/contract/alias.ts";
import type { AliasChoices } from "#lib/contract/alias-board.ts";
import { ActionForm } from "../../_ui/action-form.tsx";
import { Field } from "../../_ui/field.tsx";
import { Button } from "../../_ui/primitives/button.tsx";
import { Card, CardBody, CardHeader, CardTitle } from "../../_ui/primitives/card.tsx";
import { Input } from "../../_ui/primitives/input.tsx";
import { Select } from "../../_ui/primitives/select.tsx";
import { type ActionForm as Form, useActionForm } from "../../_ui/use-action-form.ts";
import { createAlias, updateAlias } from "./actions.ts";
import { type AliasValues, inputOf, NEW_ALIAS, valuesOf } from "./alias-values.ts";
import { FallbackList } from "./fallback-list.tsx";
import { MemberTable } from "./member-table.tsx";
import { STRATEGIES } from "./strategies.ts";

export interface AliasEditorProps {
  /** The alias that is edited; without it a new one is made. */
  stored?: AliasInfo;
  choices: AliasChoices;
}

const LABELS = {
  name: "Name",
  strategy: "Strategy",
  max_attempts: "Attempts",
  timeout_ms: "Timeout",
  members: "Members",
  fallbacks: "Fallbacks",
};

/** An alias: who answers, in what order, and who comes after them. */
export function AliasEditor({ stored, choices }: AliasEditorProps) {
  const router = useRouter();
  const form = useActionForm({
    name: `alias-${stored?.name ?? "new"}`,
    action: stored === undefined ? createAlias : updateAlias,
    initial: stored === undefined ? NEW_ALIAS : valuesOf(stored),
    toInput: inputOf,
    ...(stored === undefined
      ? {}
      : {
          version: stored.version,
          // A conflict carries the alias as the server shows it.
          fromCurrent: (current: unknown) => valuesOf(current as AliasInfo),
        }),
    onDone: (saved) => {
      toast(stored === undefined ? `${saved.name} is ready` : `${saved.name} is saved`);
      if (stored === undefined) {
        router.push(`/routing/${encodeURIComponent(saved.name)}`);
      }
      router.refresh();
    },
  });
  return (
    <ActionForm form={form} labels={LABELS}>
      <Card>
        <CardBody className="flex flex-col gap-4">
          <BasicFields form={form} choices={choices} isNew={stored === undefined} />
        </CardBody>
      </Card>
      <Card>
        <CardHeader>
          <CardTitle>Members</CardTitle>
        </CardHeader>
        <CardBody>
          <MemberTable form={form} choices={choices.deployments} />
        </CardBody>
      </Card>
      <Card>
        <CardHeader>
          <CardTitle>Fallbacks</CardTitle>
        </CardHeader>
        <CardBody>
          <FallbackList form={form} names={choices.names} />
        </CardBody>
      </Card>
      <div className="flex flex-wrap items-center gap-2">
        <Button type="submit" variant="primary" isPending={form.isPending}>
          {stored === undefined ? "Create alias" : "Save"}
        </Button>
        {stored !== undefined && form.isDirty ? (
          <>
            <Button onClick={form.reset}>Discard</Button>
            <span className="text-muted-fg text-sm">Unsaved changes</span>
          </>
        ) : null}
      </div>
    </ActionForm>
  );
}

interface BasicFieldsProps {
  form: Form<AliasValues>;
  choices: AliasChoices;
  isNew: boolean;
}

function BasicFields({ form, choices, isNew }: BasicFieldsProps) {
  const name = form.values.name.trim();
  const shadows = choices.deployments.some((row) => row.model_name === name || row.name === name);
  return (
    <>
      {isNew ? (
        <Field
          label="Name"
          isRequired
          error={form.errors["name"]}
          hint={
            shadows
              ? `${name} is also the name of a model or a deployment. Requests for it will go to this alias instead.`
              : "What requests ask for as their model. It cannot be changed later."
          }
        >
          {(control) => <Input {...control} autoComplete="off" {...form.text("name")} />}
        </Field>
      ) : null}
      <div className="grid gap-4 sm:grid-cols-3">
        <Field label="Strategy" error={form.errors["strategy"]}>
          {(control) => (
            <Select
              {...control}
              options={STRATEGIES}
              value={form.values.strategy}
              onValueChange={(strategy) => form.set("strategy", strategy)}
            />
          )}
        </Field>
        <Field
          label="Attempts"
          error={form.errors["max_attempts"]}
          hint="1 to 10 on all targets together; empty is 3."
        >
          {(control) => <Input {...control} inputMode="numeric" {...form.text("max_attempts")} />}
        </Field>
        <Field
          label="Timeout, seconds"
          error={form.errors["timeout_ms"]}
          hint="For the whole request; empty is the gateway's own."
        >
          {(control) => <Input {...control} inputMode="decimal" {...form.text("timeout_s")} />}
        </Field>
      </div>
    </>
  );
}
