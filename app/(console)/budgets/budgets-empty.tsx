"use client";

import { Wallet } from "lucide-react";
import { ORGANIZATION_ID } from "#lib/contract/caller.ts";
import { EmptyState } from "../../_ui/empty-state.tsx";
import { Button } from "../../_ui/primitives/button.tsx";
import { useParams } from "../../_ui/use-params.ts";
import { BUDGET_PARAMS } from "./budgets-params.ts";
import { OpenBudget } from "./open-budget.tsx";

export interface BudgetsEmptyProps {
  isFiltered: boolean;
  maySetAll: boolean;
}

/** In place of the tree: nothing matches, or nothing is limited. */
export function BudgetsEmpty({ isFiltered, maySetAll }: BudgetsEmptyProps) {
  const { set } = useParams(BUDGET_PARAMS);
  if (isFiltered) {
    return (
      <EmptyState
        title="No budgets match."
        action={
          <Button onClick={() => set({ level: null, state: null, q: null, team: null })}>
            Clear filters
          </Button>
        }
      />
    );
  }
  return (
    <EmptyState
      icon={<Wallet />}
      title="No limits set."
      action={
        maySetAll ? (
          <OpenBudget
            subject={{ subject: "organization", subject_id: ORGANIZATION_ID }}
            variant="primary"
          >
            Set an organisation budget
          </OpenBudget>
        ) : null
      }
    >
      Spend is unlimited.
    </EmptyState>
  );
}
