import { and, desc, inArray } from "drizzle-orm";
import { requestLogs } from "#drizzle/schema/request-logs.ts";
import { FAILED_OUTCOMES } from "#lib/catalog/outcomes.ts";
import type { Outcome } from "#lib/contract/record.ts";
import type { Db } from "./client.ts";
import { type LogWhere, logWhere } from "./log-where.ts";

export interface RecentErrorRow {
  id: string;
  createdAt: Date;
  model: string | null;
  modelAsked: string;
  outcome: Outcome;
  status: number;
  errorCode: string | null;
  errorMessage: string | null;
}

/** The latest requests that failed, newest first. */
export async function listRecentErrors(
  db: Db,
  params: { where: LogWhere; limit: number },
): Promise<RecentErrorRow[]> {
  return await db
    .select({
      id: requestLogs.id,
      createdAt: requestLogs.createdAt,
      model: requestLogs.model,
      modelAsked: requestLogs.modelAsked,
      outcome: requestLogs.outcome,
      status: requestLogs.status,
      errorCode: requestLogs.errorCode,
      errorMessage: requestLogs.errorMessage,
    })
    .from(requestLogs)
    .where(and(logWhere(params.where), inArray(requestLogs.outcome, [...FAILED_OUTCOMES])))
    .orderBy(desc(requestLogs.createdAt), desc(requestLogs.id))
    .limit(params.limit);
}
