"use client";

import { type ReactNode, useState } from "react";
import { Button } from "./primitives/button.tsx";
import { Dialog, DialogContent, DialogFooter, DialogTitle } from "./primitives/dialog.tsx";
import { SecretReveal } from "./secret-reveal.tsx";

export interface SecretDialogProps {
  /** The secret while the dialog is open; `null` closes it and nothing remembers it. */
  secret: string | null;
  what: string;
  title: string;
  onClose: () => void;
  /** Below the secret: snippets, a test. */
  children?: ReactNode;
}

/**
 * The one showing of a secret. Escape and presses outside do nothing until it was copied or ticked
 * as stored. Refresh the list behind it in `onClose`, never before.
 */
export function SecretDialog({ secret, what, title, onClose, children }: SecretDialogProps) {
  const [safeSecret, setSafeSecret] = useState<string | null>(null);
  const isSafe = secret !== null && safeSecret === secret;

  function close() {
    if (isSafe) {
      setSafeSecret(null);
      onClose();
    }
  }

  return (
    <Dialog open={secret !== null} onOpenChange={(open) => (open ? undefined : close())}>
      <DialogContent hasClose={false} className="sm:max-w-2xl">
        <DialogTitle>{title}</DialogTitle>
        {secret === null ? null : (
          <SecretReveal secret={secret} what={what} onSafe={() => setSafeSecret(secret)}>
            {children}
          </SecretReveal>
        )}
        <DialogFooter>
          <Button variant="primary" disabled={!isSafe} onClick={close}>
            Done
          </Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}
