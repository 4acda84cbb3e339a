"use client";

import type { KeyOptions, RevealedKey } from "#lib/contract/api-key-console.ts";
import type { KeyLevels } from "#lib/contract/effective-limit.ts";
import { parseUsd } from "#lib/money.ts";
import { EntityCombobox } from "../../_ui/entity-combobox.tsx";
import { Field } from "../../_ui/field.tsx";
import { FormSheet } from "../../_ui/form-sheet.tsx";
import { Input } from "../../_ui/primitives/input.tsx";
import { Select } from "../../_ui/primitives/select.tsx";
import { type ActionForm, useActionForm } from "../../_ui/use-action-form.ts";
import { useIsland } from "../../_ui/use-island.ts";
import { useViewer } from "../../_ui/viewer-context.tsx";
import { createKey } from "./actions.ts";
import { EffectiveLimit } from "./effective-limit.tsx";
import { KeyAccessFields } from "./key-access-fields.tsx";
import { createInputOf, type KeyFormValues, newKeyValues } from "./key-form-values.ts";
import { KeyLimitFields } from "./key-limit-fields.tsx";

const LABELS = {
  alias: "Name",
  owner_id: "Owner",
  user_email: "Owner",
  team_id: "Team",
  allowed_models: "Models",
  budget_limit_usd: "Budget",
  soft_limit_percent: "Warn at",
  rate_limit_rpm: "Requests per minute",
  rate_limit_tpm: "Tokens per minute",
  max_parallel: "Parallel requests",
  expires_at: "Expires",
  allowed_cidrs: "Allowed networks",
  tags: "Tags",
  note: "Note",
} as const;

export interface CreateKeySheetProps {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  options: KeyOptions;
  /** The team that the page shows; a new key begins in it. */
  teamId: string | null;
  onCreated: (key: RevealedKey) => void;
}

/** The form of a new key. Its secret goes to `onCreated` and stays in no state here. */
export function CreateKeySheet(props: CreateKeySheetProps) {
  const { isOpen, onOpenChange, options, teamId, onCreated } = props;
  const viewer = useViewer();
  const form = useActionForm<KeyFormValues, RevealedKey>({
    name: "create-key",
    action: createKey,
    initial: newKeyValues(options, { ownerId: viewer.id, teamId }),
    toInput: createInputOf,
    onDone: (key) => {
      onOpenChange(false);
      onCreated(key);
    },
  });
  return (
    <FormSheet
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title="Create key"
      description="A key lets one app call the gateway."
      submitLabel="Create key"
      form={form}
      labels={LABELS}
    >
      <Field label="Name" isRequired error={form.errors["alias"]} hint="1 to 80 characters.">
        {(control) => <Input {...control} {...form.text("alias")} autoComplete="off" />}
      </Field>
      {options.may_choose_owner ? <OwnerField form={form} /> : null}
      <TeamField form={form} options={options} />
      <KeyAccessFields form={form} models={options.models} expiresAt={null} />
      <KeyLimitFields form={form} />
      <NewKeyLimit values={form.values} />
    </FormSheet>
  );
}

function OwnerField({ form }: { form: ActionForm<KeyFormValues> }) {
  return (
    <Field
      label="Owner"
      isRequired
      error={form.errors["owner_id"] ?? form.errors["user_email"]}
      hint="The person whose key it is, and whose limits also apply."
    >
      {(control) => (
        <EntityCombobox
          {...control}
          type="user"
          value={form.values.ownerId}
          onValueChange={(id) => form.set("ownerId", id ?? "")}
        />
      )}
    </Field>
  );
}

interface TeamFieldProps {
  form: ActionForm<KeyFormValues>;
  options: KeyOptions;
}

function TeamField({ form, options }: TeamFieldProps) {
  const none = { value: "", label: "No team" };
  const hint = "The team whose models, rates and budget also apply.";
  const error = form.errors["team_id"];
  if (options.teams === null) {
    return (
      <Field label="Team" error={error} hint={hint}>
        {(control) => (
          <EntityCombobox
            {...control}
            type="team"
            placeholder="No team"
            value={form.values.teamId === "" ? null : form.values.teamId}
            onValueChange={(id) => form.set("teamId", id ?? "")}
          />
        )}
      </Field>
    );
  }
  if (options.teams.length === 0) {
    return null;
  }
  const teams = options.teams.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <Field label="Team" isRequired error={error} hint={hint}>
      {(control) => (
        <Select
          {...control}
          options={options.may_be_without_team ? [none, ...teams] : teams}
          value={form.values.teamId}
          onValueChange={(id) => form.set("teamId", id)}
        />
      )}
    </Field>
  );
}

/** The sentence under the limits, as they are typed. */
function NewKeyLimit({ values }: { values: KeyFormValues }) {
  const query = new URLSearchParams({ owner_id: values.ownerId });
  if (values.teamId !== "") {
    query.set("team_id", values.teamId);
  }
  const path = values.ownerId === "" ? null : (`/api/console/keys/levels?${query}` as const);
  const { data } = useIsland<KeyLevels>(path);
  const amount = values.budget.isLimited ? values.budget.amount.trim() : "";
  const own = parseUsd(amount) === undefined ? null : { limit_usd: amount, period: values.period };
  return data === undefined ? null : <EffectiveLimit levels={data} own={own} />;
}
