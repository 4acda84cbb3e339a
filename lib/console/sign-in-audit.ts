import type { Principal } from "#lib/auth/principal.ts";
import { recordAuditEvent } from "#lib/db/audit.ts";
import { getDb } from "#lib/db/client.ts";
import { holdConfigVersion } from "#lib/db/config-version.ts";
import type { Visitor } from "./visitor.ts";

interface SignInEvent {
  /** `session.<verb>`, as `session.create`. */
  action: string;
  actor: { type: Principal["kind"] | "system"; id: string | null; name: string };
  targetId: string | null;
  after?: Record<string, unknown>;
}

/**
 * Notes who came in, who was refused and why. No configuration changes with it, so that other
 * processes are not told; the lock alone keeps the chain of events in one order.
 */
export async function recordSignIn(
  visitor: Pick<Visitor, "requestId" | "ip">,
  event: SignInEvent,
): Promise<void> {
  await getDb("console").transaction(async (tx) => {
    await holdConfigVersion(tx);
    await recordAuditEvent(tx, {
      actorType: event.actor.type,
      actorId: event.actor.id,
      actorName: event.actor.name,
      action: event.action,
      targetType: "session",
      targetId: event.targetId,
      teamId: null,
      before: null,
      after: event.after ?? null,
      ip: visitor.ip,
      requestId: visitor.requestId,
    });
  });
}
