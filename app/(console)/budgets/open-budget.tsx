"use client";

import type { ReactNode } from "react";
import type { BudgetSubjectRef } from "#lib/contract/budget-tree.ts";
import { Button, type ButtonProps } from "../../_ui/primitives/button.tsx";
import { useParams } from "../../_ui/use-params.ts";
import { BUDGET_PARAMS } from "./budgets-params.ts";

export interface OpenBudgetProps {
  subject: BudgetSubjectRef;
  variant?: ButtonProps["variant"];
  children: ReactNode;
}

/** Opens a limit beside the table. */
export function OpenBudget({ subject, variant, children }: OpenBudgetProps) {
  const { set } = useParams(BUDGET_PARAMS);
  return (
    <Button variant={variant} onClick={() => set({ open: subject })}>
      {children}
    </Button>
  );
}
