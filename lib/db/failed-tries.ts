import { and, count, gte, inArray, lt, ne } from "drizzle-orm";
import { requestAttempts } from "#drizzle/schema/request-attempts.ts";
import { FAILED_ENDINGS } from "#lib/catalog/attempt-endings.ts";
import type { Db } from "./client.ts";
import type { Span } from "./deployment-usage.ts";

/**
 * Tries that deployments failed, by deployment. The sums of usage know only who answered in the end,
 * so that a deployment whose every try is saved by a fallback would look idle there.
 */
export async function countFailedTries(db: Db, { start, end }: Span): Promise<Map<string, number>> {
  const rows = await db
    .select({ deploymentId: requestAttempts.deploymentId, tries: count() })
    .from(requestAttempts)
    .where(
      and(
        gte(requestAttempts.createdAt, start),
        lt(requestAttempts.createdAt, end),
        // Says what the index says, so that it can be used.
        ne(requestAttempts.ended, "ok"),
        inArray(requestAttempts.ended, [...FAILED_ENDINGS]),
      ),
    )
    .groupBy(requestAttempts.deploymentId);
  return new Map(rows.map((row) => [row.deploymentId, row.tries]));
}
