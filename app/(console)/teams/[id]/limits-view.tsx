import type { TeamInfo } from "#lib/contract/team.ts";
import { BudgetBar } from "../../../_ui/budget-bar.tsx";
import { formatCount } from "../../../_ui/format.ts";
import { Card, CardBody } from "../../../_ui/primitives/card.tsx";

export interface LimitsViewProps {
  team: TeamInfo;
}

/** The limits of a team for those who may not change them. */
export function LimitsView({ team }: LimitsViewProps) {
  const rows = [
    { label: "Requests", value: perMinute(team.rate_limit_rpm) },
    { label: "Tokens", value: perMinute(team.rate_limit_tpm) },
    {
      label: "Parallel requests",
      value: team.max_parallel === null ? "No limit" : formatCount(team.max_parallel),
    },
    { label: "Models", value: team.allowed_models?.join(", ") ?? "All" },
    {
      label: "Stored answers",
      value: team.share_cache ? "Shared by the team" : "Each key its own",
    },
  ];
  return (
    <Card className="max-w-2xl">
      <CardBody>
        <dl className="grid grid-cols-[minmax(8rem,auto)_1fr] gap-x-6 gap-y-3 text-sm">
          <dt className="text-muted-fg">Budget</dt>
          <dd>
            <BudgetBar
              name={team.name}
              spentUsd={team.spend_usd}
              limitUsd={team.budget_limit_usd}
              raiseUsd={team.budget_raise_usd}
              period={team.budget_period}
              resetsAt={team.resets_at}
              softPercent={team.soft_limit_percent}
            />
          </dd>
          {rows.map(({ label, value }) => (
            <div key={label} className="contents">
              <dt className="text-muted-fg">{label}</dt>
              <dd className="break-words">{value}</dd>
            </div>
          ))}
        </dl>
        <p className="mt-4 text-muted-fg text-xs">
          All keys of the team together are held to these. Admins set them.
        </p>
      </CardBody>
    </Card>
  );
}

function perMinute(limit: number | null): string {
  return limit === null ? "No limit" : `${formatCount(limit)} a minute`;
}
