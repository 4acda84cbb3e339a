import type { ConfigChangeKind } from "#lib/contract/config-change.ts";
import { recordAuditEvent } from "#lib/db/audit.ts";
import { type Db, getDb } from "#lib/db/client.ts";
import { recordChange, takeChanges } from "#lib/db/config-version.ts";
import { conflictOf } from "./conflict.ts";
import type { Visitor } from "./visitor.ts";

/** What somebody who is not signed in yet has done to their own account. */
export interface OwnChange<Result> {
  result: Result;
  kind: ConfigChangeKind;
  subjectId: string;
  action: string;
  /** Who they have turned out to be. */
  actor: { id: string; email: string };
  after?: Record<string, unknown>;
  teamId?: string | null;
}

/**
 * `applyChange` for a link that proves who opens it: the work, its audit event and the new version
 * of the configuration are one transaction.
 */
export async function applyOwnChange<Result>(
  visitor: Pick<Visitor, "requestId" | "ip">,
  work: (tx: Db) => Promise<OwnChange<Result>>,
): Promise<Result> {
  try {
    const result = await getDb("console").transaction(async (tx) => {
      const change = await work(tx);
      await recordChange(tx, { kind: change.kind, subjectId: change.subjectId });
      await recordAuditEvent(tx, {
        actorType: "user",
        actorId: change.actor.id,
        actorName: change.actor.email,
        ip: visitor.ip,
        requestId: visitor.requestId,
        action: change.action,
        targetType: change.kind,
        targetId: change.subjectId,
        teamId: change.teamId ?? null,
        before: null,
        after: change.after ?? null,
      });
      return change.result;
    });
    await takeChanges();
    return result;
  } catch (error) {
    throw conflictOf(error) ?? error;
  }
}
