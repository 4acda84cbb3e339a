"use client";

import { ConfirmDialog } from "../../_ui/confirm-dialog.tsx";
import { setRole } from "./actions.ts";
import type { PersonDialogProps } from "./person-dialog.ts";

const ADMIN_POWERS = [
  "see every key, request and cost, and change any of them",
  "change providers, routing, prices, retention and single sign-on",
  "invite, suspend and remove people, other administrators included",
];

/** Makes somebody an administrator, or takes that away; says what is gained or lost. */
export function RoleDialog({ person, isOpen, onOpenChange, onDone }: PersonDialogProps) {
  const isAdmin = person.role === "admin";
  const name = person.name ?? person.email;
  return (
    <ConfirmDialog
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title={isAdmin ? `Make ${name} a member` : `Make ${name} an admin`}
      verb={isAdmin ? "Make a member" : "Make an admin"}
      isDanger={isAdmin}
      effect={
        <div className="flex flex-col gap-2">
          <p>{isAdmin ? "They will no longer be able to:" : "They will be able to:"}</p>
          <ul className="list-disc pl-5">
            {ADMIN_POWERS.map((power) => (
              <li key={power}>{power}</li>
            ))}
          </ul>
          <p>It acts at once, also in their open sessions. Teams and keys stay as they are.</p>
        </div>
      }
      action={setRole}
      input={{ id: person.id, role: isAdmin ? "member" : "admin" }}
      onDone={onDone}
    />
  );
}
