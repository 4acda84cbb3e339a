"use client";

import { useState } from "react";
import type { RevealedKey } from "#lib/contract/api-key-console.ts";
import { GRACE_CHOICES, GRACE_DEFAULT_SECONDS } from "#lib/contract/key-states.ts";
import { ConfirmDialog } from "../../_ui/confirm-dialog.tsx";
import { Fieldset } from "../../_ui/fieldset.tsx";
import { RadioGroup, RadioOption } from "../../_ui/primitives/radio-group.tsx";
import { rotateKey } from "./actions.ts";

export interface RotateKeyDialogProps {
  keyId: string;
  name: string;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  onRotated: (key: RevealedKey) => void;
}

/** A new secret for a key, and how long the old one stays valid beside it. */
export function RotateKeyDialog(props: RotateKeyDialogProps) {
  const { keyId, name, isOpen, onOpenChange, onRotated } = props;
  const [seconds, setSeconds] = useState<number>(GRACE_DEFAULT_SECONDS);
  return (
    <ConfirmDialog
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title={`Rotate ${name}`}
      verb="Rotate"
      isDanger={seconds === 0}
      effect={
        <p>
          The key gets a new secret. Its id, limits and history stay, and an earlier rotation that
          is still in its grace ends.
        </p>
      }
      action={rotateKey}
      input={{ id: keyId, grace_seconds: seconds }}
      onDone={onRotated}
    >
      <Fieldset legend="The old secret is accepted for">
        <RadioGroup
          aria-label="The old secret is accepted for"
          value={String(seconds)}
          onValueChange={(value) => setSeconds(Number(value))}
        >
          {GRACE_CHOICES.map((choice) => (
            <RadioOption key={choice.seconds} value={String(choice.seconds)} label={choice.label} />
          ))}
        </RadioGroup>
      </Fieldset>
    </ConfirmDialog>
  );
}
