import { and, asc, eq, inArray, isNull, type SQL, sql } from "drizzle-orm";
import { apiKeys } from "#drizzle/schema/api-keys.ts";
import { teamMembers } from "#drizzle/schema/team-members.ts";
import { users } from "#drizzle/schema/users.ts";
import type { Page } from "#lib/contract/paging.ts";
import type { Scope } from "#lib/contract/scope.ts";
import type { Db } from "./client.ts";
import { withinPeople } from "./people.ts";

/** A person as the admin API sees one; the password's hash is read by sign-in alone. */
export interface UserRow {
  id: string;
  email: string;
  name: string | null;
  role: "admin" | "member";
  suspendedAt: Date | null;
  createdAt: Date;
}

const COLUMNS = {
  id: users.id,
  email: users.email,
  name: users.name,
  role: users.role,
  suspendedAt: users.suspendedAt,
  createdAt: users.createdAt,
};

export interface UserFilter {
  scope: Scope;
  limit: number;
  offset: number;
  email?: string | undefined;
  role?: "admin" | "member" | undefined;
  teamId?: string | undefined;
}

export async function listUsers(db: Db, filter: UserFilter): Promise<Page<UserRow>> {
  const where = and(...conditionsOf(db, filter));
  const rows = await db
    .select(COLUMNS)
    .from(users)
    .where(where)
    .orderBy(asc(users.email))
    .limit(filter.limit)
    .offset(filter.offset);
  return { rows, total: await db.$count(users, where) };
}

function conditionsOf(db: Db, filter: UserFilter): SQL[] {
  const conditions: SQL[] = [];
  const within = withinPeople(db, filter.scope);
  if (within !== undefined) {
    conditions.push(within);
  }
  if (filter.email !== undefined) {
    conditions.push(eq(users.email, filter.email));
  }
  if (filter.role !== undefined) {
    conditions.push(eq(users.role, filter.role));
  }
  if (filter.teamId !== undefined) {
    const members = db
      .select({ id: teamMembers.userId })
      .from(teamMembers)
      .where(eq(teamMembers.teamId, filter.teamId));
    conditions.push(inArray(users.id, members));
  }
  return conditions;
}

export async function getUser(db: Db, params: { id: string }): Promise<UserRow | undefined> {
  const [row] = await db.select(COLUMNS).from(users).where(eq(users.id, params.id));
  return row;
}

export async function getUserByEmail(
  db: Db,
  params: { email: string },
): Promise<UserRow | undefined> {
  const [row] = await db.select(COLUMNS).from(users).where(eq(users.email, params.email));
  return row;
}

export async function insertUser(
  db: Db,
  params: { id: string; email: string; name: string | null; role: "admin" | "member" },
): Promise<UserRow> {
  const [row] = await db
    .insert(users)
    .values({ id: params.id, email: params.email, name: params.name, role: params.role })
    .returning(COLUMNS);
  if (row === undefined) {
    throw new Error("An insert into users returned no row.");
  }
  return row;
}

/** The user of an address, made when there is none. Two at once make one. */
export async function ensureUser(
  db: Db,
  params: { id: string; email: string },
): Promise<{ user: UserRow; isNew: boolean }> {
  const [made] = await db
    .insert(users)
    .values({ id: params.id, email: params.email })
    .onConflictDoNothing({ target: users.email })
    .returning(COLUMNS);
  if (made !== undefined) {
    return { user: made, isNew: true };
  }
  const found = await getUserByEmail(db, { email: params.email });
  if (found === undefined) {
    throw new Error("A user vanished between two statements.");
  }
  return { user: found, isNew: false };
}

export async function updateUser(
  db: Db,
  params: {
    id: string;
    name?: string | null | undefined;
    role?: "admin" | "member" | undefined;
    suspendedAt?: Date | null | undefined;
  },
): Promise<void> {
  await db
    .update(users)
    .set({
      name: params.name,
      role: params.role,
      suspendedAt: params.suspendedAt,
      updatedAt: new Date(),
    })
    .where(eq(users.id, params.id));
}

/** Removes a person and their memberships; keys must be gone already. */
export async function deleteUser(db: Db, params: { id: string }): Promise<void> {
  await db.delete(users).where(eq(users.id, params.id));
}

/** How many keys, revoked ones included, name a person as their owner. */
export async function countKeysOfUser(db: Db, params: { id: string }): Promise<number> {
  return await db.$count(apiKeys, eq(apiKeys.userId, params.id));
}

/** Administrators who may act at present; locked, so that two cannot both remove the last. */
export async function listActiveAdmins(db: Db): Promise<{ id: string; canSignIn: boolean }[]> {
  return await db
    .select({
      id: users.id,
      canSignIn: sql<boolean>`(${users.passwordHash} is not null or ${users.oidcSubject} is not null)`,
    })
    .from(users)
    .where(and(eq(users.role, "admin"), isNull(users.suspendedAt)))
    .for("update");
}
