"use client";

import type { SetupState } from "#lib/contract/setup.ts";
import { ActionForm } from "../../_ui/action-form.tsx";
import { Field } from "../../_ui/field.tsx";
import { Fieldset } from "../../_ui/fieldset.tsx";
import { Input } from "../../_ui/primitives/input.tsx";
import { RadioGroup, RadioOption } from "../../_ui/primitives/radio-group.tsx";
import { useActionForm } from "../../_ui/use-action-form.ts";
import { ZoneCombobox } from "../../_ui/zone-combobox.tsx";
import { saveOrganisation } from "./actions.ts";
import { StepButtons } from "./step-buttons.tsx";

export interface StepOrganisationProps {
  organisation: SetupState["organisation"];
  origin: string;
  onBack: () => void;
  onDone: () => void;
}

const LABELS = {
  organisation_name: "Name",
  public_url: "Public address",
  reporting_zone: "Reporting time zone",
  payload_storage: "Requests and answers",
};

/** Step 2: what the install is called, how it is reached, and what it keeps. */
export function StepOrganisation({ organisation, origin, onBack, onDone }: StepOrganisationProps) {
  const isFixed = organisation.is_public_url_fixed;
  const form = useActionForm({
    name: "setup-organisation",
    action: saveOrganisation,
    initial: {
      organisation_name: organisation.organisation_name,
      public_url: organisation.public_url ?? origin,
      reporting_zone:
        organisation.reporting_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
      payload_storage: organisation.payload_storage,
    },
    schema: () => import("#lib/contract/setup.ts").then((found) => found.setupOrganisation),
    toInput: ({ public_url, ...values }) =>
      isFixed ? values : { ...values, public_url: public_url === "" ? null : public_url },
    onDone,
  });
  return (
    <ActionForm form={form} labels={LABELS}>
      <Field label="Name" isRequired error={form.errors["organisation_name"]}>
        {(control) => (
          <Input {...control} autoComplete="organization" {...form.text("organisation_name")} />
        )}
      </Field>
      <Field
        label="Public address"
        error={form.errors["public_url"]}
        hint={
          isFixed
            ? "CONDUIT_PUBLIC_URL in the environment sets it."
            : (urlWarning(form.values.public_url) ??
              "How people and programs reach this install, without /v1.")
        }
      >
        {(control) => (
          <Input {...control} inputMode="url" readOnly={isFixed} {...form.text("public_url")} />
        )}
      </Field>
      <Field
        label="Reporting time zone"
        isRequired
        error={form.errors["reporting_zone"]}
        hint="Days, weeks and months of spend and usage begin in it."
      >
        {(control) => (
          <ZoneCombobox
            {...control}
            value={form.values.reporting_zone}
            onValueChange={(zone) => form.set("reporting_zone", zone ?? "")}
          />
        )}
      </Field>
      <Fieldset legend="Requests and answers" error={form.errors["payload_storage"]}>
        <RadioGroup
          aria-label="Requests and answers"
          value={form.values.payload_storage}
          onValueChange={(value) =>
            form.set("payload_storage", value === "full" ? "full" : "metadata")
          }
        >
          <RadioOption
            value="metadata"
            label="Keep metadata only"
            hint="Who, when, which model, tokens and cost. No prompts, no answers."
          />
          <RadioOption
            value="full"
            label="Keep everything"
            hint="Prompts and answers too, encrypted and removed after a time that you set."
          />
        </RadioGroup>
      </Fieldset>
      <StepButtons onBack={onBack} isPending={form.isPending} submitLabel="Save and continue" />
    </ActionForm>
  );
}

/** Without https, keys and passwords can be read on the way. */
function urlWarning(url: string): string | null {
  const isPlain = /^http:\/\//i.test(url);
  const isLocal = /^http:\/\/(?:localhost|127\.|\[::1\])/i.test(url);
  return isPlain && !isLocal
    ? "This is plain http: keys and passwords can be read on the way. Put https in front of it."
    : null;
}
