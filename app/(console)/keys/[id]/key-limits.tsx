"use client";

import { useRouter } from "next/navigation";
import { toast } from "sonner";
import type { ApiKeyInfo } from "#lib/contract/api-key.ts";
import type { KeyListRow } from "#lib/contract/api-key-list.ts";
import type { KeyLevels } from "#lib/contract/effective-limit.ts";
import { ActionForm } from "../../../_ui/action-form.tsx";
import { Field } from "../../../_ui/field.tsx";
import { Button } from "../../../_ui/primitives/button.tsx";
import { Card, CardBody, CardHeader, CardTitle } from "../../../_ui/primitives/card.tsx";
import { Input } from "../../../_ui/primitives/input.tsx";
import { useActionForm } from "../../../_ui/use-action-form.ts";
import { useViewer } from "../../../_ui/viewer-context.tsx";
import { updateKey } from "../actions.ts";
import { EffectiveLimit } from "../effective-limit.tsx";
import { KeyAccessFields } from "../key-access-fields.tsx";
import { type KeyFormValues, storedKeyValues, updateInputOf } from "../key-form-values.ts";
import { KeyLimitFields } from "../key-limit-fields.tsx";

export interface KeyLimitsProps {
  row: KeyListRow;
  levels: KeyLevels;
  models: readonly string[];
}

/** A key's limits, edited where they are read. */
export function KeyLimits({ row, levels, models }: KeyLimitsProps) {
  const router = useRouter();
  const viewer = useViewer();
  const form = useActionForm<KeyFormValues, ApiKeyInfo>({
    name: `key-${row.id}`,
    action: updateKey,
    initial: storedKeyValues(row),
    version: row.version,
    toInput: (values) => updateInputOf(row.id, values),
    // A conflict carries the key as the server shows it.
    fromCurrent: (current) => storedKeyValues(current as ApiKeyInfo),
    onDone: () => {
      toast("Limits saved");
      router.refresh();
    },
  });
  const mayOnlyTighten =
    viewer.role !== "admin" &&
    !viewer.teams.some(({ id, role }) => id === row.team_id && role === "team_admin");
  if (row.state === "revoked") {
    return <p className="text-muted-fg text-sm">A revoked key is not edited any more.</p>;
  }
  return (
    <ActionForm form={form} className="gap-6">
      <EffectiveLimit levels={levels} />
      {mayOnlyTighten ? (
        <p className="text-muted-fg text-sm">
          You may tighten these limits. Loosening one is up to an admin of the team.
        </p>
      ) : null}
      <div className="grid items-start gap-6 lg:grid-cols-2">
        <Card>
          <CardHeader>
            <CardTitle>Limits</CardTitle>
          </CardHeader>
          <CardBody className="flex flex-col gap-5">
            <KeyLimitFields form={form} />
          </CardBody>
        </Card>
        <Card>
          <CardHeader>
            <CardTitle>Access</CardTitle>
          </CardHeader>
          <CardBody className="flex flex-col gap-5">
            <Field label="Name" error={form.errors["alias"]}>
              {(control) => <Input {...control} {...form.text("alias")} autoComplete="off" />}
            </Field>
            <KeyAccessFields form={form} models={models} expiresAt={row.expires_at} />
          </CardBody>
        </Card>
      </div>
      <div className="flex items-center gap-2">
        <Button type="submit" variant="primary" isPending={form.isPending} disabled={!form.isDirty}>
          Save limits
        </Button>
        {form.isDirty ? <Button onClick={form.reset}>Discard</Button> : null}
      </div>
    </ActionForm>
  );
}
