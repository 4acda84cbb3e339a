import { type Db, getDb } from "#lib/db/client.ts";
import { deleteMember, insertMember, updateMember } from "#lib/db/members.ts";
import { listRolesIn, livingTeamIds } from "#lib/db/sso-users.ts";
import { getUser, type UserRow, updateUser } from "#lib/db/users.ts";
import { isConduitError } from "#lib/errors.ts";
import type { Actor } from "./actor.ts";
import { applyChange } from "./change.ts";
import { requireFound } from "./found.ts";
import { assertNotLastAdmin } from "./last-admin.ts";
import type { Grants } from "./sso-roles.ts";

type TeamRole = "team_admin" | "member";

interface Differences {
  role: "admin" | "member" | undefined;
  teams: { teamId: string; before: TeamRole | null; after: TeamRole | null }[];
}

/**
 * Brings a person's role, and their teams as far as rules are about them, in line with their groups.
 * Nothing is written when nothing differs.
 */
export async function applyGrants(
  actor: Actor,
  target: { userId: string; grants: Grants },
): Promise<void> {
  if (isEmpty(await differencesOf(getDb("console"), target))) {
    return;
  }
  const { userId } = target;
  await applyChange(actor, async (tx) => {
    const { role, teams } = await differencesOf(tx, target);
    if (role !== undefined) {
      await updateUser(tx, { id: userId, role });
    }
    for (const { teamId, before, after } of teams) {
      await moveMember(tx, { teamId, userId, before, after });
    }
    return {
      result: undefined,
      kind: "user",
      subjectId: userId,
      action: "user.update",
      after: {
        ...(role === undefined ? {} : { role }),
        teams: Object.fromEntries(teams.map(({ teamId, after }) => [teamId, after])),
        by: "groups of single sign-on",
      },
    };
  });
}

function isEmpty({ role, teams }: Differences): boolean {
  return role === undefined && teams.length === 0;
}

async function differencesOf(
  db: Db,
  { userId, grants }: { userId: string; grants: Grants },
): Promise<Differences> {
  const teamIds = await livingTeamIds(db, { ids: [...grants.teams.keys()] });
  const held = new Map(
    (await listRolesIn(db, { userId, teamIds })).map(({ teamId, role }) => [teamId, role]),
  );
  const teams = teamIds
    .map((teamId) => ({
      teamId,
      before: held.get(teamId) ?? null,
      after: grants.teams.get(teamId) ?? null,
    }))
    .filter(({ before, after }) => before !== after);
  return { role: await roleDifference(db, { userId, grants }), teams };
}

async function roleDifference(
  db: Db,
  { userId, grants }: { userId: string; grants: Grants },
): Promise<"admin" | "member" | undefined> {
  if (grants.isAdmin === undefined) {
    return undefined;
  }
  const user = requireFound(await getUser(db, { id: userId }), "user");
  const wanted = grants.isAdmin ? "admin" : "member";
  if (user.role === wanted || (wanted === "member" && (await isNeeded(db, user)))) {
    return undefined;
  }
  return wanted;
}

/** Whether the install would have nobody to administer it, whatever the identity provider says. */
async function isNeeded(db: Db, user: UserRow): Promise<boolean> {
  try {
    const isSuspended = user.suspendedAt !== null;
    await assertNotLastAdmin(db, { id: user.id, role: user.role, isSuspended });
    return false;
  } catch (error) {
    if (isConduitError(error)) {
      return true;
    }
    throw error;
  }
}

async function moveMember(
  tx: Db,
  params: { teamId: string; userId: string; before: TeamRole | null; after: TeamRole | null },
): Promise<void> {
  const { teamId, userId, before, after } = params;
  if (after === null) {
    await deleteMember(tx, { teamId, userId });
  } else if (before === null) {
    await insertMember(tx, { teamId, userId, role: after });
  } else {
    await updateMember(tx, { teamId, userId, role: after });
  }
}
