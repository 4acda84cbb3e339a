import {
  and,
  asc,
  eq,
  exists,
  ilike,
  inArray,
  isNotNull,
  isNull,
  not,
  or,
  type SQL,
  sql,
} from "drizzle-orm";
import { apiKeys } from "#drizzle/schema/api-keys.ts";
import { teamMembers } from "#drizzle/schema/team-members.ts";
import { teams } from "#drizzle/schema/teams.ts";
import { users } from "#drizzle/schema/users.ts";
import type { Page } from "#lib/contract/paging.ts";
import type { PersonQuery, PersonStatus } from "#lib/contract/people.ts";
import type { Scope } from "#lib/contract/scope.ts";
import type { Db } from "./client.ts";

/** A person as the list of members shows one. */
export interface PersonRow {
  id: string;
  email: string;
  name: string | null;
  role: "admin" | "member";
  hasPassword: boolean;
  hasOidc: boolean;
  suspendedAt: Date | null;
  lastSeenAt: Date | null;
  keyCount: number;
  createdAt: Date;
}

const HAS_PASSWORD = isNotNull(users.passwordHash);
const HAS_OIDC = isNotNull(users.oidcSubject);
const CAN_SIGN_IN = sql`(${HAS_PASSWORD} or ${HAS_OIDC})`;

const COLUMNS = {
  id: users.id,
  email: users.email,
  name: users.name,
  role: users.role,
  hasPassword: sql<boolean>`${HAS_PASSWORD}`,
  hasOidc: sql<boolean>`${HAS_OIDC}`,
  suspendedAt: users.suspendedAt,
  lastSeenAt: users.lastSeenAt,
  // Tables are named in full: in a query of one table Drizzle leaves them out, and both have an id.
  keyCount: sql<number>`(
    select count(*) from ${apiKeys}
    where ${apiKeys}.user_id = ${users}.id and ${apiKeys}.revoked_at is null
      and ${apiKeys}.kind = 'app'
  )`.mapWith(Number),
  createdAt: users.createdAt,
};

const HAS_KEYS = sql`exists (
  select from ${apiKeys} where ${apiKeys}.user_id = ${users}.id
    and ${apiKeys}.revoked_at is null and ${apiKeys}.kind = 'app'
)`;
const IS_GONE = and(isNotNull(users.suspendedAt), not(CAN_SIGN_IN), not(HAS_KEYS));

/**
 * Somebody who was removed keeps a row, because log entries name it, without any way in and without
 * keys. A service account that is suspended keeps its keys, and so it is not taken for one.
 */
const STATUS: Readonly<Record<PersonStatus, SQL | undefined>> = {
  active: and(isNull(users.suspendedAt), CAN_SIGN_IN),
  no_sign_in: and(isNull(users.suspendedAt), not(CAN_SIGN_IN)),
  suspended: and(isNotNull(users.suspendedAt), or(CAN_SIGN_IN, HAS_KEYS)),
  removed: IS_GONE,
};

/** The status of a row, by the same rules. */
export function statusOfPerson(
  row: Pick<PersonRow, "suspendedAt" | "hasPassword" | "hasOidc" | "keyCount">,
): PersonStatus {
  const canSignIn = row.hasPassword || row.hasOidc;
  if (row.suspendedAt === null) {
    return canSignIn ? "active" : "no_sign_in";
  }
  return canSignIn || row.keyCount > 0 ? "suspended" : "removed";
}

/** One page of people by address. Those who were removed are left out unless they are asked for. */
export async function listPeople(
  db: Db,
  params: { scope: Scope; query: PersonQuery; limit: number },
): Promise<Page<PersonRow>> {
  const { scope, query, limit } = params;
  const where = and(withinPeople(db, scope), ...conditionsOf(db, query));
  const rows = await db
    .select(COLUMNS)
    .from(users)
    .where(where)
    .orderBy(asc(users.email))
    .limit(limit)
    .offset(query.offset);
  return { rows, total: await db.$count(users, where) };
}

export async function getPerson(
  db: Db,
  params: { id: string; scope: Scope },
): Promise<PersonRow | undefined> {
  const [row] = await db
    .select(COLUMNS)
    .from(users)
    .where(and(eq(users.id, params.id), withinPeople(db, params.scope)));
  return row;
}

/** People belong to a scope by being in one of its teams. */
export function withinPeople(db: Db, scope: Scope): SQL | undefined {
  if (scope.all) {
    return undefined;
  }
  return or(eq(users.id, scope.userId), inArray(users.id, membersOf(db, [...scope.teamIds])));
}

function membersOf(db: Db, teamIds: string[]) {
  return db
    .select({ id: teamMembers.userId })
    .from(teamMembers)
    .where(inArray(teamMembers.teamId, teamIds));
}

function conditionsOf(db: Db, query: PersonQuery): (SQL | undefined)[] {
  const { text, teamId, role, status, method } = query;
  const pattern = text === undefined ? undefined : `%${text.replace(/[\\%_]/g, "\\$&")}%`;
  return [
    pattern === undefined ? undefined : or(ilike(users.email, pattern), ilike(users.name, pattern)),
    teamId === undefined ? undefined : inArray(users.id, membersOf(db, [teamId])),
    role === undefined ? undefined : roleCondition(db, role),
    status === undefined ? not(STATUS.removed ?? sql`false`) : STATUS[status],
    method === undefined ? undefined : { password: HAS_PASSWORD, oidc: HAS_OIDC }[method],
  ];
}

function roleCondition(db: Db, role: "admin" | "team_admin" | "member"): SQL | undefined {
  const leads = exists(
    db
      .select({ one: sql`1` })
      .from(teamMembers)
      .innerJoin(teams, eq(teams.id, teamMembers.teamId))
      .where(
        and(
          eq(teamMembers.userId, users.id),
          eq(teamMembers.role, "team_admin"),
          isNull(teams.deletedAt),
        ),
      ),
  );
  const conditions = {
    admin: eq(users.role, "admin"),
    team_admin: and(eq(users.role, "member"), leads),
    member: and(eq(users.role, "member"), not(leads)),
  };
  return conditions[role];
}

/** The living teams of some people: `teamIds` limits which are told. */
export async function listTeamsOfPeople(
  db: Db,
  params: { userIds: readonly string[]; teamIds: readonly string[] | undefined },
): Promise<{ userId: string; id: string; name: string; role: "team_admin" | "member" }[]> {
  const { userIds, teamIds } = params;
  return await db
    .select({
      userId: teamMembers.userId,
      id: teams.id,
      name: teams.name,
      role: teamMembers.role,
    })
    .from(teamMembers)
    .innerJoin(teams, eq(teams.id, teamMembers.teamId))
    .where(
      and(
        isNull(teams.deletedAt),
        inArray(teamMembers.userId, [...userIds]),
        teamIds === undefined ? undefined : inArray(teams.id, [...teamIds]),
      ),
    )
    .orderBy(asc(teams.name));
}
