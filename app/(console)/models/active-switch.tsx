"use client";

import { useRouter } from "next/navigation";
import { useOptimistic, useTransition } from "react";
import { toast } from "sonner";
import { Switch } from "../../_ui/primitives/switch.tsx";
import { setDeploymentActive } from "./actions.ts";

interface ActiveSwitchProps {
  id: string;
  name: string;
  isActive: boolean;
}

const UNREACHABLE = "Conduit cannot be reached. Nothing was changed.";

/** Whether new requests go to a deployment; shows at once and goes back when it is refused. */
export function ActiveSwitch({ id, name, isActive }: ActiveSwitchProps) {
  const router = useRouter();
  const [shown, show] = useOptimistic(isActive);
  const [isPending, startTransition] = useTransition();

  function change(next: boolean) {
    startTransition(async () => {
      show(next);
      const result = await setDeploymentActive({ id, is_active: next }).catch(() => undefined);
      if (result?.ok !== true) {
        toast.error(result?.formError ?? UNREACHABLE, {
          action: { label: "Retry", onClick: () => change(next) },
        });
        return;
      }
      router.refresh();
      const text = next ? `${name} takes requests again` : `${name} takes no new requests`;
      toast(text, { action: { label: "Undo", onClick: () => change(!next) }, duration: 8000 });
    });
  }

  return (
    <Switch
      aria-label={`${name} takes requests`}
      checked={shown}
      onCheckedChange={change}
      aria-busy={isPending}
    />
  );
}
