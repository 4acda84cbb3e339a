import { and, eq, type SQL, sql } from "drizzle-orm";
import { guardrailVerdicts } from "#drizzle/schema/guardrail-verdicts.ts";
import { requestLogs } from "#drizzle/schema/request-logs.ts";

/** Whether a guardrail rule has found something in the request of a log row. */
export function isFoundBy(ruleId: string): SQL {
  const found = and(
    eq(guardrailVerdicts.ruleId, ruleId),
    eq(guardrailVerdicts.state, "acted"),
    eq(guardrailVerdicts.createdAt, requestLogs.createdAt),
    eq(guardrailVerdicts.requestId, requestLogs.id),
  );
  return sql`exists (select 1 from ${guardrailVerdicts} where ${found})`;
}
