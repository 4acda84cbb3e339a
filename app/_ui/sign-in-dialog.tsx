"use client";

import { IdentityDialog } from "./identity-dialog.tsx";
import type { PasswordAction, Reauthentication } from "./session-guard.tsx";

export interface SignInDialogProps {
  isOpen: boolean;
  who: Reauthentication;
  signIn: PasswordAction;
  /** Called with false when the dialog is closed. */
  onAnswer: (isConfirmed: boolean) => void;
}

/** Signs the same person in again over a page whose session has ended; the page stays as it is. */
export function SignInDialog({ isOpen, who, signIn, onAnswer }: SignInDialogProps) {
  return (
    <IdentityDialog
      isOpen={isOpen}
      who={who}
      title="You are signed out"
      description="Your session has ended. Sign in to go on; what you typed is still here."
      verb="Sign in"
      intent="sign-in"
      action={signIn}
      onAnswer={onAnswer}
    />
  );
}
