import { and, desc, gte, lt, sql } from "drizzle-orm";
import { requestLogs } from "#drizzle/schema/request-logs.ts";
import type { Scope } from "#lib/contract/scope.ts";
import type { Db } from "./client.ts";
import { withinScope } from "./scope.ts";

/** The newest rows tell which tags are in use; reading all of a month for it would be slow. */
const ROWS_READ = 2_000;

/** Names of tags on the newest rows of a range, the commonest first. */
export async function listTagNames(
  db: Db,
  params: { scope: Scope; from: Date; to: Date; limit: number },
): Promise<string[]> {
  const newest = db
    .select({ tags: requestLogs.tags })
    .from(requestLogs)
    .where(
      and(
        gte(requestLogs.createdAt, params.from),
        lt(requestLogs.createdAt, params.to),
        withinScope(params.scope, requestLogs),
      ),
    )
    .orderBy(desc(requestLogs.createdAt), desc(requestLogs.id))
    .limit(ROWS_READ)
    .as("newest");
  const rows = await db
    .select({ name: sql<string>`tag.name`.as("name") })
    .from(newest)
    .innerJoin(sql`jsonb_object_keys(${newest.tags}) as tag (name)`, sql`true`)
    .groupBy(sql`tag.name`)
    .orderBy(sql`count(*) desc, tag.name`)
    .limit(params.limit);
  return rows.map(({ name }) => name);
}
