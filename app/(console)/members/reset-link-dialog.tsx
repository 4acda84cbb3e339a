"use client";

import { useState } from "react";
import { ConfirmDialog } from "../../_ui/confirm-dialog.tsx";
import { LinkField } from "../../_ui/link-field.tsx";
import { Button } from "../../_ui/primitives/button.tsx";
import { Dialog, DialogContent, DialogFooter, DialogTitle } from "../../_ui/primitives/dialog.tsx";
import { makeResetLink } from "./actions.ts";
import type { PersonDialogProps } from "./person-dialog.ts";

/** Makes a link for a new password, and shows it once. */
export function ResetLinkDialog({ person, isOpen, onOpenChange }: PersonDialogProps) {
  const [link, setLink] = useState<string | null>(null);
  const name = person.name ?? person.email;
  return (
    <>
      <ConfirmDialog
        isOpen={isOpen}
        onOpenChange={onOpenChange}
        title={`Make a password link for ${name}`}
        verb="Make the link"
        isDanger={false}
        effect="Whoever opens the link can set a new password for this account, once, within 24 hours. Earlier links stop working; the present password works until then."
        action={makeResetLink}
        input={{ id: person.id }}
        onDone={({ link: made }) => setLink(made)}
      />
      <Dialog open={link !== null} onOpenChange={(open) => (open ? undefined : setLink(null))}>
        <DialogContent>
          <DialogTitle>Password link for {name}</DialogTitle>
          <p className="text-sm">
            Send it by a channel that only they read. It is shown this once.
          </p>
          {link === null ? null : <LinkField link={link} label="Password link" />}
          <DialogFooter>
            <Button variant="primary" onClick={() => setLink(null)}>
              Done
            </Button>
          </DialogFooter>
        </DialogContent>
      </Dialog>
    </>
  );
}
