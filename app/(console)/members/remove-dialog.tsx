"use client";

import { useState } from "react";
import { ConfirmDialog } from "../../_ui/confirm-dialog.tsx";
import { EntityCombobox } from "../../_ui/entity-combobox.tsx";
import { Field } from "../../_ui/field.tsx";
import { Fieldset } from "../../_ui/fieldset.tsx";
import { RadioGroup, RadioOption } from "../../_ui/primitives/radio-group.tsx";
import { removeMember } from "./actions.ts";
import { effectText, type PersonDialogProps, usePersonEffect } from "./person-dialog.ts";

/** Removes somebody; who has keys needs a choice for them. */
export function RemoveDialog({ person, isOpen, onOpenChange, onDone }: PersonDialogProps) {
  const { data: effect } = usePersonEffect(person.id, isOpen);
  const [keys, setKeys] = useState<"transfer" | "revoke">("transfer");
  const [heir, setHeir] = useState<string | null>(null);
  const hasKeys = (effect?.key_count ?? person.key_count) > 0;
  const name = person.name ?? person.email;
  return (
    <ConfirmDialog
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title={`Remove ${name}`}
      verb="Remove"
      effect={
        hasKeys
          ? `They are signed out, leave their teams and cannot sign in again. They own ${effectText(effect, person)}.`
          : "They are signed out, leave their teams and cannot sign in again. They own no keys."
      }
      typedName={person.email}
      action={removeMember}
      input={{
        id: person.id,
        ...(hasKeys ? { keys, transfer_to: keys === "transfer" ? heir : null } : {}),
      }}
      onDone={onDone}
    >
      {hasKeys ? (
        <Fieldset legend="Their keys">
          <RadioGroup
            aria-label="Their keys"
            value={keys}
            onValueChange={(value) => setKeys(value === "revoke" ? "revoke" : "transfer")}
          >
            <RadioOption
              value="transfer"
              label="Give to another person"
              hint="They keep working."
            />
            <RadioOption value="revoke" label="Revoke" hint="They are refused at once, for good." />
          </RadioGroup>
          {keys === "transfer" ? (
            <Field label="New owner" isRequired>
              {(control) => (
                <EntityCombobox
                  {...control}
                  type="user"
                  value={heir}
                  onValueChange={setHeir}
                  without={[person.id]}
                />
              )}
            </Field>
          ) : null}
        </Fieldset>
      ) : null}
    </ConfirmDialog>
  );
}
