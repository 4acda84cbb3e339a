import { instantOf } from "#lib/contract/instants.ts";
import type { ListQuery } from "#lib/contract/paging.ts";
import type { MemberCreate, MemberInfo, MemberUpdate } from "#lib/contract/team.ts";
import { type Db, getDb } from "#lib/db/client.ts";
import {
  deleteMember,
  getMember,
  insertMember,
  listMembers,
  type MemberRow,
  updateMember,
} from "#lib/db/members.ts";
import { getTeam } from "#lib/db/teams.ts";
import { ensureUser, getUser } from "#lib/db/users.ts";
import { newId } from "#lib/ids.ts";
import type { Actor } from "./actor.ts";
import { applyChange } from "./change.ts";
import { requireFound, requireNamed } from "./found.ts";
import { assertTeamLed } from "./team-reach.ts";

/** One person's place in one team, as the path names it. */
export interface Membership {
  teamId: string;
  userId: string;
}

/** The people of a team. Who is in it without leading it is not told who else is. */
export async function showMembers(
  actor: Actor,
  teamId: string,
  query: ListQuery,
): Promise<{ members: MemberInfo[]; total: number }> {
  assertTeamLed(actor, "user.read", teamId);
  const db = getDb("console");
  requireFound(await getTeam(db, { id: teamId }), "team");
  const { rows, total } = await listMembers(db, { teamId, ...query });
  return { members: rows.map(infoOf), total };
}

export async function showMember(actor: Actor, membership: Membership): Promise<MemberInfo> {
  assertTeamLed(actor, "user.read", membership.teamId);
  return await readMember(getDb("console"), membership);
}

async function readMember(db: Db, membership: Membership): Promise<MemberInfo> {
  requireFound(await getTeam(db, { id: membership.teamId }), "team");
  return infoOf(requireFound(await getMember(db, membership), "member of this team"));
}

function infoOf(row: MemberRow): MemberInfo {
  return {
    user_id: row.userId,
    email: row.email,
    name: row.name,
    role: row.role,
    created_at: instantOf(row.createdAt),
  };
}

export async function addMember(
  actor: Actor,
  teamId: string,
  input: MemberCreate,
): Promise<MemberInfo> {
  assertTeamLed(actor, "team.member.add", teamId);
  return await applyChange(actor, async (tx) => {
    requireFound(await getTeam(tx, { id: teamId }), "team");
    const userId = await userOf(tx, input);
    await insertMember(tx, { teamId, userId, role: input.role });
    const info = await readMember(tx, { teamId, userId });
    return {
      result: info,
      kind: "team",
      subjectId: teamId,
      action: "team.member.add",
      after: { user_id: userId, email: info.email, role: info.role },
      teamId,
    };
  });
}

async function userOf(tx: Db, input: MemberCreate): Promise<string> {
  if (input.user_email !== undefined) {
    const { user } = await ensureUser(tx, { id: newId(), email: input.user_email });
    return user.id;
  }
  const named = input.user_id === undefined ? undefined : await getUser(tx, { id: input.user_id });
  return requireNamed(named, { param: "user_id", what: "user" }).id;
}

export async function changeMember(
  actor: Actor,
  membership: Membership,
  input: MemberUpdate,
): Promise<MemberInfo> {
  assertTeamLed(actor, "team.member.update", membership.teamId);
  return await applyChange(actor, async (tx) => {
    const before = await readMember(tx, membership);
    await updateMember(tx, { ...membership, role: input.role });
    return {
      result: { ...before, role: input.role },
      kind: "team",
      subjectId: membership.teamId,
      action: "team.member.update",
      before: { user_id: before.user_id, role: before.role },
      after: { user_id: before.user_id, role: input.role },
      teamId: membership.teamId,
    };
  });
}

export async function removeMember(actor: Actor, membership: Membership): Promise<void> {
  assertTeamLed(actor, "team.member.remove", membership.teamId);
  await applyChange(actor, async (tx) => {
    const before = await readMember(tx, membership);
    await deleteMember(tx, membership);
    return {
      result: undefined,
      kind: "team",
      subjectId: membership.teamId,
      action: "team.member.remove",
      before: { user_id: before.user_id, email: before.email, role: before.role },
      teamId: membership.teamId,
    };
  });
}
