import { instantOf } from "#lib/contract/instants.ts";
import type { InvitedTeam } from "#lib/contract/invited-team.ts";
import type { InviteCreate, InviteInfo, InviteResult } from "#lib/contract/people.ts";
import { emailAddress } from "#lib/contract/user.ts";
import { type Db, getDb } from "#lib/db/client.ts";
import {
  getInvite,
  type InviteRow,
  insertInvite,
  listOpenInvites,
  listOpenInvitesOf,
  renewInvite,
  revokeInvites,
} from "#lib/db/invites.ts";
import { listSubjectNames } from "#lib/db/subject-names.ts";
import { getTeam } from "#lib/db/teams.ts";
import { getCredentialByEmail } from "#lib/db/user-passwords.ts";
import { newId } from "#lib/ids.ts";
import { type Actor, scopeOf } from "./actor.ts";
import { applyChange } from "./change.ts";
import { requireFound, requireNamed } from "./found.ts";
import { assertMayGive, mayGive } from "./invite-reach.ts";
import { linkOf, makeLinkToken } from "./links.ts";

const DAY_MS = 86_400_000;
const INVITE_DAYS = 7;
const MOST_LISTED = 200;

/**
 * Invites people by single-use links. Each address is judged by itself: one that is wrong, or known
 * already, has its own error, and the others are invited.
 */
export async function inviteMembers(
  actor: Actor,
  input: InviteCreate,
): Promise<{ results: InviteResult[] }> {
  const teams = input.teams.map(({ team_id: teamId, role }) => ({ teamId, role }));
  assertMayGive(actor, { role: input.role, teams });
  for (const { teamId } of teams) {
    requireNamed(await getTeam(getDb("console"), { id: teamId }), { param: "teams", what: "team" });
  }
  const results: InviteResult[] = [];
  const seen = new Set<string>();
  for (const text of input.emails) {
    const email = emailAddress.safeParse(text);
    const key = email.success ? email.data : text;
    if (!seen.has(key)) {
      seen.add(key);
      results.push(
        email.success
          ? await inviteOne(actor, { email: email.data, role: input.role, teams })
          : { email: text, link: null, error: "This is not an e-mail address." },
      );
    }
  }
  return { results };
}

interface Invitation {
  email: string;
  role: "admin" | "member";
  teams: InvitedTeam[];
}

async function inviteOne(actor: Actor, invitation: Invitation): Promise<InviteResult> {
  const { email } = invitation;
  const error = await refusalOf(getDb("console"), actor, email);
  if (error !== undefined) {
    return { email, link: null, error };
  }
  const { token, digest } = makeLinkToken("invite");
  await applyChange(actor, async (tx) => {
    const id = newId();
    // A second invitation takes the place of the first, whose link may have gone astray.
    await revokeInvites(tx, { email, at: new Date() });
    await insertInvite(tx, {
      ...invitation,
      id,
      digest,
      invitedBy: inviterOf(actor),
      expiresAt: new Date(Date.now() + INVITE_DAYS * DAY_MS),
    });
    return {
      result: undefined,
      kind: "user",
      subjectId: id,
      action: "user.invite",
      after: { ...invitation },
      teamId: invitation.teams[0]?.teamId ?? null,
    };
  });
  return { email, link: linkOf("invite", token), error: null };
}

/** An account that exists is only an administrator's to open: it may have keys, or be one's own. */
async function refusalOf(db: Db, actor: Actor, email: string): Promise<string | undefined> {
  const open = await listOpenInvitesOf(db, { email });
  if (!open.every((row) => mayGive(actor, row))) {
    return "This address has an invitation that only an administrator can replace.";
  }
  const user = await getCredentialByEmail(db, { email });
  if (user === undefined) {
    return undefined;
  }
  if (user.passwordHash !== null && user.suspendedAt === null) {
    return "This person can sign in already. Add them to a team instead.";
  }
  return scopeOf(actor, "user.invite").all
    ? undefined
    : "There is an account of this address. Ask an administrator to invite it.";
}

function inviterOf({ principal }: Actor): string | null {
  return principal.kind === "user" ? principal.id : null;
}

/** Open invitations that an actor could have made, expired ones included. */
export async function showInvites(actor: Actor): Promise<{ invites: InviteInfo[] }> {
  const db = getDb("console");
  const rows = await listOpenInvites(db, { limit: MOST_LISTED });
  const visible = rows.filter((row) => mayGive(actor, row));
  const names = await listSubjectNames(db, {
    subject: "team",
    ids: visible.flatMap(({ teams }) => teams.map(({ teamId }) => teamId)),
  });
  return { invites: visible.map((row) => infoOf(row, names)) };
}

function infoOf(row: InviteRow, names: Map<string, string | null>): InviteInfo {
  return {
    id: row.id,
    email: row.email,
    role: row.role,
    teams: row.teams.map(({ teamId, role }) => ({
      id: teamId,
      name: names.get(teamId) ?? "Deleted team",
      role,
    })),
    invited_by: row.inviterEmail,
    created_at: instantOf(row.createdAt),
    expires_at: instantOf(row.expiresAt),
    is_expired: row.expiresAt.getTime() <= Date.now(),
  };
}

/** Makes another link for an open invitation, good for another seven days. */
export async function resendInvite(actor: Actor, id: string): Promise<InviteResult> {
  const { token, digest } = makeLinkToken("invite");
  const email = await applyChange(actor, async (tx) => {
    const row = await requireOpen(tx, actor, id);
    await renewInvite(tx, {
      id,
      digest,
      expiresAt: new Date(Date.now() + INVITE_DAYS * DAY_MS),
      invitedBy: inviterOf(actor),
    });
    return { ...eventOf(row, "user.invite.resend"), result: row.email };
  });
  return { email, link: linkOf("invite", token), error: null };
}

export async function revokeInvite(actor: Actor, id: string): Promise<void> {
  await applyChange(actor, async (tx) => {
    const row = await requireOpen(tx, actor, id);
    await revokeInvites(tx, { id, at: new Date() });
    return { ...eventOf(row, "user.invite.revoke"), result: undefined };
  });
}

async function requireOpen(tx: Db, actor: Actor, id: string): Promise<InviteRow> {
  const row = await getInvite(tx, { id });
  const isOpen = row !== undefined && row.acceptedAt === null && row.revokedAt === null;
  return requireFound(isOpen && mayGive(actor, row) ? row : undefined, "open invitation");
}

function eventOf(row: InviteRow, action: string) {
  return {
    kind: "user",
    subjectId: row.id,
    action,
    after: { email: row.email, role: row.role },
    teamId: row.teams[0]?.teamId ?? null,
  } as const;
}
