"use client";

import { ShieldCheck } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTransition } from "react";
import { toast } from "sonner";
import { EmptyState } from "../../_ui/empty-state.tsx";
import { Button } from "../../_ui/primitives/button.tsx";
import { createRule } from "./actions.ts";

/** A first rule that cannot hurt: it looks at both sides, and changes nothing. */
const FIRST_RULE = {
  name: "Personal data",
  type: "pii",
  stage: "both",
  action: "redact",
  mode: "shadow",
  config: {},
} as const;

const UNREACHABLE = "Conduit cannot be reached. Nothing was changed.";

interface RulesEmptyProps {
  mayEdit: boolean;
}

/** No rules yet: what they are for, and the one step that risks nothing. */
export function RulesEmpty({ mayEdit }: RulesEmptyProps) {
  const router = useRouter();
  const [isPending, startTransition] = useTransition();
  const turnOn = () =>
    startTransition(async () => {
      const result = await createRule(FIRST_RULE).catch(() => undefined);
      if (result?.ok !== true) {
        toast.error(result?.formError ?? UNREACHABLE);
        return;
      }
      toast(`${result.value.name} is on, in shadow mode`);
      router.refresh();
    });
  return (
    <EmptyState
      title="No rules. Requests and answers pass unread."
      icon={<ShieldCheck />}
      action={
        mayEdit ? (
          <Button variant="primary" onClick={turnOn} isPending={isPending}>
            Turn on PII detection in shadow mode
          </Button>
        ) : undefined
      }
    >
      {mayEdit
        ? "Turn on PII detection in shadow mode to see what it would catch. Nothing is blocked or changed."
        : "An administrator can add rules that block, redact, mask or report what they find."}
    </EmptyState>
  );
}
