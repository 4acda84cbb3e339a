import { and, asc, isNull, sql } from "drizzle-orm";
import { apiKeys } from "#drizzle/schema/api-keys.ts";
import type { Db } from "./client.ts";

const MAX_NAMED = 50;

/** Keys whose own list of models names one: they would ask for nothing once it is gone. */
export async function listKeysNaming(db: Db, params: { model: string }): Promise<string[]> {
  const rows = await db
    .select({ name: sql<string>`coalesce(${apiKeys.alias}, ${apiKeys.id}::text)` })
    .from(apiKeys)
    .where(and(isNull(apiKeys.revokedAt), sql`${params.model} = any(${apiKeys.allowedModels})`))
    .orderBy(asc(apiKeys.alias))
    .limit(MAX_NAMED);
  return rows.map((row) => row.name);
}
