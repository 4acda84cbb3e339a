"use client";

import { useRouter } from "next/navigation";
import type { BudgetDetail } from "#lib/contract/budget-tree.ts";
import { Button } from "../../_ui/primitives/button.tsx";
import {
  Sheet,
  SheetBody,
  SheetContent,
  SheetDescription,
  SheetHeader,
  SheetTitle,
} from "../../_ui/primitives/sheet.tsx";
import { Skeleton } from "../../_ui/primitives/skeleton.tsx";
import { type IslandError, useIsland } from "../../_ui/use-island.ts";
import { useParams } from "../../_ui/use-params.ts";
import { BudgetFacts } from "./budget-facts.tsx";
import { BudgetForm } from "./budget-form.tsx";
import { LEVEL_LABELS } from "./budget-labels.ts";
import { BudgetVerbs } from "./budget-verbs.tsx";
import { BUDGET_PARAMS } from "./budgets-params.ts";

/** The limit that the address names, beside the table. */
export function BudgetPanel() {
  const router = useRouter();
  const { values, set } = useParams(BUDGET_PARAMS);
  const subject = values.open;
  const query = subject === null ? null : new URLSearchParams({ ...subject });
  const { data, error, refresh } = useIsland<BudgetDetail>(
    query === null ? null : `/api/console/budgets/detail?${query}`,
  );
  const changed = () => {
    refresh();
    router.refresh();
  };
  return (
    <Sheet
      open={subject !== null}
      onOpenChange={(isOpen) => (isOpen ? undefined : set({ open: null }))}
    >
      <SheetContent className="sm:w-[36rem]">
        <SheetHeader>
          <SheetTitle>{data?.name ?? "Budget"}</SheetTitle>
          <SheetDescription>
            {subject === null ? "" : `${LEVEL_LABELS[subject.subject]} budget`}
          </SheetDescription>
        </SheetHeader>
        <SheetBody>
          {data === undefined ? (
            <PanelWaiting error={error} onRetry={refresh} />
          ) : (
            <div className="flex flex-col gap-6">
              <BudgetFacts detail={data} />
              <BudgetVerbs detail={data} onDone={changed} />
              {data.may.set ? (
                <BudgetForm
                  key={`${data.subject_id} ${data.budget?.limit_usd} ${data.budget?.period}`}
                  detail={data}
                  onDone={changed}
                />
              ) : null}
            </div>
          )}
        </SheetBody>
      </SheetContent>
    </Sheet>
  );
}

function PanelWaiting({ error, onRetry }: { error: IslandError | null; onRetry: () => void }) {
  if (error === null) {
    return (
      <div className="flex flex-col gap-4">
        <Skeleton className="h-12" />
        <Skeleton className="h-56" />
        <Skeleton className="h-32" />
      </div>
    );
  }
  return (
    <div role="alert" className="flex flex-col items-start gap-2 text-sm">
      <p>
        {error.status === 404
          ? "There is no such budget, or it is not yours to see."
          : error.message}
      </p>
      {error.status === 404 ? null : <Button onClick={onRetry}>Retry</Button>}
    </div>
  );
}
