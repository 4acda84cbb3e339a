import { and, asc, eq, gte } from "drizzle-orm";
import { requestLogs } from "#drizzle/schema/request-logs.ts";
import type { Db } from "./client.ts";

/** The first request of a key since it was made. */
export async function getFirstRequest(db: Db, params: { keyId: string; since: Date }) {
  const [row] = await db
    .select({
      id: requestLogs.id,
      status: requestLogs.status,
      latencyMs: requestLogs.latencyMs,
      costNanos: requestLogs.costNanos,
      priceState: requestLogs.priceState,
    })
    .from(requestLogs)
    .where(and(eq(requestLogs.keyId, params.keyId), gte(requestLogs.createdAt, params.since)))
    .orderBy(asc(requestLogs.createdAt), asc(requestLogs.id))
    .limit(1);
  return row;
}
