import { getProviderLabel } from "#lib/catalog/providers.ts";
import type { AliasPlan } from "#lib/contract/alias.ts";
import { CircuitBadge } from "../../_ui/circuit-badge.tsx";
import { formatMoney } from "../../_ui/format.ts";

interface PlanListProps {
  plan: AliasPlan;
}

/** The order of a dry run, why everybody stands where they do, and who is left out. */
export function PlanList({ plan }: PlanListProps) {
  return (
    <div className="flex flex-col gap-3 text-sm">
      <p>
        Up to {plan.max_attempts} {plan.max_attempts === 1 ? "attempt" : "attempts"}, in this order:
      </p>
      <ol aria-label="Order" className="flex flex-col rounded-lg border border-border">
        {plan.targets.map((target, at) => (
          <li
            key={target.deployment_id}
            className="flex flex-col gap-1 border-border border-b px-3 py-2 last:border-b-0"
          >
            <span className="flex flex-wrap items-center gap-2">
              <span className="font-medium">
                {at + 1}. {target.deployment}
              </span>
              <CircuitBadge state={target.health} />
              <span className="ml-auto tabular-nums">
                {target.estimated_cost_usd === null
                  ? "no price"
                  : formatMoney(target.estimated_cost_usd, "request")}
              </span>
            </span>
            <span className="text-muted-fg text-xs">
              {getProviderLabel(target.provider)}, {target.model}; {target.reason}
            </span>
            {target.resting === null ? null : (
              <span className="text-warning text-xs">
                Asked only when nobody before it answers: {target.resting}.
              </span>
            )}
          </li>
        ))}
      </ol>
      {plan.targets.length === 0 ? <p>Nobody is left to ask.</p> : null}
      {plan.skipped.length === 0 ? null : (
        <ul aria-label="Left out" className="flex list-disc flex-col gap-1 pl-4 text-muted-fg">
          {plan.skipped.map(({ deployment, reason }) => (
            <li key={deployment}>
              {deployment} is left out: {reason}.
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
