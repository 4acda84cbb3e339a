import type { AuditEvent, AuditQuery, AuditVerdict } from "#lib/contract/audit.ts";
import { instantOf } from "#lib/contract/instants.ts";
import { type AuditRow, checkAuditChain, listAuditEvents } from "#lib/db/audit.ts";
import { getDb } from "#lib/db/client.ts";

export async function showAudit(
  query: AuditQuery,
): Promise<{ events: AuditEvent[]; total: number }> {
  const { rows, total } = await listAuditEvents(getDb("console"), {
    limit: query.limit,
    offset: query.offset,
    actorId: query.actor_id,
    action: query.action,
    targetType: query.target_type,
    targetId: query.target_id,
    from: query.from,
    to: query.to,
  });
  return { events: rows.map(eventOf), total };
}

function eventOf(row: AuditRow): AuditEvent {
  return {
    id: row.id,
    sequence: Number(row.sequence),
    at: instantOf(row.createdAt),
    actor_type: row.actorType,
    actor_id: row.actorId,
    actor_name: row.actorName,
    action: row.action,
    target_type: row.targetType,
    target_id: row.targetId,
    before: row.before,
    after: row.after,
    ip: row.ip,
    request_id: row.requestId,
    hash: row.hash.toString("hex"),
  };
}

/** Whether every event still fits the one before it. */
export async function verifyAudit(): Promise<AuditVerdict> {
  const { checked, brokenAt } = await checkAuditChain(getDb("console"));
  return {
    intact: brokenAt === null,
    checked,
    broken_at: brokenAt === null ? null : Number(brokenAt),
  };
}
