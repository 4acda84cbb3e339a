import type { StaleEdit } from "#lib/contract/stale.ts";
import { getLastAuditEvent } from "#lib/db/audit-last.ts";
import type { Db } from "#lib/db/client.ts";
import { ConduitError } from "#lib/errors.ts";

/** An edit that is about to be made, and the row as the transaction sees it. */
export interface Edit {
  /** What the editor started from; `undefined` edits whatever is there. */
  expected: number | undefined;
  /** The row's own version. Read it with a lock, or two edits pass at once. */
  version: number;
  /** The audit log's name of the kind, as `alias`. */
  kind: string;
  id: string;
  /** The object as its form shows it, `version` included and without secrets. */
  current: object;
}

/** Throws `conflict` (409) with the present object when somebody else has edited it meanwhile. */
export async function assertFresh(tx: Db, edit: Edit): Promise<void> {
  if (edit.expected === undefined || edit.expected === edit.version) {
    return;
  }
  const event = await getLastAuditEvent(tx, { targetType: edit.kind, targetId: edit.id });
  const current: StaleEdit = {
    ...edit.current,
    changed_by: event?.actorName ?? null,
    changed_at: event?.createdAt.toISOString() ?? null,
  };
  throw new ConduitError("conflict", {
    message: "It was changed after you opened it.",
    param: "expected_version",
    current,
  });
}
