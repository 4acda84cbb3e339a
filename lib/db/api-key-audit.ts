import { and, desc, eq, sql } from "drizzle-orm";
import { auditEvents } from "#drizzle/schema/audit-events.ts";
import type { Db } from "./client.ts";

/** Who switched a key off last; `undefined` when the audit log does not know. */
export async function getLastDisabling(
  db: Db,
  params: { keyId: string },
): Promise<{ actorId: string | null; actorName: string } | undefined> {
  const [event] = await db
    .select({ actorId: auditEvents.actorId, actorName: auditEvents.actorName })
    .from(auditEvents)
    .where(
      and(
        eq(auditEvents.targetType, "api_key"),
        eq(auditEvents.targetId, params.keyId),
        sql`${auditEvents.after} ->> 'is_active' = 'false'`,
      ),
    )
    .orderBy(desc(auditEvents.sequence))
    .limit(1);
  return event;
}
