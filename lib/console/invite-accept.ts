import { hashPassword } from "#lib/auth/password.ts";
import type { InviteAccept, LinkState } from "#lib/contract/people.ts";
import { type Db, getDb } from "#lib/db/client.ts";
import {
  getInviteByDigest,
  getInviter,
  type InviteRow,
  markInviteAccepted,
} from "#lib/db/invites.ts";
import { getMember, insertMember } from "#lib/db/members.ts";
import { getTeam } from "#lib/db/teams.ts";
import { savePasswordHash } from "#lib/db/user-passwords.ts";
import { ensureUser, type UserRow, updateUser } from "#lib/db/users.ts";
import { ConduitError } from "#lib/errors.ts";
import { newId } from "#lib/ids.ts";
import { mayLeadersGive } from "./invite-reach.ts";
import { linkDigest } from "./links.ts";
import { applyOwnChange } from "./own-change.ts";
import { assertPasswordFits } from "./password-rule.ts";
import { mayUsePassword } from "./sso-settings.ts";
import type { Visitor } from "./visitor.ts";

/** What an invitation's link is good for now. */
export async function showInviteLink(token: string): Promise<LinkState> {
  const row = await getInviteByDigest(getDb("console"), { digest: linkDigest("invite", token) });
  if (row === undefined) {
    return { kind: "unknown" };
  }
  return stateOf(row, await getStanding(getDb("console"), row));
}

function stateOf(row: InviteRow, standing: Standing): LinkState {
  if (row.acceptedAt !== null) {
    return { kind: "used" };
  }
  if (row.revokedAt !== null || !standing.holds) {
    return { kind: "revoked" };
  }
  return row.expiresAt.getTime() <= Date.now()
    ? { kind: "expired" }
    : { kind: "open", email: row.email, name: null };
}

interface Standing {
  /** Whether the inviter could still give what the invitation gives. */
  holds: boolean;
  isAdmin: boolean;
}

async function getStanding(db: Db, row: InviteRow): Promise<Standing> {
  if (row.invitedBy === null) {
    return { holds: true, isAdmin: true };
  }
  const inviter = await getInviter(db, { id: row.invitedBy });
  if (inviter === undefined) {
    return { holds: false, isAdmin: false };
  }
  const { isAdmin, ledTeamIds } = inviter;
  return { holds: isAdmin || mayLeadersGive(ledTeamIds, row), isAdmin };
}

/**
 * Takes an invitation: the account with its password and teams, in one transaction with the end of
 * the link, so that of two at once one wins. Gives the user to sign in.
 */
export async function acceptInvite(
  visitor: Visitor,
  input: InviteAccept,
): Promise<{ userId: string }> {
  const digest = linkDigest("invite", input.token);
  await assertPasswordAllowed(input);
  const passwordHash = await hashPassword(input.password);
  return await applyOwnChange(visitor, async (tx) => {
    const row = await getInviteByDigest(tx, { digest, lock: true });
    const standing = row === undefined ? undefined : await getStanding(tx, row);
    if (row === undefined || standing === undefined || stateOf(row, standing).kind !== "open") {
      throw gone();
    }
    const user = await openAccount(tx, row, standing);
    await updateUser(tx, {
      id: user.id,
      name: input.name,
      role: roleOf(user, row),
      suspendedAt: null,
    });
    await savePasswordHash(tx, { id: user.id, passwordHash });
    await joinTeams(tx, user.id, row);
    await markInviteAccepted(tx, { id: row.id, at: new Date() });
    return {
      result: { userId: user.id },
      kind: "user",
      subjectId: user.id,
      action: "user.invite.accept",
      actor: { id: user.id, email: row.email },
      after: { email: row.email, role: row.role, teams: row.teams },
      teamId: row.teams[0]?.teamId ?? null,
    };
  });
}

/** Asked before the transaction: whether this address may have a password, and this one. */
async function assertPasswordAllowed({ token, password }: InviteAccept): Promise<void> {
  const link = await showInviteLink(token);
  if (link.kind !== "open") {
    throw gone();
  }
  assertPasswordFits(password, link.email);
  if (!(await mayUsePassword({ id: "", email: link.email }))) {
    throw new ConduitError("conflict", {
      message: "This address signs in with single sign-on. Use the sign-in page.",
    });
  }
}

function gone(): ConduitError {
  return new ConduitError("not_found", {
    message: "This invitation is no longer good. Ask for another one.",
  });
}

/** An account that exists is opened only by an administrator's invitation, and only if it is shut. */
async function openAccount(tx: Db, row: InviteRow, standing: Standing): Promise<UserRow> {
  const { user, isNew } = await ensureUser(tx, { id: newId(), email: row.email });
  if (!isNew && !standing.isAdmin) {
    throw new ConduitError("conflict", {
      message: "There is an account of this address already. Ask an administrator to invite it.",
    });
  }
  return user;
}

/** An invitation never takes a role away. */
function roleOf(user: UserRow, row: InviteRow): "admin" | "member" {
  return user.role === "admin" && user.suspendedAt === null ? "admin" : row.role;
}

async function joinTeams(tx: Db, userId: string, row: InviteRow): Promise<void> {
  for (const { teamId, role } of row.teams) {
    const isThere = (await getTeam(tx, { id: teamId })) !== undefined;
    const isIn = (await getMember(tx, { teamId, userId })) !== undefined;
    if (isThere && !isIn) {
      await insertMember(tx, { teamId, userId, role });
    }
  }
}
