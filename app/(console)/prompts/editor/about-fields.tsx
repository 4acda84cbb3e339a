"use client";

import { useId } from "react";
import { Field } from "../../../_ui/field.tsx";
import { Card, CardBody } from "../../../_ui/primitives/card.tsx";
import { CheckboxOption } from "../../../_ui/primitives/checkbox.tsx";
import { Input } from "../../../_ui/primitives/input.tsx";
import type { ActionForm } from "../../../_ui/use-action-form.ts";
import type { EditorValues } from "./prompt-values.ts";

export interface AboutFieldsProps {
  form: ActionForm<EditorValues>;
  isNew: boolean;
  models: readonly string[];
}

/** What a version is called and is for, beside its text. */
export function AboutFields({ form, isNew, models }: AboutFieldsProps) {
  const list = useId();
  return (
    <Card>
      <CardBody className="flex flex-col gap-4">
        {isNew ? (
          <div className="grid gap-4 sm:grid-cols-2">
            <Field
              label="Name"
              isRequired
              error={form.errors["name"]}
              hint="What requests name. Folders are written with /. It cannot be changed later."
            >
              {(control) => <Input {...control} autoComplete="off" {...form.text("name")} />}
            </Field>
            <Field label="Description" error={form.errors["description"]} hint="What it is for.">
              {(control) => (
                <Input
                  {...control}
                  maxLength={1000}
                  autoComplete="off"
                  {...form.text("description")}
                />
              )}
            </Field>
          </div>
        ) : null}
        <div className="grid gap-4 sm:grid-cols-2">
          <Field
            label="What changed"
            isRequired={!isNew}
            error={form.errors["note"]}
            hint={isNew ? "Empty is “First version”." : "What was changed, and why."}
          >
            {(control) => (
              <Input {...control} maxLength={500} autoComplete="off" {...form.text("note")} />
            )}
          </Field>
          <Field
            label="Model"
            error={form.errors["model_hint"]}
            hint="Asked when a request names none."
          >
            {(control) => (
              <>
                <Input {...control} list={list} autoComplete="off" {...form.text("model_hint")} />
                <datalist id={list}>
                  {models.map((model) => (
                    <option key={model} value={model} />
                  ))}
                </datalist>
              </>
            )}
          </Field>
        </div>
        {isNew ? (
          <CheckboxOption
            label="Give it the label production"
            hint="Requests that name no version then keep this one until you move the label."
            checked={form.values.isProduction}
            onCheckedChange={(isProduction) => form.set("isProduction", isProduction)}
          />
        ) : null}
      </CardBody>
    </Card>
  );
}
