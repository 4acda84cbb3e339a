"use client";

import { ChevronDown, ChevronRight } from "lucide-react";
import type { BudgetNode, BudgetUse } from "#lib/contract/budget-tree.ts";
import { BudgetBar } from "../../_ui/budget-bar.tsx";
import { cn } from "../../_ui/cn.ts";
import { Money } from "../../_ui/money.tsx";
import { Button } from "../../_ui/primitives/button.tsx";
import { Timestamp } from "../../_ui/timestamp.tsx";
import { useParams } from "../../_ui/use-params.ts";
import { LEVEL_LABELS } from "./budget-labels.ts";
import { BUDGET_PARAMS, subjectText } from "./budgets-params.ts";

/** By depth; narrower where there is less room. */
const INDENTS = ["", "pl-2 md:pl-5", "pl-4 md:pl-10", "pl-6 md:pl-16"] as const;

export interface BudgetRowProps {
  node: BudgetNode;
  isBranch: boolean;
  isFolded: boolean;
  onToggle: () => void;
}

/** One subject of the tree with its limit, or without one. */
export function BudgetRow({ node, isBranch, isFolded, onToggle }: BudgetRowProps) {
  const { values, set } = useParams(BUDGET_PARAMS);
  const { budget } = node;
  const subject =
    node.subject_id === null ? null : { subject: node.level, subject_id: node.subject_id };
  const isOpen =
    subject !== null && values.open !== null && subjectText(values.open) === subjectText(subject);
  return (
    <tr className={cn("border-border border-t hover:bg-surface", isOpen && "bg-muted")}>
      <th scope="row" className="px-3 py-1.5 font-normal">
        <span className={cn("flex min-w-28 items-center gap-1 md:min-w-44", INDENTS[node.depth])}>
          {isBranch ? (
            <Button
              variant="ghost"
              size="icon-sm"
              aria-expanded={!isFolded}
              aria-label={`${isFolded ? "Unfold" : "Fold"} ${node.name}`}
              onClick={onToggle}
            >
              {isFolded ? <ChevronRight aria-hidden /> : <ChevronDown aria-hidden />}
            </Button>
          ) : (
            <span aria-hidden className="w-7 shrink-0" />
          )}
          <ScopeName node={node} onOpen={() => set({ open: subject })} />
        </span>
      </th>
      <td className="px-3 py-1.5 md:min-w-52">
        {budget === null ? (
          <span className="text-muted-fg">{node.is_group ? "" : "No limit"}</span>
        ) : (
          <BudgetBar
            name={node.name}
            spentUsd={budget.spent_usd}
            limitUsd={budget.limit_usd}
            raiseUsd={budget.raise_usd}
            period={budget.period}
            resetsAt={null}
            softPercent={budget.soft_limit_percent}
          />
        )}
      </td>
      <ForecastCells budget={budget} />
    </tr>
  );
}

function ScopeName({ node, onOpen }: { node: BudgetNode; onOpen: () => void }) {
  return (
    <span className="flex min-w-0 flex-col">
      {node.is_group ? (
        <span className="text-muted-fg">{node.name}</span>
      ) : (
        <button
          type="button"
          className="min-h-6 cursor-pointer truncate rounded-sm text-left font-medium underline-offset-4 outline-offset-2 hover:underline focus-visible:outline-2 focus-visible:outline-primary"
          onClick={onOpen}
        >
          {node.name}
        </button>
      )}
      <span className="text-muted-fg text-xs">{LEVEL_LABELS[node.level]}</span>
    </span>
  );
}

/** What is left, where it leads, and when it starts anew. */
function ForecastCells({ budget }: { budget: BudgetUse | null }) {
  if (budget === null) {
    return <td colSpan={3} className="max-md:hidden" />;
  }
  return (
    <>
      <td className="px-3 py-1.5 text-right max-md:hidden">
        <Money usd={budget.remaining_usd} />
      </td>
      <td className="whitespace-nowrap px-3 py-1.5 text-right max-md:hidden">
        {budget.projected_usd === null ? (
          <span className="text-muted-fg">—</span>
        ) : (
          <>
            ≈ <Money usd={budget.projected_usd} />
          </>
        )}
      </td>
      <td className="whitespace-nowrap px-3 py-1.5 max-md:hidden">
        <ResetTime at={budget.resets_at} />
      </td>
    </>
  );
}

function ResetTime({ at }: { at: string | null }) {
  return at === null ? (
    <span className="text-muted-fg">Never</span>
  ) : (
    <span className="flex flex-col">
      <Timestamp at={at} />
      <Timestamp at={at} style="relative" className="text-muted-fg text-xs" />
    </span>
  );
}
