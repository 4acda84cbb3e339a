import type { TeamPowers, TeamTab } from "#lib/contract/team-console.ts";

interface TabRow {
  id: TeamTab;
  label: string;
}

const LIMITS: TabRow = { id: "limits", label: "Limits" };

/** The views of a team that somebody may open; who only belongs to it sees its limits. */
export function tabsFor({ leads }: TeamPowers): readonly [TabRow, ...TabRow[]] {
  return leads
    ? [
        { id: "members", label: "Members" },
        { id: "keys", label: "Keys" },
        LIMITS,
        { id: "settings", label: "Settings" },
      ]
    : [LIMITS];
}
