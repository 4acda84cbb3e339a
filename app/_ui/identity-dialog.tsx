"use client";

import { type FormEvent, useState } from "react";
import { Field } from "./field.tsx";
import { FormError } from "./form-error.tsx";
import { PasswordInput } from "./password-input.tsx";
import { Button } from "./primitives/button.tsx";
import {
  Dialog,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogTitle,
} from "./primitives/dialog.tsx";
import type { PasswordAction, Reauthentication } from "./session-guard.tsx";
import { useSsoPopup } from "./use-sso-popup.ts";

export interface IdentityDialogProps {
  isOpen: boolean;
  who: Reauthentication;
  title: string;
  description: string;
  /** What the button does: "Confirm", "Sign in". */
  verb: string;
  intent: "step-up" | "sign-in";
  action: PasswordAction;
  onAnswer: (isConfirmed: boolean) => void;
}

/** A password, or a visit to the identity provider in a window of its own. */
export function IdentityDialog(props: IdentityDialogProps) {
  const { isOpen, title, description, onAnswer } = props;
  return (
    <Dialog open={isOpen} onOpenChange={(open) => (open ? undefined : onAnswer(false))}>
      <DialogContent className="sm:max-w-md">
        <DialogTitle>{title}</DialogTitle>
        <DialogDescription>{description}</DialogDescription>
        {isOpen ? <IdentityForm {...props} /> : null}
      </DialogContent>
    </Dialog>
  );
}

function IdentityForm({ who, verb, intent, action, onAnswer }: IdentityDialogProps) {
  const [password, setPassword] = useState("");
  const [error, setError] = useState<string | null>(null);
  // No transition: the submit that led here is one that has not ended, and React would keep this one
  // pending until that does.
  const [isPending, setPending] = useState(false);
  const sso = useSsoPopup({ intent, onDone: () => onAnswer(true) });
  const usesSso = who.method === "oidc" && who.ssoName !== null;

  async function submit(event: FormEvent) {
    event.preventDefault();
    // The dialog may stand inside another form's React tree.
    event.stopPropagation();
    if (isPending) {
      return;
    }
    setPending(true);
    const problem = await ask().finally(() => setPending(false));
    if (problem === null) {
      onAnswer(true);
    } else {
      setError(problem);
    }
  }

  async function ask(): Promise<string | null> {
    try {
      const result = await action({ email: who.email, password });
      return result.ok ? result.value.error : (result.formError ?? "Enter your password.");
    } catch {
      return "Conduit cannot be reached. Check the connection and try again.";
    }
  }

  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <FormError>{error ?? sso.error}</FormError>
      <p className="break-words text-sm">
        Signed in as <span className="font-medium">{who.email}</span>
      </p>
      {usesSso ? null : (
        <>
          <input type="hidden" name="username" autoComplete="username" value={who.email} readOnly />
          <Field label="Password">
            {(control) => (
              <PasswordInput
                {...control}
                name="password"
                autoComplete="current-password"
                required
                autoFocus
                value={password}
                onChange={(event) => setPassword(event.target.value)}
              />
            )}
          </Field>
        </>
      )}
      <DialogFooter>
        <Button onClick={() => onAnswer(false)}>Cancel</Button>
        {usesSso ? (
          <Button variant="primary" isPending={sso.isWaiting} onClick={sso.open}>
            {verb} with {who.ssoName}
          </Button>
        ) : (
          <Button type="submit" variant="primary" isPending={isPending}>
            {verb}
          </Button>
        )}
      </DialogFooter>
    </form>
  );
}
