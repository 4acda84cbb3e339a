"use client";

import { useState } from "react";
import type { RevealedKey } from "#lib/contract/api-key-console.ts";
import { ActionForm } from "../../_ui/action-form.tsx";
import { Field } from "../../_ui/field.tsx";
import { Button } from "../../_ui/primitives/button.tsx";
import { Input } from "../../_ui/primitives/input.tsx";
import { useActionForm } from "../../_ui/use-action-form.ts";
import { createFirstKey, finishWithoutKey } from "./actions.ts";
import { FirstKey } from "./first-key.tsx";
import { StepButtons } from "./step-buttons.tsx";

export interface StepKeyProps {
  onBack: () => void;
}

const INITIAL = { alias: "First key" };
const NOTHING = {};

/** Step 4: a key, its one showing, and the wait for its first request. */
export function StepKey({ onBack }: StepKeyProps) {
  const [revealed, setRevealed] = useState<RevealedKey | null>(null);
  const form = useActionForm({
    name: "setup-key",
    action: createFirstKey,
    initial: INITIAL,
    schema: () => import("#lib/contract/setup.ts").then((found) => found.setupKey),
    onDone: setRevealed,
  });
  const skip = useActionForm({
    name: "setup-finish",
    action: finishWithoutKey,
    initial: NOTHING,
  });
  if (revealed !== null) {
    return <FirstKey revealed={revealed} />;
  }
  return (
    <ActionForm form={form} labels={{ alias: "Name" }}>
      <Field
        label="Name of the key"
        isRequired
        error={form.errors["alias"]}
        hint="Which app it is for."
      >
        {(control) => <Input {...control} autoComplete="off" {...form.text("alias")} />}
      </Field>
      <StepButtons onBack={onBack} isPending={form.isPending} submitLabel="Create the key">
        <Button size="lg" isPending={skip.isPending} onClick={() => skip.submit()}>
          Finish without a key
        </Button>
      </StepButtons>
    </ActionForm>
  );
}
