"use client";

import { Trash2 } from "lucide-react";
import type { Route } from "next";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import type { RuleBoardRow } from "#lib/contract/guardrail-form.ts";
import { ConfirmDialog } from "../../../_ui/confirm-dialog.tsx";
import { formatCount } from "../../../_ui/format.ts";
import { Button } from "../../../_ui/primitives/button.tsx";
import { deleteRule } from "../actions.ts";
import { timesText } from "../times-text.ts";

interface DeleteRuleProps {
  row: RuleBoardRow;
}

/** Takes a rule away; what it found stays in the log. */
export function DeleteRule({ row: { rule, stats } }: DeleteRuleProps) {
  const router = useRouter();
  const [isOpen, setOpen] = useState(false);
  const found = stats.acted + stats.would_have;
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <Trash2 aria-hidden /> Delete
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        onOpenChange={setOpen}
        title={`Delete ${rule.name}`}
        verb="Delete"
        effect={
          <ul className="flex list-disc flex-col gap-1 pl-4">
            <li>
              It ran {timesText(stats.runs)} in the last 24 hours, and found something in{" "}
              {formatCount(found)}.
            </li>
            {rule.mode === "enforced" ? (
              <li>What it stopped or changed passes from now on.</li>
            ) : null}
            <li>Its verdicts stay in the log.</li>
          </ul>
        }
        action={deleteRule}
        input={{ id: rule.id }}
        onDone={() => {
          toast(`${rule.name} is deleted`);
          router.push("/guardrails" as Route);
        }}
      />
    </>
  );
}
