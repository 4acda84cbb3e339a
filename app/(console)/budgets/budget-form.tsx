"use client";

import { toast } from "sonner";
import type { BudgetDetail } from "#lib/contract/budget-tree.ts";
import type { BudgetPeriod } from "#lib/contract/caller.ts";
import { ActionForm } from "../../_ui/action-form.tsx";
import { Field } from "../../_ui/field.tsx";
import { Button } from "../../_ui/primitives/button.tsx";
import { Input } from "../../_ui/primitives/input.tsx";
import { Select } from "../../_ui/primitives/select.tsx";
import { useActionForm } from "../../_ui/use-action-form.ts";
import { setBudget } from "./actions.ts";
import { PERIOD_OPTIONS } from "./budget-labels.ts";

type BudgetFormValues = { amount: string; period: BudgetPeriod; soft: string };

export interface BudgetFormProps {
  detail: BudgetDetail;
  onDone: () => void;
}

/** Sets or changes a limit. Taking it away is a button of its own. */
export function BudgetForm({ detail, onDone }: BudgetFormProps) {
  const { budget } = detail;
  const form = useActionForm<BudgetFormValues, void>({
    name: `budget-${detail.level}-${detail.subject_id}`,
    action: setBudget,
    initial: {
      amount: budget?.limit_usd ?? "",
      period: budget?.period ?? "month",
      soft: budget === null ? "80" : String(budget.soft_limit_percent ?? ""),
    },
    toInput: ({ amount, period, soft }) => ({
      subject: detail.level,
      subject_id: detail.subject_id,
      budget_limit_usd: amount.trim(),
      budget_period: period,
      soft_limit_percent: soft.trim() === "" ? null : Number(soft),
    }),
    onDone: () => {
      toast(`Budget of ${detail.name} saved`);
      onDone();
    },
  });
  return (
    <section aria-label="Limit" className="flex flex-col gap-3 border-border border-t pt-6">
      <h3 className="font-medium text-sm">
        {budget === null ? "Set a limit" : "Change the limit"}
      </h3>
      <ActionForm
        form={form}
        labels={{ budget_limit_usd: "Amount", soft_limit_percent: "Warn at" }}
      >
        <div className="flex flex-wrap gap-3">
          <Field
            label="Amount in US dollars"
            isRequired
            error={form.errors["budget_limit_usd"]}
            hint="0 refuses every request that costs something."
          >
            {(control) => (
              <Input {...control} {...form.text("amount")} inputMode="decimal" className="w-40" />
            )}
          </Field>
          <Field label="Period" error={form.errors["budget_period"]}>
            {(control) => (
              <Select
                {...control}
                className="w-36"
                options={PERIOD_OPTIONS}
                value={form.values.period}
                onValueChange={(period) => form.set("period", period)}
              />
            )}
          </Field>
          <Field
            label="Warn at, in percent"
            error={form.errors["soft_limit_percent"]}
            hint="Empty for no warning."
          >
            {(control) => (
              <Input {...control} {...form.text("soft")} inputMode="numeric" className="w-28" />
            )}
          </Field>
        </div>
        <p className="text-muted-fg text-xs">
          A request starts only when its estimate fits into what is left, so that money is held
          before it is spent. Another period begins with what its own window has cost so far.
        </p>
        <div>
          <Button type="submit" variant="primary" isPending={form.isPending}>
            {budget === null ? "Set limit" : "Save limit"}
          </Button>
        </div>
      </ActionForm>
    </section>
  );
}
