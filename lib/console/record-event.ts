import type { Principal } from "#lib/auth/principal.ts";
import { type AuditEntry, recordAuditEvent } from "#lib/db/audit.ts";
import { type Db, getDb } from "#lib/db/client.ts";
import { holdConfigVersion } from "#lib/db/config-version.ts";
import type { Actor } from "./actor.ts";

/** Something that somebody did without changing the configuration. */
export interface ActorEvent {
  /** `<target>.<verb>`, as `logs.exported`. */
  action: string;
  targetType: string;
  targetId: string | null;
  teamId?: string | null;
  after?: Record<string, unknown>;
}

/**
 * Adds an event to the audit log. No configuration changes with it, so that other processes are not
 * told; the lock alone keeps the chain of events in one order. `unless` is asked under that lock:
 * true leaves the event out, because it has been told already.
 */
export async function recordEvent(
  actor: Actor,
  event: ActorEvent,
  unless?: (tx: Db) => Promise<boolean>,
): Promise<void> {
  await getDb("console").transaction(async (tx) => {
    await holdConfigVersion(tx);
    if (unless !== undefined && (await unless(tx))) {
      return;
    }
    await recordAuditEvent(tx, {
      ...auditFieldsOf(actor),
      action: event.action,
      targetType: event.targetType,
      targetId: event.targetId,
      teamId: event.teamId ?? null,
      before: null,
      after: event.after ?? null,
    });
  });
}

/** Who acts, from where and in which request, as an audit event tells it. */
export function auditFieldsOf({
  principal,
  ip,
  requestId,
}: Actor): Pick<AuditEntry, "actorType" | "actorId" | "actorName" | "ip" | "requestId"> {
  return { ...actorOf(principal), ip, requestId };
}

function actorOf(principal: Principal): Pick<AuditEntry, "actorType" | "actorId" | "actorName"> {
  if (principal.kind === "admin_key") {
    return { actorType: "admin_key", actorId: null, actorName: "admin key" };
  }
  const actorName = principal.kind === "user" ? principal.email : principal.name;
  return { actorType: principal.kind, actorId: principal.id, actorName };
}
