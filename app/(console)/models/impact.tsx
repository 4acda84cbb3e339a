"use client";

import type { DeploymentImpact } from "#lib/contract/deployment-board.ts";
import { formatCount } from "../../_ui/format.ts";
import { Skeleton } from "../../_ui/primitives/skeleton.tsx";
import { type IslandState, useIsland } from "../../_ui/use-island.ts";

/** What taking a deployment away would hit, asked when the question is on the screen. */
export function useImpact(id: string, isOpen: boolean): IslandState<DeploymentImpact> {
  return useIsland<DeploymentImpact>(isOpen ? `/api/console/deployments/${id}/impact` : null);
}

/** Both facts in words: its traffic, and the aliases that count on it. */
export function ImpactText({ impact }: { impact: IslandState<DeploymentImpact> }) {
  const { data, error } = impact;
  if (error !== null) {
    return <p>Its traffic could not be counted: {error.message}</p>;
  }
  if (data === undefined) {
    return <Skeleton className="h-10" />;
  }
  const last = data.aliases.filter((alias) => alias.is_last).map((alias) => alias.name);
  const others = data.aliases.filter((alias) => !alias.is_last).map((alias) => alias.name);
  return (
    <ul className="flex list-disc flex-col gap-1 pl-4">
      <li>
        {data.requests_24h === 0
          ? "It answered no request in the last 24 hours."
          : `It answered ${formatCount(data.requests_24h)} requests in the last 24 hours, ${formatCount(data.requests_1h)} of them in the last hour.`}
      </li>
      {last.length === 0 ? null : (
        <li>It is the last one behind {last.join(", ")}: requests for that will fail.</li>
      )}
      {others.length === 0 ? null : <li>It is one of several behind {others.join(", ")}.</li>}
      {data.aliases.length === 0 ? <li>No alias has it as a member.</li> : null}
    </ul>
  );
}
