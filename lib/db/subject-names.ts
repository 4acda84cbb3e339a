import { inArray, sql } from "drizzle-orm";
import { apiKeys } from "#drizzle/schema/api-keys.ts";
import { teams } from "#drizzle/schema/teams.ts";
import { users } from "#drizzle/schema/users.ts";
import type { Db } from "./client.ts";

const SOURCES = {
  key: { table: apiKeys, id: apiKeys.id, name: sql<string | null>`${apiKeys.alias}` },
  user: { table: users, id: users.id, name: sql<string | null>`${users.email}` },
  team: { table: teams, id: teams.id, name: sql<string | null>`${teams.name}` },
} as const;

/** What people call some keys, users or teams, by id; deleted teams keep their name. */
export async function listSubjectNames(
  db: Db,
  params: { subject: keyof typeof SOURCES; ids: readonly string[] },
): Promise<Map<string, string | null>> {
  if (params.ids.length === 0) {
    return new Map();
  }
  const { table, id, name } = SOURCES[params.subject];
  const rows = await db
    .select({ id, name })
    .from(table)
    .where(inArray(id, [...params.ids]));
  return new Map(rows.map((row) => [row.id, row.name]));
}
