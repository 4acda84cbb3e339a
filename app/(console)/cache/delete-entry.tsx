"use client";

import { Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTransition } from "react";
import { toast } from "sonner";
import { Button } from "../../_ui/primitives/button.tsx";
import { useSessionGuard } from "../../_ui/session-guard.tsx";
import { deleteEntry } from "./actions.ts";

const UNREACHABLE = "Conduit cannot be reached. Nothing was changed.";

export interface DeleteEntryProps {
  id: string;
  model: string;
}

/** Takes one stored answer away at once: the next request is simply asked again. */
export function DeleteEntry({ id, model }: DeleteEntryProps) {
  const router = useRouter();
  const guard = useSessionGuard();
  const [isPending, startTransition] = useTransition();
  const remove = () =>
    startTransition(async () => {
      const result = await guard.run(() => deleteEntry({ id })).catch(() => undefined);
      if (result?.ok === true) {
        toast("The stored answer is deleted");
        router.refresh();
      } else {
        toast.error(result?.formError ?? UNREACHABLE);
      }
    });
  return (
    <Button
      variant="ghost"
      size="icon-sm"
      aria-label={`Delete the stored answer of ${model}`}
      title="Delete"
      isPending={isPending}
      onClick={remove}
    >
      <Trash2 aria-hidden />
    </Button>
  );
}
