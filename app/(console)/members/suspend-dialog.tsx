"use client";

import { ConfirmDialog } from "../../_ui/confirm-dialog.tsx";
import { setSuspended } from "./actions.ts";
import { effectText, type PersonDialogProps, usePersonEffect } from "./person-dialog.ts";

/** Shuts somebody out without deleting anything, or lets them in again. */
export function SuspendDialog({ person, isOpen, onOpenChange, onDone }: PersonDialogProps) {
  const { data: effect } = usePersonEffect(person.id, isOpen);
  const isSuspended = person.status === "suspended" || person.status === "removed";
  const name = person.name ?? person.email;
  return (
    <ConfirmDialog
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title={isSuspended ? `Lift the suspension of ${name}` : `Suspend ${name}`}
      verb={isSuspended ? "Lift the suspension" : "Suspend"}
      isDanger={!isSuspended}
      effect={
        isSuspended
          ? `They can sign in again, and ${effectText(effect, person)} will be accepted again.`
          : `They are signed out at once, and ${effectText(effect, person)} will be refused until the suspension is lifted.`
      }
      action={setSuspended}
      input={{ id: person.id, is_suspended: !isSuspended }}
      onDone={onDone}
    />
  );
}
