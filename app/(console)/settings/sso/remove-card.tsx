"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import { ConfirmDialog } from "../../../_ui/confirm-dialog.tsx";
import { Button } from "../../../_ui/primitives/button.tsx";
import { Card, CardDescription, CardHeader, CardTitle } from "../../../_ui/primitives/card.tsx";
import { removeSso } from "./actions.ts";

export interface RemoveCardProps {
  name: string;
}

export function RemoveCard({ name }: RemoveCardProps) {
  const router = useRouter();
  const [isOpen, setOpen] = useState(false);
  return (
    <Card className="pb-4">
      <CardHeader>
        <CardTitle>Remove single sign-on</CardTitle>
        <Button variant="danger" onClick={() => setOpen(true)}>
          Remove
        </Button>
        <CardDescription>The settings and the sealed secret are deleted.</CardDescription>
      </CardHeader>
      <ConfirmDialog
        isOpen={isOpen}
        onOpenChange={setOpen}
        title={`Remove single sign-on with ${name}`}
        verb="Remove"
        effect="Accounts stay. People without a password need a reset link before they can sign in again."
        action={removeSso}
        input={{}}
        onDone={() => {
          toast.success("Single sign-on removed");
          router.refresh();
        }}
      />
    </Card>
  );
}
