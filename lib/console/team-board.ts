import type { TeamPowers, TeamRow } from "#lib/contract/team-console.ts";
import { getDb } from "#lib/db/client.ts";
import { listTeamLeads } from "#lib/db/members.ts";
import { countKeysOfTeams } from "#lib/db/ownership.ts";
import { type Actor, ledTeams } from "./actor.ts";
import { mayTake } from "./permission.ts";
import { showTeams } from "./teams.ts";

/** The teams that an actor may see, with who leads them and how many keys they have. */
export async function showTeamBoard(
  actor: Actor,
  query: { limit: number; offset: number },
): Promise<{ teams: TeamRow[]; total: number }> {
  const { teams, total } = await showTeams(actor, query);
  const teamIds = teams.map(({ id }) => id);
  const db = getDb("console");
  const leads = Map.groupBy(await listTeamLeads(db, { teamIds }), ({ teamId }) => teamId);
  const keys = await countKeysOfTeams(db, { teamIds });
  return {
    teams: teams.map((team) => ({
      ...team,
      leads: (leads.get(team.id) ?? []).map(({ name, email }) => name ?? email),
      key_count: keys.get(team.id) ?? 0,
    })),
    total,
  };
}

/** What an actor may do with a team that it sees. */
export function teamPowers(actor: Actor, teamId: string): TeamPowers {
  const { principal } = actor;
  const manages = mayTake(principal, "team.delete");
  const leads = principal.kind === "user" && ledTeams(principal).includes(teamId);
  return { leads: manages || leads, manages };
}
