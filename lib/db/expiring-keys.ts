import { and, asc, eq, gt, isNull, lte } from "drizzle-orm";
import { apiKeys } from "#drizzle/schema/api-keys.ts";
import type { Scope } from "#lib/contract/scope.ts";
import type { Db } from "./client.ts";
import { withinScope } from "./scope.ts";

/** Keys in use that end between two moments, the next one first. */
export async function listExpiringKeys(
  db: Db,
  params: { scope: Scope; after: Date; until: Date; limit: number },
): Promise<{ id: string; alias: string | null; expiresAt: Date }[]> {
  const rows = await db
    .select({ id: apiKeys.id, alias: apiKeys.alias, expiresAt: apiKeys.expiresAt })
    .from(apiKeys)
    .where(
      and(
        eq(apiKeys.kind, "app"),
        eq(apiKeys.isActive, true),
        isNull(apiKeys.revokedAt),
        gt(apiKeys.expiresAt, params.after),
        lte(apiKeys.expiresAt, params.until),
        withinScope(params.scope, apiKeys),
      ),
    )
    .orderBy(asc(apiKeys.expiresAt), asc(apiKeys.id))
    .limit(params.limit);
  return rows.flatMap(({ expiresAt, ...row }) =>
    expiresAt === null ? [] : [{ ...row, expiresAt }],
  );
}
