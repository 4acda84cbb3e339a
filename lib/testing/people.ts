import type { Person } from "#lib/auth/principal.ts";
import { openSession } from "#lib/auth/session.ts";
import type { Actor } from "#lib/console/actor.ts";
import { type Db, getDb } from "#lib/db/client.ts";
import { insertMember } from "#lib/db/members.ts";
import { insertTeam } from "#lib/db/teams.ts";
import { insertUser } from "#lib/db/users.ts";
import { newId } from "#lib/ids.ts";

/** An actor that is a person. */
export type PersonActor = Actor & { principal: Person };

export interface MakePerson {
  role: "admin" | "team_admin" | "member";
  /** Existing teams to be in; a `team_admin` without any gets a new one to lead. */
  teamIds?: readonly string[];
  email?: string;
  name?: string;
}

/** A stored person who acts, as after signing in; the session row is left out. */
export async function makePerson(params: MakePerson, db: Db = getDb()): Promise<PersonActor> {
  const id = newId();
  const email = params.email ?? `${params.role.replace("_", "-")}-${id.slice(-12)}@example.com`;
  const role = params.role === "admin" ? "admin" : "member";
  const user = await insertUser(db, { id, email, name: params.name ?? null, role });
  const teamRole = params.role === "team_admin" ? "team_admin" : "member";
  const teams: Person["teams"][number][] = [];
  for (const team of await teamsFor(params, db)) {
    await insertMember(db, { teamId: team.id, userId: user.id, role: teamRole });
    teams.push({ ...team, role: teamRole });
  }
  return {
    principal: {
      kind: "user",
      id: user.id,
      email: user.email,
      name: user.name,
      isAdmin: role === "admin",
      teams,
      sessionId: newId(),
      steppedUpUntil: new Date(Date.now() + 600_000),
    },
    requestId: newId(),
    ip: "127.0.0.1",
  };
}

async function teamsFor(params: MakePerson, db: Db): Promise<{ id: string; name: string }[]> {
  if (params.teamIds !== undefined) {
    return params.teamIds.map((id) => ({ id, name: id }));
  }
  return params.role === "team_admin" ? [await makeTeam(undefined, db)] : [];
}

/** A stored team. */
export async function makeTeam(
  name?: string,
  db: Db = getDb(),
): Promise<{ id: string; name: string }> {
  const id = newId();
  const team = { id, name: name ?? `team-${id.slice(-12)}` };
  await insertTeam(db, team);
  return team;
}

/** A session of somebody who has just signed in; the opaque id is what a cookie would carry. */
export async function makeSession(userId: string): Promise<{ id: string; sid: string }> {
  return await openSession({ userId, method: "password", ip: "127.0.0.1", userAgent: "test" });
}
