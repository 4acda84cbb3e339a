import { and, desc, eq, isNull, sql } from "drizzle-orm";
import { invites } from "#drizzle/schema/invites.ts";
import { users } from "#drizzle/schema/users.ts";
import type { InvitedTeam } from "#lib/contract/invited-team.ts";
import type { Db } from "./client.ts";

export interface InviteRow {
  id: string;
  email: string;
  role: "admin" | "member";
  teams: InvitedTeam[];
  invitedBy: string | null;
  inviterEmail: string | null;
  expiresAt: Date;
  acceptedAt: Date | null;
  revokedAt: Date | null;
  createdAt: Date;
}

const COLUMNS = {
  id: invites.id,
  email: invites.email,
  role: invites.role,
  teams: invites.teams,
  invitedBy: invites.invitedBy,
  inviterEmail: users.email,
  expiresAt: invites.expiresAt,
  acceptedAt: invites.acceptedAt,
  revokedAt: invites.revokedAt,
  createdAt: invites.createdAt,
};

export async function insertInvite(
  db: Db,
  params: {
    id: string;
    digest: Buffer;
    email: string;
    role: "admin" | "member";
    teams: InvitedTeam[];
    invitedBy: string | null;
    expiresAt: Date;
  },
): Promise<void> {
  await db.insert(invites).values({
    id: params.id,
    digest: params.digest,
    email: params.email,
    role: params.role,
    teams: params.teams,
    invitedBy: params.invitedBy,
    expiresAt: params.expiresAt,
  });
}

/** Invitations that were neither accepted nor revoked, the latest first; expired ones included. */
export async function listOpenInvites(db: Db, params: { limit: number }): Promise<InviteRow[]> {
  return await db
    .select(COLUMNS)
    .from(invites)
    .leftJoin(users, eq(users.id, invites.invitedBy))
    .where(and(isNull(invites.acceptedAt), isNull(invites.revokedAt)))
    .orderBy(desc(invites.createdAt))
    .limit(params.limit);
}

/** The same of one address. */
export async function listOpenInvitesOf(db: Db, params: { email: string }): Promise<InviteRow[]> {
  return await db
    .select(COLUMNS)
    .from(invites)
    .leftJoin(users, eq(users.id, invites.invitedBy))
    .where(
      and(eq(invites.email, params.email), isNull(invites.acceptedAt), isNull(invites.revokedAt)),
    );
}

export async function getInvite(db: Db, params: { id: string }): Promise<InviteRow | undefined> {
  const [row] = await db
    .select(COLUMNS)
    .from(invites)
    .leftJoin(users, eq(users.id, invites.invitedBy))
    .where(eq(invites.id, params.id));
  return row;
}

export async function getInviteByDigest(
  db: Db,
  params: { digest: Buffer; lock?: true },
): Promise<InviteRow | undefined> {
  const query = db
    .select(COLUMNS)
    .from(invites)
    .leftJoin(users, eq(users.id, invites.invitedBy))
    .where(eq(invites.digest, params.digest));
  const [row] = await (params.lock === true ? query.for("update", { of: invites }) : query);
  return row;
}

/** Gives an open invitation another link; the one before stops working. */
export async function renewInvite(
  db: Db,
  params: { id: string; digest: Buffer; expiresAt: Date; invitedBy: string | null },
): Promise<void> {
  await db
    .update(invites)
    .set({ digest: params.digest, expiresAt: params.expiresAt, invitedBy: params.invitedBy })
    .where(eq(invites.id, params.id));
}

/** Revokes what is open of an invitation, or of everything at an address. Gives how many there were. */
export async function revokeInvites(
  db: Db,
  params: { at: Date } & ({ id: string } | { email: string }),
): Promise<number> {
  const which = "id" in params ? eq(invites.id, params.id) : eq(invites.email, params.email);
  const revoked = await db
    .update(invites)
    .set({ revokedAt: params.at })
    .where(and(which, isNull(invites.acceptedAt), isNull(invites.revokedAt)))
    .returning({ id: invites.id });
  return revoked.length;
}

export async function markInviteAccepted(db: Db, params: { id: string; at: Date }): Promise<void> {
  await db.update(invites).set({ acceptedAt: params.at }).where(eq(invites.id, params.id));
}

/** Whether somebody may still be let in with the roles that an invitation gives. */
export async function getInviter(
  db: Db,
  params: { id: string },
): Promise<{ isAdmin: boolean; ledTeamIds: string[] } | undefined> {
  const rows = await db.execute<{ role: string; led: string[] | null }>(sql`
    select role, (
      select array_agg(team_id::text) from team_members
      where user_id = users.id and team_members.role = 'team_admin'
    ) as led
    from users where id = ${params.id} and suspended_at is null`);
  const [row] = [...rows];
  return row === undefined
    ? undefined
    : { isAdmin: row.role === "admin", ledTeamIds: row.led ?? [] };
}
