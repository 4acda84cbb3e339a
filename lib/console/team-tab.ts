import type { TeamTabQuery, TeamTabView } from "#lib/contract/team-console.ts";
import { TEAM_MEMBERS_PAGE } from "#lib/contract/team-members-page.ts";
import type { Actor } from "./actor.ts";
import { showKeyList } from "./api-key-list.ts";
import { showKeyOptions } from "./key-options.ts";
import { showMembers } from "./members.ts";
import { assertTeamLed, assertTeamVisible } from "./team-reach.ts";

/** What one view of a team's page shows beside the team itself. */
export async function showTeamTab(actor: Actor, query: TeamTabQuery): Promise<TeamTabView> {
  const { id, tab, offset } = query;
  assertTeamVisible(actor, id);
  if (tab === "members") {
    const { members, total } = await showMembers(actor, id, { limit: TEAM_MEMBERS_PAGE, offset });
    return { tab, members, total, offset };
  }
  if (tab === "keys") {
    assertTeamLed(actor, "team.update", id);
    const page = await showKeyList(actor, {
      limit: 50,
      team: id,
      unused: false,
      expiring: false,
    });
    return { tab, keys: page.keys, hasMore: page.next !== null };
  }
  if (tab === "limits") {
    const { models } = await showKeyOptions(actor);
    return { tab, models };
  }
  return { tab };
}
