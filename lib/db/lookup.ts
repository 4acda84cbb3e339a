import { and, asc, eq, ilike, inArray, isNull, or, type SQL, sql } from "drizzle-orm";
import type { PgColumn, PgTable } from "drizzle-orm/pg-core";
import { aliases } from "#drizzle/schema/aliases.ts";
import { apiKeySecrets } from "#drizzle/schema/api-key-secrets.ts";
import { apiKeys } from "#drizzle/schema/api-keys.ts";
import { deployments } from "#drizzle/schema/deployments.ts";
import { teamMembers } from "#drizzle/schema/team-members.ts";
import { teams } from "#drizzle/schema/teams.ts";
import { users } from "#drizzle/schema/users.ts";
import type { LookupEntry } from "#lib/contract/lookup.ts";
import type { Scope } from "#lib/contract/scope.ts";
import type { Db } from "./client.ts";
import { withinScope } from "./scope.ts";

/** What is looked for by name. Every query answers `limit` entries at most. */
export interface Lookup {
  text: string;
  /** An entry that is answered as well, when it lies inside the scope. */
  id: string | undefined;
  limit: number;
}

/** `%`, `_` and `\` in what somebody types mean themselves. */
function contains(columns: readonly PgColumn[], text: string): SQL | undefined {
  const pattern = `%${text.replace(/[\\%_]/g, "\\$&")}%`;
  return or(...columns.map((column) => ilike(column, pattern)));
}

/** By name, or the one that was chosen before; that one comes first. */
function wanted(lookup: Lookup, id: PgColumn, names: readonly PgColumn[]): SQL | undefined {
  const named = contains(names, lookup.text);
  return lookup.id === undefined ? named : or(named, eq(id, lookup.id));
}

function chosenFirst(lookup: Lookup, id: PgColumn): SQL[] {
  return lookup.id === undefined ? [] : [sql`(${eq(id, lookup.id)}) desc`];
}

export async function findKeys(db: Db, lookup: Lookup, scope: Scope): Promise<LookupEntry[]> {
  const start = sql<string | null>`(
    select ${apiKeySecrets}.hint from ${apiKeySecrets}
    where ${apiKeySecrets}.key_id = ${apiKeys}.id
    order by ${apiKeySecrets}.created_at desc limit 1
  )`;
  const rows = await db
    .select({ id: apiKeys.id, name: apiKeys.alias, hint: start })
    .from(apiKeys)
    .where(
      and(
        eq(apiKeys.kind, "app"),
        withinScope(scope, { userId: apiKeys.userId, teamId: apiKeys.teamId }),
        lookup.text === "" ? undefined : wanted(lookup, apiKeys.id, [apiKeys.alias]),
      ),
    )
    .orderBy(...chosenFirst(lookup, apiKeys.id), asc(apiKeys.alias), asc(apiKeys.id))
    .limit(lookup.limit);
  return rows.map(({ id, name, hint }) => ({ id, name: name ?? hint ?? id, hint }));
}

/** People: all, or those who are in one of the scope's teams, and oneself. */
export async function findUsers(db: Db, lookup: Lookup, scope: Scope): Promise<LookupEntry[]> {
  const rows = await db
    .select({ id: users.id, name: users.name, hint: users.email })
    .from(users)
    .where(and(peopleOf(db, scope), wanted(lookup, users.id, [users.name, users.email])))
    .orderBy(...chosenFirst(lookup, users.id), asc(users.email))
    .limit(lookup.limit);
  return rows.map(({ id, name, hint }) => ({ id, name: name ?? hint, hint }));
}

function peopleOf(db: Db, scope: Scope): SQL | undefined {
  if (scope.all) {
    return undefined;
  }
  const members = db
    .select({ id: teamMembers.userId })
    .from(teamMembers)
    .where(inArray(teamMembers.teamId, [...scope.teamIds]));
  return or(eq(users.id, scope.userId), inArray(users.id, members));
}

/** Teams: all, or those with one of the given ids. */
export async function findTeams(
  db: Db,
  lookup: Lookup,
  teamIds: readonly string[] | undefined,
): Promise<LookupEntry[]> {
  const rows = await db
    .select({ id: teams.id, name: teams.name })
    .from(teams)
    .where(
      and(
        isNull(teams.deletedAt),
        teamIds === undefined ? undefined : inArray(teams.id, [...teamIds]),
        wanted(lookup, teams.id, [teams.name]),
      ),
    )
    .orderBy(...chosenFirst(lookup, teams.id), asc(teams.name))
    .limit(lookup.limit);
  return rows.map((row) => ({ ...row, hint: null }));
}

export async function findDeployments(db: Db, lookup: Lookup): Promise<LookupEntry[]> {
  return await db
    .select({ id: deployments.id, name: deployments.name, hint: deployments.modelName })
    .from(deployments)
    .where(wanted(lookup, deployments.id, [deployments.name, deployments.modelName]))
    .orderBy(...chosenFirst(lookup, deployments.id), asc(deployments.name))
    .limit(lookup.limit);
}

export async function findAliases(db: Db, lookup: Lookup): Promise<LookupEntry[]> {
  return await namesOf(db, { table: aliases, column: aliases.name }, lookup);
}

/** Upstream models that some deployment serves. */
export async function findModels(db: Db, lookup: Lookup): Promise<LookupEntry[]> {
  return await namesOf(db, { table: deployments, column: deployments.modelName }, lookup);
}

/** Names that are their own ids, each once. */
async function namesOf(
  db: Db,
  from: { table: PgTable; column: PgColumn },
  lookup: Lookup,
): Promise<LookupEntry[]> {
  const rows = await db
    .selectDistinct({ name: sql<string>`${from.column}` })
    .from(from.table)
    .where(contains([from.column], lookup.text))
    .orderBy(sql`1`)
    .limit(lookup.limit);
  const names = rows.map(({ name }) => name);
  return names.map((name) => ({ id: name, name, hint: null }));
}
