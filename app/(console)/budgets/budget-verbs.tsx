"use client";

import { useState } from "react";
import { toast } from "sonner";
import type { BudgetDetail } from "#lib/contract/budget-tree.ts";
import { ConfirmDialog } from "../../_ui/confirm-dialog.tsx";
import { Field } from "../../_ui/field.tsx";
import { formatMoney } from "../../_ui/format.ts";
import { Button } from "../../_ui/primitives/button.tsx";
import { Input } from "../../_ui/primitives/input.tsx";
import { raiseBudget, removeBudget, resetBudget } from "./actions.ts";

export interface BudgetVerbsProps {
  detail: BudgetDetail;
  onDone: () => void;
}

/** Raising a limit once, letting it count anew, and taking it away. */
export function BudgetVerbs({ detail, onDone }: BudgetVerbsProps) {
  const [open, setOpen] = useState<"raise" | "reset" | "remove" | null>(null);
  const { budget, may, name } = detail;
  if (budget === null || !(may.set || may.raise || may.reset)) {
    return null;
  }
  const ref = { subject: detail.level, subject_id: detail.subject_id };
  const dialog = (verb: typeof open) => ({
    isOpen: open === verb,
    onOpenChange: (isOpen: boolean) => setOpen(isOpen ? verb : null),
  });
  return (
    <div className="flex flex-wrap gap-2">
      {may.raise && budget.resets_at !== null ? (
        <Button onClick={() => setOpen("raise")}>Raise once</Button>
      ) : null}
      {may.reset ? <Button onClick={() => setOpen("reset")}>Reset spend</Button> : null}
      {may.set ? (
        <Button className="text-danger" onClick={() => setOpen("remove")}>
          Remove limit
        </Button>
      ) : null}
      <RaiseDialog {...dialog("raise")} subject={ref} name={name} onDone={onDone} />
      <ResetDialog
        {...dialog("reset")}
        subject={ref}
        name={name}
        spentUsd={budget.spent_usd}
        onDone={onDone}
      />
      <ConfirmDialog
        {...dialog("remove")}
        title={`Remove the limit of ${name}`}
        verb="Remove"
        effect={
          <p>
            {formatMoney(budget.spent_usd)} of {formatMoney(budget.limit_usd)} is spent. Without the
            limit only those above it stop its spending.
          </p>
        }
        action={removeBudget}
        input={ref}
        onDone={onDone}
      />
    </div>
  );
}

interface VerbDialogProps {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  subject: { subject: string; subject_id: string };
  name: string;
  onDone: () => void;
}

function RaiseDialog({ isOpen, onOpenChange, subject, name, onDone }: VerbDialogProps) {
  const [amount, setAmount] = useState("20");
  return (
    <ConfirmDialog
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title={`Raise ${name} once`}
      verb="Raise"
      isDanger={false}
      effect={<p>The room comes on top of the limit and ends when the limit starts anew.</p>}
      action={raiseBudget}
      input={{ ...subject, amount_usd: amount.trim() }}
      onDone={() => {
        toast(`${name} has $${amount.trim()} more until its reset`);
        onDone();
      }}
    >
      {(errors) => (
        <Field label="Amount in US dollars" error={errors["amount_usd"]}>
          {(control) => (
            <Input
              {...control}
              inputMode="decimal"
              className="w-40"
              value={amount}
              onChange={({ target }) => setAmount(target.value)}
            />
          )}
        </Field>
      )}
    </ConfirmDialog>
  );
}

interface ResetDialogProps extends VerbDialogProps {
  spentUsd: string;
}

function ResetDialog(props: ResetDialogProps) {
  const { isOpen, onOpenChange, subject, name, spentUsd, onDone } = props;
  const [reason, setReason] = useState("");
  return (
    <ConfirmDialog
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title={`Reset the spend of ${name}`}
      verb="Reset"
      effect={
        <p>
          {formatMoney(spentUsd)} no longer counts against the limit. Requests that are running now
          are not counted either. Reports keep every cent.
        </p>
      }
      action={resetBudget}
      input={{ ...subject, reason }}
      onDone={() => {
        setReason("");
        toast(`${name} counts from nothing`);
        onDone();
      }}
    >
      {(errors) => (
        <Field
          label="Reason"
          isRequired
          hint="It stands in the audit log."
          error={errors["reason"]}
        >
          {(control) => (
            <Input
              {...control}
              value={reason}
              maxLength={500}
              onChange={({ target }) => setReason(target.value)}
            />
          )}
        </Field>
      )}
    </ConfirmDialog>
  );
}
