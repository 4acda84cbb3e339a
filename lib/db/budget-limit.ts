import { type SQL, sql } from "drizzle-orm";
import { apiKeys } from "#drizzle/schema/api-keys.ts";
import { budgets } from "#drizzle/schema/budgets.ts";
import { ORGANIZATION_ID } from "#lib/contract/caller.ts";
import { windowStarts } from "./budgets.ts";

/**
 * What a budget allows at this moment: its limit, and what it was raised by while that lasts. Null
 * where there is no limit.
 */
export function effectiveLimit(): SQL<string> {
  return sql<string>`(
    ${budgets.limitNanos} + case when ${budgets.raiseUntil} > now() then ${budgets.raiseNanos} else 0 end
  )`;
}

/**
 * Whose budget a row of `api_keys` has spent: its own, its owner's, its team's or that of all; null
 * while there is room. The counters in the database trail those of requests by a batch.
 */
export function spentSubjectOf(now: Date): SQL<string | null> {
  return sql<string | null>`(
    select ${budgets.subject} from ${budgets}
    where ${budgets.limitNanos} is not null
      and ${budgets.spentNanos} >= ${effectiveLimit()}
      and ${budgets.windowStart} >= (
        ${windowStarts(now.getTime())}::text::json ->> ${budgets.period}
      )::timestamptz
      and (${budgets.subject}, ${budgets.subjectId}) in (
        ('key', ${apiKeys.id}::text), ('user', ${apiKeys.userId}::text),
        ('team', ${apiKeys.teamId}::text), ('organization', ${ORGANIZATION_ID})
      )
    order by ${budgets.id} limit 1
  )`;
}
