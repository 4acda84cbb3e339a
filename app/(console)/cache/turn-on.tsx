"use client";

import { useRouter } from "next/navigation";
import { useTransition } from "react";
import { toast } from "sonner";
import { Button } from "../../_ui/primitives/button.tsx";
import { useSessionGuard } from "../../_ui/session-guard.tsx";
import { saveCache } from "./actions.ts";

const UNREACHABLE = "Conduit cannot be reached. Nothing was changed.";

/** Turns exact matching on, with the settings as they are. */
export function TurnOn() {
  const router = useRouter();
  const guard = useSessionGuard();
  const [isPending, startTransition] = useTransition();
  const turnOn = () =>
    startTransition(async () => {
      const result = await guard
        .run(() => saveCache({ exact_enabled: true }))
        .catch(() => undefined);
      if (result?.ok === true) {
        toast("Exact matching is on");
        router.refresh();
      } else {
        toast.error(result?.formError ?? UNREACHABLE);
      }
    });
  return (
    <Button variant="primary" isPending={isPending} onClick={turnOn}>
      Turn on exact matching
    </Button>
  );
}
