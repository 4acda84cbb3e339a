import type { ConfigChangeKind } from "#lib/contract/config-change.ts";
import { recordAuditEvent } from "#lib/db/audit.ts";
import { type Db, getDb } from "#lib/db/client.ts";
import { recordChange, takeChanges } from "#lib/db/config-version.ts";
import type { Actor } from "./actor.ts";
import { conflictOf } from "./conflict.ts";
import { auditFieldsOf } from "./record-event.ts";

/** What a write did: its result for the caller, and what the audit log and other processes are told. */
export interface Change<Result> {
  result: Result;
  kind: ConfigChangeKind;
  subjectId: string;
  /** `<target>.<verb>`, as `api_key.create`. */
  action: string;
  /** The changed fields; secrets have to be masked already. */
  before?: Record<string, unknown> | undefined;
  after?: Record<string, unknown> | undefined;
  teamId?: string | null | undefined;
}

/**
 * Every write of the admin API. The work, its audit event and the new configuration version are one
 * transaction; then this process takes the change over, and only then does the caller hear of it.
 * A name that is taken already is a `conflict` (409).
 */
export async function applyChange<Result>(
  actor: Actor,
  work: (tx: Db) => Promise<Change<Result>>,
): Promise<Result> {
  const change = await commit(actor, work);
  await takeChanges();
  return change.result;
}

async function commit<Result>(
  actor: Actor,
  work: (tx: Db) => Promise<Change<Result>>,
): Promise<Change<Result>> {
  try {
    return await getDb("console").transaction(async (tx) => {
      const change = await work(tx);
      await recordChange(tx, { kind: change.kind, subjectId: change.subjectId });
      await recordAuditEvent(tx, {
        ...auditFieldsOf(actor),
        action: change.action,
        targetType: change.kind,
        targetId: change.subjectId,
        teamId: change.teamId ?? null,
        before: change.before ?? null,
        after: change.after ?? null,
      });
      return change;
    });
  } catch (error) {
    throw conflictOf(error) ?? error;
  }
}
