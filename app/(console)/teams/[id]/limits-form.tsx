"use client";

import { useRouter } from "next/navigation";
import { toast } from "sonner";
import type { TeamInfo } from "#lib/contract/team.ts";
import { ActionForm } from "../../../_ui/action-form.tsx";
import { Field } from "../../../_ui/field.tsx";
import { Fieldset } from "../../../_ui/fieldset.tsx";
import { Button } from "../../../_ui/primitives/button.tsx";
import { Card, CardBody } from "../../../_ui/primitives/card.tsx";
import { CheckboxOption } from "../../../_ui/primitives/checkbox.tsx";
import { MultiCombobox } from "../../../_ui/primitives/combobox.tsx";
import { RadioGroup, RadioOption } from "../../../_ui/primitives/radio-group.tsx";
import { useActionForm } from "../../../_ui/use-action-form.ts";
import { updateTeam } from "../actions.ts";
import {
  LIMIT_LABELS,
  limitsInput,
  limitValuesOf,
  TeamLimitFields,
} from "../team-limit-fields.tsx";

export interface LimitsFormProps {
  team: TeamInfo;
  /** Names that may be allowed. */
  models: readonly string[];
}

function valuesOf(team: TeamInfo) {
  return {
    limits: limitValuesOf(team),
    allModels: team.allowed_models === null,
    models: team.allowed_models ?? [],
    payload: team.payload_storage ?? "install",
    shareCache: team.share_cache,
  };
}

/** What all keys of a team together are held to. */
export function LimitsForm({ team, models }: LimitsFormProps) {
  const router = useRouter();
  const form = useActionForm({
    name: "team-limits",
    action: updateTeam,
    initial: valuesOf(team),
    schema: () => import("#lib/contract/team-console.ts").then((found) => found.teamEdit),
    version: team.version,
    // A conflict's `current` is the team as the server shows it.
    fromCurrent: (current) => valuesOf(current as TeamInfo),
    toInput: ({ allModels, models: chosen, payload, shareCache, limits }) => ({
      id: team.id,
      ...limitsInput(limits),
      allowed_models: allModels ? null : chosen,
      payload_storage: payload === "install" ? null : payload,
      share_cache: shareCache,
    }),
    onDone: () => {
      toast("Limits saved.");
      router.refresh();
    },
  });
  return (
    <Card className="max-w-2xl">
      <CardBody>
        <ActionForm form={form} labels={{ ...LIMIT_LABELS, allowed_models: "Models" }}>
          <TeamLimitFields
            values={form.values.limits}
            errors={form.errors}
            onChange={(limits) => form.set("limits", limits)}
          />
          <Fieldset legend="Models" error={form.errors["allowed_models"]}>
            <RadioGroup
              aria-label="Models"
              value={form.values.allModels ? "all" : "some"}
              onValueChange={(value) => form.set("allModels", value === "all")}
            >
              <RadioOption value="all" label="All, also those added later" />
              <RadioOption value="some" label="Only these" />
            </RadioGroup>
            {form.values.allModels ? null : (
              <Field label="Allowed models">
                {(control) => (
                  <MultiCombobox
                    {...control}
                    options={models.map((name) => ({ value: name, label: name }))}
                    values={form.values.models}
                    onValuesChange={(next) => form.set("models", next)}
                  />
                )}
              </Field>
            )}
          </Fieldset>
          <Fieldset legend="Requests and answers" error={form.errors["payload_storage"]}>
            <RadioGroup
              aria-label="Requests and answers"
              value={form.values.payload}
              onValueChange={(value) => form.set("payload", value)}
            >
              <RadioOption value="install" label="As the install is set" />
              <RadioOption value="metadata" label="Metadata only" hint="No prompts, no answers." />
              <RadioOption value="full" label="Kept in full, encrypted" />
            </RadioGroup>
          </Fieldset>
          <Fieldset legend="Stored answers" error={form.errors["share_cache"]}>
            <CheckboxOption
              label="Keys of the team share stored answers"
              hint="Without it, an answer is only ever given again to the key that asked for it."
              checked={form.values.shareCache}
              onCheckedChange={(isOn) => form.set("shareCache", isOn)}
            />
          </Fieldset>
          <Button type="submit" variant="primary" isPending={form.isPending}>
            Save limits
          </Button>
        </ActionForm>
      </CardBody>
    </Card>
  );
}
