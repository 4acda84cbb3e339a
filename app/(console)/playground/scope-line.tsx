"use client";

import { useState } from "react";
import { toast } from "sonner";
import type { PlaygroundBudget, PlaygroundScope } from "#lib/contract/playground.ts";
import { ActionForm } from "../../_ui/action-form.tsx";
import { Field } from "../../_ui/field.tsx";
import { formatMoney } from "../../_ui/format.ts";
import { Button } from "../../_ui/primitives/button.tsx";
import { Input } from "../../_ui/primitives/input.tsx";
import {
  Popover,
  PopoverContent,
  PopoverTitle,
  PopoverTrigger,
} from "../../_ui/primitives/popover.tsx";
import { Select } from "../../_ui/primitives/select.tsx";
import { useActionForm } from "../../_ui/use-action-form.ts";
import { setBudget } from "./actions.ts";

const PERSONAL = "personal";

export interface ScopeLineProps {
  scopes: readonly PlaygroundScope[];
  scope: PlaygroundScope;
  budget: PlaygroundBudget;
  onScope: (teamId: string | null) => void;
  onBudget: () => void;
}

/** Whose money the answers cost, and how much of it is left. */
export function ScopeLine({ scopes, scope, budget, onScope, onBudget }: ScopeLineProps) {
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 text-sm">
      <span>
        Billed to: {scopes.length === 1 ? <span className="font-medium">{scope.name}</span> : null}
      </span>
      {scopes.length === 1 ? null : (
        <Select
          isCompact
          aria-label="Billed to"
          options={scopes.map(({ team_id, name }) => ({
            value: team_id ?? PERSONAL,
            label: name,
          }))}
          value={scope.team_id ?? PERSONAL}
          onValueChange={(value) => onScope(value === PERSONAL ? null : value)}
        />
      )}
      <span data-testid="playground-budget" className="text-muted-fg tabular-nums">
        {formatMoney(budget.remaining_usd)} of {formatMoney(budget.limit_usd)} left this month
      </span>
      <BudgetPopover teamId={scope.team_id} budget={budget} onBudget={onBudget} />
    </div>
  );
}

interface BudgetPopoverProps {
  teamId: string | null;
  budget: PlaygroundBudget;
  onBudget: () => void;
}

function BudgetPopover({ teamId, budget, onBudget }: BudgetPopoverProps) {
  const [isOpen, setOpen] = useState(false);
  const form = useActionForm<{ amount: string }, PlaygroundBudget>({
    name: "playground-budget",
    action: setBudget,
    initial: { amount: budget.limit_usd },
    toInput: ({ amount }) => ({ team_id: teamId, budget_limit_usd: amount.trim() }),
    onDone: () => {
      setOpen(false);
      toast("Playground budget saved");
      onBudget();
    },
  });
  return (
    <Popover open={isOpen} onOpenChange={setOpen}>
      <PopoverTrigger render={<Button variant="link" size="sm" />}>Change budget</PopoverTrigger>
      <PopoverContent className="w-72">
        <PopoverTitle className="mb-2 font-medium">Playground budget</PopoverTitle>
        <ActionForm form={form}>
          <Field
            label="US dollars per month"
            error={form.errors["budget_limit_usd"]}
            hint="Apart from the budgets of keys: it can run dry and nothing else stops."
          >
            {(control) => <Input {...control} {...form.text("amount")} inputMode="decimal" />}
          </Field>
          <Button type="submit" variant="primary" isPending={form.isPending}>
            Save
          </Button>
        </ActionForm>
      </PopoverContent>
    </Popover>
  );
}
