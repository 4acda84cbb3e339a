"use client";

import { ArrowDown, ArrowUp } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTransition } from "react";
import { toast } from "sonner";
import { Button } from "../../_ui/primitives/button.tsx";
import { reorderRules } from "./actions.ts";

interface OrderButtonsProps {
  id: string;
  /** For "Move Card numbers up". */
  name: string;
  /** All rules in their present order. */
  ids: readonly string[];
  mayMove: boolean;
}

const UNREACHABLE = "Conduit cannot be reached. Nothing was changed.";

/** A rule's place, and one place up or down. A button at the end stays and does nothing. */
export function OrderButtons({ id, name, ids, mayMove }: OrderButtonsProps) {
  const router = useRouter();
  const [isPending, startTransition] = useTransition();
  const at = ids.indexOf(id);

  function move(to: number) {
    if (to < 0 || to >= ids.length || isPending) {
      return;
    }
    const next = ids.toSpliced(at, 1).toSpliced(to, 0, id);
    startTransition(async () => {
      const result = await reorderRules({ ids: next }).catch(() => undefined);
      if (result?.ok !== true) {
        toast.error(result?.formError ?? UNREACHABLE);
        return;
      }
      router.refresh();
      toast(`${name} is ${to + 1} of ${ids.length}`);
    });
  }

  if (!mayMove) {
    return <span className="tabular-nums">{at + 1}</span>;
  }
  return (
    <span className="inline-flex items-center" aria-busy={isPending}>
      <span className="w-6 tabular-nums">{at + 1}</span>
      <Button
        size="icon-sm"
        variant="ghost"
        aria-label={`Move ${name} up`}
        aria-disabled={at === 0}
        onClick={() => move(at - 1)}
      >
        <ArrowUp aria-hidden />
      </Button>
      <Button
        size="icon-sm"
        variant="ghost"
        aria-label={`Move ${name} down`}
        aria-disabled={at === ids.length - 1}
        onClick={() => move(at + 1)}
      >
        <ArrowDown aria-hidden />
      </Button>
    </span>
  );
}
