import { eq, inArray, or, type SQL } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import type { Scope } from "#lib/contract/scope.ts";

/** The condition that keeps a query inside a scope; `undefined` for the whole install. */
export function withinScope(
  scope: Scope,
  columns: { userId: PgColumn; teamId: PgColumn },
): SQL | undefined {
  if (scope.all) {
    return undefined;
  }
  return or(
    eq(columns.userId, scope.userId),
    scope.teamIds.length === 0 ? undefined : inArray(columns.teamId, [...scope.teamIds]),
  );
}
