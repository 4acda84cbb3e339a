"use client";

import { useRef } from "react";
import {
  AlertDialog,
  AlertDialogContent,
  AlertDialogDescription,
  AlertDialogTitle,
} from "./primitives/alert-dialog.tsx";
import { Button } from "./primitives/button.tsx";
import { DialogFooter } from "./primitives/dialog.tsx";

export interface DiscardDialogProps {
  isOpen: boolean;
  onKeep: () => void;
  onDiscard: () => void;
}

/** Asked before a form with typed values closes. */
export function DiscardDialog({ isOpen, onKeep, onDiscard }: DiscardDialogProps) {
  const keep = useRef<HTMLButtonElement>(null);
  return (
    <AlertDialog open={isOpen} onOpenChange={(open) => (open ? undefined : onKeep())}>
      <AlertDialogContent initialFocus={keep}>
        <AlertDialogTitle>Discard what you entered</AlertDialogTitle>
        <AlertDialogDescription>This form has changes that are not saved.</AlertDialogDescription>
        <DialogFooter>
          <Button ref={keep} onClick={onKeep}>
            Keep editing
          </Button>
          <Button variant="danger" onClick={onDiscard}>
            Discard
          </Button>
        </DialogFooter>
      </AlertDialogContent>
    </AlertDialog>
  );
}
