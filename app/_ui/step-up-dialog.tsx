"use client";

import { IdentityDialog } from "./identity-dialog.tsx";
import type { PasswordAction, Reauthentication } from "./session-guard.tsx";

export interface StepUpDialogProps {
  isOpen: boolean;
  who: Reauthentication;
  confirm: PasswordAction;
  /** Called with false when the dialog is closed. */
  onAnswer: (isConfirmed: boolean) => void;
}

/** Asks for a fresh proof of identity before something that a found laptop must not do. */
export function StepUpDialog({ isOpen, who, confirm, onAnswer }: StepUpDialogProps) {
  return (
    <IdentityDialog
      isOpen={isOpen}
      who={who}
      title="Confirm that it is you"
      description="This needs a fresh proof of identity. It then counts for ten minutes."
      verb="Confirm"
      intent="step-up"
      action={confirm}
      onAnswer={onAnswer}
    />
  );
}
