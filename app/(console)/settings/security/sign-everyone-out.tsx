"use client";

import { useState } from "react";
import { toast } from "sonner";
import { ConfirmDialog } from "../../../_ui/confirm-dialog.tsx";
import { Button } from "../../../_ui/primitives/button.tsx";
import {
  Card,
  CardBody,
  CardDescription,
  CardHeader,
  CardTitle,
} from "../../../_ui/primitives/card.tsx";
import { signEveryoneOut } from "../actions.ts";

/** Ends every session but one's own, after asking. */
export function SignEveryoneOut() {
  const [isOpen, setOpen] = useState(false);
  return (
    <Card>
      <CardHeader>
        <CardTitle>Sign everyone out</CardTitle>
        <CardDescription>
          After a leak, or when somebody has left. Keys of the API stay.
        </CardDescription>
      </CardHeader>
      <CardBody>
        <Button onClick={() => setOpen(true)}>Sign everyone out</Button>
        <ConfirmDialog
          isOpen={isOpen}
          onOpenChange={setOpen}
          title="Sign everyone out"
          verb="Sign everyone out"
          effect="Every session in every browser ends at once, but not yours. People sign in again; what they were typing is lost."
          action={signEveryoneOut}
          input={{}}
          onDone={({ ended }) => toast.success(endedText(ended))}
        />
      </CardBody>
    </Card>
  );
}

function endedText(ended: number): string {
  return ended === 1 ? "1 session ended" : `${ended} sessions ended`;
}
