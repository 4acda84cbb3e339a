"use client";

import { useRouter } from "next/navigation";
import { toast } from "sonner";
import { ConfirmDialog } from "../../_ui/confirm-dialog.tsx";
import { resetCircuit } from "./actions.ts";
import type { DeploymentDialogProps } from "./delete-dialog.tsx";

/** The history is written a moment after the change itself. */
const HISTORY_MS = 1500;

/** Closes the breaker by hand. */
export function ResetDialog({ deployment, isOpen, onOpenChange }: DeploymentDialogProps) {
  const router = useRouter();
  const { id, name, health } = deployment;
  return (
    <ConfirmDialog
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title={`Reset the circuit of ${name}`}
      verb="Reset"
      isDanger={false}
      effect={
        <div className="flex flex-col gap-2">
          <p>
            {health.reason === null
              ? "Its circuit is closed. Resetting forgets the failures that were counted so far."
              : `It rests because ${health.reason}.`}
          </p>
          <p>
            Requests go to it at once, in every process. If it still fails, the circuit opens again.
          </p>
        </div>
      }
      action={resetCircuit}
      input={{ id }}
      onDone={() => {
        toast(`The circuit of ${name} is closed`);
        router.refresh();
        setTimeout(() => router.refresh(), HISTORY_MS);
      }}
    />
  );
}
