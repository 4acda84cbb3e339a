"use client";

import { useRouter } from "next/navigation";
import { toast } from "sonner";
import type { DeploymentInfo } from "#lib/contract/deployment.ts";
import { ConfirmDialog } from "../../_ui/confirm-dialog.tsx";
import { deleteDeployment } from "./actions.ts";
import { ImpactText, useImpact } from "./impact.tsx";

export interface DeploymentDialogProps {
  deployment: DeploymentInfo;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}

interface DeleteDialogProps extends DeploymentDialogProps {
  leaveTo?: "/models" | undefined;
}

/** Asks for the name to be typed when somebody would notice: it had traffic, or is an alias's last. */
export function DeleteDialog({ deployment, isOpen, onOpenChange, leaveTo }: DeleteDialogProps) {
  const router = useRouter();
  const impact = useImpact(deployment.id, isOpen);
  const { data } = impact;
  const isHarmless =
    data !== undefined && data.requests_24h === 0 && !data.aliases.some((alias) => alias.is_last);
  return (
    <ConfirmDialog
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title={`Delete ${deployment.name}`}
      verb="Delete"
      effect={
        <div className="flex flex-col gap-2">
          <ImpactText impact={impact} />
          <p>Its key is deleted with it. Its log entries stay.</p>
        </div>
      }
      typedName={isHarmless ? undefined : deployment.name}
      action={deleteDeployment}
      input={{ id: deployment.id }}
      onDone={() => {
        toast(`${deployment.name} is deleted`);
        if (leaveTo === undefined) {
          router.refresh();
        } else {
          router.push(leaveTo);
        }
      }}
    />
  );
}
