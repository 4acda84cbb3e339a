import type { AliasBoardMember } from "#lib/contract/alias-board.ts";
import { cn } from "../../_ui/cn.ts";
import { formatPercent } from "../../_ui/format.ts";

interface ShareBarProps {
  members: readonly AliasBoardMember[];
}

const COLORS = [
  "bg-series-1",
  "bg-series-2",
  "bg-series-3",
  "bg-series-4",
  "bg-series-5",
  "bg-series-6",
];

/** An alias over everything would fill the page with names. */
const NAMED = 6;

/** Who is asked first, as parts of a bar, and all members in words. */
export function ShareBar({ members }: ShareBarProps) {
  const sharing = members.filter((member) => (member.share ?? 0) > 0);
  return (
    <div className="flex min-w-40 flex-col gap-1">
      {sharing.length === 0 ? null : (
        <div aria-hidden className="flex h-2 w-full gap-px overflow-hidden rounded-full">
          {sharing.map((member, at) => (
            <span
              key={member.deployment_id}
              className={cn("h-full", COLORS[at % COLORS.length])}
              style={{ width: `${(member.share ?? 0) * 100}%` }}
            />
          ))}
        </div>
      )}
      <span className="whitespace-normal text-muted-fg text-xs">
        {members.length === 0 ? "No members" : members.slice(0, NAMED).map(describe).join(", ")}
        {members.length > NAMED ? ` and ${members.length - NAMED} more` : null}
      </span>
    </div>
  );
}

function describe({ deployment, share, is_active: isActive, circuit }: AliasBoardMember): string {
  if (!isActive) {
    return `${deployment} off`;
  }
  const state = circuit === "closed" ? "" : " (circuit open)";
  if (share === null) {
    return `${deployment}${state}`;
  }
  return `${deployment} ${share === 0 ? "backup" : formatPercent(share)}${state}`;
}
