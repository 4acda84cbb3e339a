import { and, desc, eq, gte, isNull } from "drizzle-orm";
import { auditEvents } from "#drizzle/schema/audit-events.ts";
import type { Db } from "./client.ts";

/** Who touched an object last, and when. */
export async function getLastAuditEvent(
  db: Db,
  params: { targetType: string; targetId: string },
): Promise<{ actorName: string; createdAt: Date } | undefined> {
  const [event] = await db
    .select({ actorName: auditEvents.actorName, createdAt: auditEvents.createdAt })
    .from(auditEvents)
    .where(
      and(eq(auditEvents.targetType, params.targetType), eq(auditEvents.targetId, params.targetId)),
    )
    .orderBy(desc(auditEvents.sequence))
    .limit(1);
  return event;
}

/** Whether somebody did the same to an object since a moment; `actorId` is null for the admin key. */
export async function hasRecentAuditEvent(
  db: Db,
  params: {
    action: string;
    actorId: string | null;
    targetType: string;
    targetId: string;
    since: Date;
  },
): Promise<boolean> {
  const { action, actorId, targetType, targetId, since } = params;
  const [event] = await db
    .select({ sequence: auditEvents.sequence })
    .from(auditEvents)
    .where(
      and(
        eq(auditEvents.targetType, targetType),
        eq(auditEvents.targetId, targetId),
        eq(auditEvents.action, action),
        actorId === null ? isNull(auditEvents.actorId) : eq(auditEvents.actorId, actorId),
        gte(auditEvents.createdAt, since),
      ),
    )
    .limit(1);
  return event !== undefined;
}
