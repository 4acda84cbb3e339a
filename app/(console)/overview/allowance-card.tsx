import type { Allowance } from "#lib/contract/overview.ts";
import { BudgetBar } from "../../_ui/budget-bar.tsx";
import { FirstRequest } from "../../_ui/first-request.tsx";
import { Card, CardBody, CardHeader, CardTitle } from "../../_ui/primitives/card.tsx";

export interface AllowanceCardProps {
  allowance: Promise<Allowance>;
}

const SHOWN = 12;

/** What a member has left to spend, what they may ask for, and how. */
export async function AllowanceCard({ allowance }: AllowanceCardProps) {
  const { budgets, models, model, baseUrl } = await allowance;
  return (
    <Card>
      <CardHeader>
        <CardTitle>Your allowance</CardTitle>
      </CardHeader>
      <CardBody className="flex flex-col gap-4">
        {budgets.length === 0 ? (
          <p className="text-muted-fg">You have no budget of your own; your teams' still apply.</p>
        ) : (
          budgets.map((budget) => (
            <BudgetBar
              key={budget.id}
              name="you"
              spentUsd={budget.spent_usd}
              limitUsd={budget.limit_usd}
              raiseUsd={budget.raise_usd}
              period={budget.period}
              resetsAt={budget.resets_at}
              softPercent={budget.soft_limit_percent}
            />
          ))
        )}
        <div>
          <h3 className="mb-1 font-medium text-13 text-muted-fg">Models you may ask for</h3>
          <p className="break-words font-mono text-13">
            {models.slice(0, SHOWN).join(", ")}
            {models.length > SHOWN ? `, and ${models.length - SHOWN} more` : ""}
          </p>
        </div>
        <FirstRequest model={model} baseUrl={baseUrl} />
      </CardBody>
    </Card>
  );
}
