"use client";

import type { Route } from "next";
import Link from "next/link";
import { Field, FieldError } from "../../_ui/field.tsx";
import {
  Card,
  CardBody,
  CardDescription,
  CardHeader,
  CardTitle,
} from "../../_ui/primitives/card.tsx";
import { Combobox } from "../../_ui/primitives/combobox.tsx";
import { SwitchOption } from "../../_ui/primitives/switch.tsx";
import type { ActionForm } from "../../_ui/use-action-form.ts";
import type { CacheValues } from "./cache-values.ts";
import { NumberField } from "./number-field.tsx";

export interface SemanticFieldsProps {
  form: ActionForm<CacheValues>;
  models: readonly string[];
}

/** Matching by meaning: what makes the vectors, and how careful it is. */
export function SemanticFields({ form, models }: SemanticFieldsProps) {
  return (
    <Card>
      <CardHeader>
        <CardTitle>Semantic matching</CardTitle>
        <CardDescription>
          Only the last question may differ in its wording; model, parameters, tools, instructions
          and earlier turns stay the same to the letter. Numbers, dates, names, units and negations
          never differ, and calls of tools are never matched.
        </CardDescription>
      </CardHeader>
      <CardBody className="flex max-w-xl flex-col gap-5">
        <div className="flex flex-col gap-1.5">
          <SwitchOption
            label="Answer a question again that was asked in other words"
            hint="Each such look-up asks the embedding model, on the caller's budget."
            checked={form.values.semantic_enabled}
            onCheckedChange={(isOn) => form.set("semantic_enabled", isOn)}
          />
          <FieldError id="semantic-enabled-error" error={form.errors["semantic_enabled"]} />
        </div>
        <Field
          label="Embedding model"
          error={form.errors["embedding_model"]}
          hint="An alias, model or deployment that makes vectors. Another one empties this cache."
        >
          {(control) => (
            <Combobox
              {...control}
              options={models.map((name) => ({ value: name, label: name }))}
              value={form.values.embedding_model}
              onValueChange={(model) => form.set("embedding_model", model)}
              placeholder="None"
            />
          )}
        </Field>
        <NumberField
          form={form}
          name="semantic_ttl_seconds"
          label="Kept for"
          suffix="seconds"
          hint="60 to 3,600, which is an hour."
        />
        <NumberField
          form={form}
          name="min_prompt_chars"
          label="Shortest question"
          suffix="characters"
          hint="Shorter ones say too little to be matched by meaning. 0 to 10,000."
        />
        <NumberField
          form={form}
          name="sample_share"
          label="Compared hits"
          suffix="percent"
          hint="So many hits are asked upstream as well, and the answers compared. 0 to 100."
        />
        <p className="text-muted-fg text-xs">
          The threshold is set under{" "}
          <Link
            href={"/cache?tab=similarity" as Route}
            className="text-primary underline underline-offset-4"
          >
            Similarity
          </Link>
          , with what it would have done.
        </p>
      </CardBody>
    </Card>
  );
}
