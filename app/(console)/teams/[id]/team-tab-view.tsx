import type { TeamInfo } from "#lib/contract/team.ts";
import type { TeamPowers, TeamTabView as View } from "#lib/contract/team-console.ts";
import { KeysTab } from "./keys-tab.tsx";
import { LimitsForm } from "./limits-form.tsx";
import { LimitsView } from "./limits-view.tsx";
import { MembersTab } from "./members-tab.tsx";
import { SettingsTab } from "./settings-tab.tsx";

export interface TeamTabViewProps {
  team: TeamInfo;
  powers: TeamPowers;
  view: Promise<View>;
}

/** The open tab of a team's page. */
export async function TeamTabView({ team, powers, view: pending }: TeamTabViewProps) {
  const view = await pending;
  switch (view.tab) {
    case "members":
      return <MembersTab team={team} powers={powers} {...view} />;
    case "keys":
      return <KeysTab team={team} keys={view.keys} hasMore={view.hasMore} />;
    case "limits":
      return powers.manages ? (
        <LimitsForm team={team} models={view.models} />
      ) : (
        <LimitsView team={team} />
      );
    case "settings":
      return <SettingsTab team={team} powers={powers} />;
    default:
      return view satisfies never;
  }
}
