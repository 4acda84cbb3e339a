"use client";

import { useRouter } from "next/navigation";
import { toast } from "sonner";
import type { SettingsInfo } from "#lib/contract/settings.ts";
import { ActionForm } from "../../_ui/action-form.tsx";
import { DirtyBar } from "../../_ui/dirty-bar.tsx";
import { Field } from "../../_ui/field.tsx";
import {
  Card,
  CardBody,
  CardDescription,
  CardHeader,
  CardTitle,
} from "../../_ui/primitives/card.tsx";
import { MultiCombobox } from "../../_ui/primitives/combobox.tsx";
import { SwitchOption } from "../../_ui/primitives/switch.tsx";
import { useActionForm } from "../../_ui/use-action-form.ts";
import { saveCache } from "./actions.ts";
import { type CacheValues, cacheInput, cacheValues } from "./cache-values.ts";
import { NumberField } from "./number-field.tsx";
import { SemanticFields } from "./semantic-fields.tsx";

const LABELS = {
  ttl_seconds: "Kept for",
  max_entry_kib: "Largest answer",
  excluded_models: "Models left out",
  embedding_model: "Embedding model",
  semantic_enabled: "Semantic matching",
  semantic_ttl_seconds: "Kept for (semantic)",
  min_prompt_chars: "Shortest question",
  sample_share: "Compared hits",
};

export interface SettingsFormProps {
  info: SettingsInfo<"cache">;
  /** Names that requests may ask for. */
  models: readonly string[];
}

/** Which answers are kept, for how long, and how questions are matched. */
export function SettingsForm({ info, models }: SettingsFormProps) {
  const router = useRouter();
  const form = useActionForm<CacheValues, unknown>({
    name: "cache-settings",
    action: saveCache,
    initial: cacheValues(info.values),
    toInput: cacheInput,
    schema: () => import("#lib/contract/settings.ts").then((found) => found.cacheChange),
    version: info.version,
    fromCurrent: (current) => cacheValues((current as SettingsInfo<"cache">).values),
    onDone: () => {
      toast.success("Saved");
      router.refresh();
    },
  });
  return (
    <ActionForm form={form} labels={LABELS} className="gap-6">
      <Card>
        <CardHeader>
          <CardTitle>Exact matching</CardTitle>
          <CardDescription>
            The very same request, to the letter and with the same deployments behind its model.
          </CardDescription>
        </CardHeader>
        <CardBody className="flex max-w-xl flex-col gap-5">
          <SwitchOption
            label="Answer a request again that was answered before"
            hint="Answers are a key's own, unless its team shares them."
            checked={form.values.exact_enabled}
            onCheckedChange={(isOn) => form.set("exact_enabled", isOn)}
          />
          <NumberField
            form={form}
            name="ttl_seconds"
            label="Kept for"
            suffix="seconds"
            hint="60 to 604,800, which is a week."
          />
          <NumberField
            form={form}
            name="max_entry_kib"
            label="Largest answer"
            suffix="KiB"
            hint="Larger ones are not kept. 1 to 8,192."
          />
          <Field
            label="Models left out"
            error={form.errors["excluded_models"]}
            hint="As callers ask for them. Nothing of theirs is kept or looked up, by either matching."
          >
            {(control) => (
              <MultiCombobox
                {...control}
                options={models.map((name) => ({ value: name, label: name }))}
                values={form.values.excluded_models}
                onValuesChange={(chosen) => form.set("excluded_models", chosen)}
                placeholder="Aliases, models or deployments"
              />
            )}
          </Field>
        </CardBody>
      </Card>
      <SemanticFields form={form} models={models} />
      <DirtyBar isDirty={form.isDirty} isPending={form.isPending} onDiscard={form.reset} />
    </ActionForm>
  );
}
