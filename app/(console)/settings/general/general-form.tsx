"use client";

import type { SettingsInfo } from "#lib/contract/settings.ts";
import { ActionForm } from "../../../_ui/action-form.tsx";
import { DirtyBar } from "../../../_ui/dirty-bar.tsx";
import { Field } from "../../../_ui/field.tsx";
import { Card, CardBody, CardHeader, CardTitle } from "../../../_ui/primitives/card.tsx";
import { Input } from "../../../_ui/primitives/input.tsx";
import { Textarea } from "../../../_ui/primitives/textarea.tsx";
import { useActionForm } from "../../../_ui/use-action-form.ts";
import { ZoneCombobox } from "../../../_ui/zone-combobox.tsx";
import { saveGeneral } from "../actions.ts";
import { useSectionSaved } from "../use-section-saved.ts";
import { type GeneralValues, generalInput, generalValues } from "./general-values.ts";
import { KeyDefaults } from "./key-defaults.tsx";

const LABELS = {
  organisation_name: "Name",
  public_url: "Public address",
  reporting_zone: "Reporting time zone",
  default_key_budget_usd: "Budget",
  default_key_rate_limit_rpm: "Requests per minute",
  default_key_rate_limit_tpm: "Tokens per minute",
  default_key_max_parallel: "Parallel requests",
  banner: "Banner",
};

export interface GeneralFormProps {
  info: SettingsInfo<"general">;
  /** The address in force, whoever has set it. */
  publicUrl: string | null;
}

/** The general settings; keyed by their version, so that a saved edit begins anew. */
export function GeneralForm({ info, publicUrl }: GeneralFormProps) {
  const isUrlLocked = info.locked.includes("public_url");
  const stored = generalValues(info.values);
  const form = useActionForm<GeneralValues, unknown>({
    name: "general-settings",
    action: saveGeneral,
    initial: isUrlLocked ? { ...stored, public_url: publicUrl ?? "" } : stored,
    toInput: (values) => generalInput(values, { isUrlLocked }),
    schema: () => import("#lib/contract/settings.ts").then((found) => found.generalChange),
    version: info.version,
    fromCurrent: (current) => generalValues((current as SettingsInfo<"general">).values),
    onDone: useSectionSaved(),
  });
  const { errors } = form;
  return (
    <ActionForm form={form} labels={LABELS} className="gap-6">
      <Card>
        <CardHeader>
          <CardTitle>Organisation</CardTitle>
        </CardHeader>
        <CardBody className="flex max-w-xl flex-col gap-4">
          <Field label="Name" isRequired error={errors["organisation_name"]}>
            {(control) => <Input {...control} {...form.text("organisation_name")} />}
          </Field>
          <Field
            label="Public address"
            error={errors["public_url"]}
            hint={
              isUrlLocked
                ? "Set by CONDUIT_PUBLIC_URL in the environment of the process."
                : "How people and programs reach this install, such as https://llm.example.com. Empty: as each request says."
            }
          >
            {(control) => (
              <Input
                {...control}
                {...form.text("public_url")}
                type="url"
                inputMode="url"
                spellCheck={false}
                disabled={isUrlLocked}
              />
            )}
          </Field>
          <Field
            label="Reporting time zone"
            isRequired
            error={errors["reporting_zone"]}
            hint="Days, weeks and months of spend and usage begin at its midnight."
          >
            {(control) => (
              <ZoneCombobox
                {...control}
                value={form.values.reporting_zone}
                onValueChange={(zone) => form.set("reporting_zone", zone)}
              />
            )}
          </Field>
          <Field
            label="Banner"
            error={errors["banner"]}
            hint="Stands above every page, as the name of an environment or a notice. Empty for none."
          >
            {(control) => <Textarea {...control} {...form.text("banner")} rows={2} />}
          </Field>
        </CardBody>
      </Card>
      <KeyDefaults form={form} />
      <DirtyBar isDirty={form.isDirty} isPending={form.isPending} onDiscard={form.reset} />
    </ActionForm>
  );
}
