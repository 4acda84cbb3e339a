"use client";

import { useRouter } from "next/navigation";
import { toast } from "sonner";
import { ConfirmDialog } from "../../_ui/confirm-dialog.tsx";
import { setDeploymentActive } from "./actions.ts";
import type { DeploymentDialogProps } from "./delete-dialog.tsx";
import { ImpactText, useImpact } from "./impact.tsx";

/** Stops new requests; those that run finish. The other way round it lets them in again. */
export function DrainDialog({ deployment, isOpen, onOpenChange }: DeploymentDialogProps) {
  const { id, name, is_active: isActive } = deployment;
  const router = useRouter();
  const impact = useImpact(id, isOpen && isActive);
  return (
    <ConfirmDialog
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title={isActive ? `Drain ${name}` : `Let requests go to ${name}`}
      verb={isActive ? "Drain" : "Let them in"}
      isDanger={isActive}
      effect={
        isActive ? (
          <div className="flex flex-col gap-2">
            <p>No new request goes to it. Requests that run finish.</p>
            <ImpactText impact={impact} />
          </div>
        ) : (
          <p>New requests go to it from now on.</p>
        )
      }
      action={setDeploymentActive}
      input={{ id, is_active: !isActive }}
      onDone={() => {
        toast(isActive ? `${name} drains` : `${name} takes requests again`);
        router.refresh();
      }}
    />
  );
}
