import { listBudgetsOf } from "#lib/db/budgets-list.ts";
import type { Db } from "#lib/db/client.ts";
import { getTeam, type TeamRow } from "#lib/db/teams.ts";
import type { KeyLimits } from "./api-key-caps.ts";
import { requireNamed } from "./found.ts";

/** The team that a key is put into, and what it may spend. */
export interface TeamCaps {
  team: TeamRow | undefined;
  teamBudget: KeyLimits["budget"];
}

/** Throws 400 naming `team_id` for a team that does not exist. */
export async function readTeamCaps(db: Db, teamId: string | null | undefined): Promise<TeamCaps> {
  if (teamId === undefined || teamId === null) {
    return { team: undefined, teamBudget: null };
  }
  const team = requireNamed(await getTeam(db, { id: teamId }), { param: "team_id", what: "team" });
  return { team, teamBudget: await readKeyBudget(db, { subject: "team", subjectId: teamId }) };
}

/** The limit of a key or a team, or null. */
export async function readKeyBudget(
  db: Db,
  params: { subject: "key" | "team"; subjectId: string },
): Promise<KeyLimits["budget"]> {
  const { subject, subjectId } = params;
  const [row] = await listBudgetsOf(db, { subject, subjectIds: [subjectId] });
  return row?.limitNanos == null ? null : { limitNanos: row.limitNanos, period: row.period };
}
