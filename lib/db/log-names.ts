import { sql } from "drizzle-orm";
import { apiKeys } from "#drizzle/schema/api-keys.ts";
import type { Scope } from "#lib/contract/scope.ts";
import type { Db } from "./client.ts";
import { withinScope } from "./scope.ts";

export interface LogSubjects {
  keyIds: readonly string[];
  userIds: readonly string[];
  teamIds: readonly string[];
}

export interface SubjectName {
  name: string | null;
  /** What may be shown of a key; `null` for people and teams. */
  hint: string | null;
}

/**
 * What people call the keys, users and teams of a page of rows, by id, in one query. Keys outside
 * of `keyScope` have no name.
 */
export async function listLogNames(
  db: Db,
  subjects: LogSubjects,
  keyScope: Scope = { all: true },
): Promise<Map<string, SubjectName>> {
  const list = (ids: readonly string[]) => `{${[...new Set(ids)].join(",")}}`;
  const rows = await db.execute<{ id: string; name: string | null; hint: string | null }>(sql`
    select id, alias as name, (
      select hint from api_key_secrets as secret where secret.key_id = api_keys.id
      order by valid_until desc nulls first, created_at desc limit 1
    ) as hint
    from api_keys where id = any(${list(subjects.keyIds)}::uuid[])
      and ${withinScope(keyScope, apiKeys) ?? sql`true`}
    union all
    select id, email, null from users where id = any(${list(subjects.userIds)}::uuid[])
    union all
    select id, name, null from teams where id = any(${list(subjects.teamIds)}::uuid[])`);
  return new Map([...rows].map(({ id, name, hint }) => [id, { name, hint }]));
}
