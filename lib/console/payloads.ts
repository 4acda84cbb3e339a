import { getSecrets } from "#lib/auth/bootstrap.ts";
import type { Principal } from "#lib/auth/principal.ts";
import { type PayloadView, requestPayload } from "#lib/contract/payload.ts";
import { unseal } from "#lib/crypto.ts";
import { hasRecentAuditEvent } from "#lib/db/audit-last.ts";
import { type Db, getDb } from "#lib/db/client.ts";
import { cutoffOf, removalOf } from "#lib/db/partitions.ts";
import { getRequestLog, type RequestLogRow } from "#lib/db/request-logs-read.ts";
import { getPayload, type PayloadRow, payloadContext } from "#lib/db/request-payloads.ts";
import { currentSettings } from "#lib/db/settings.ts";
import { getTeamStorage } from "#lib/db/team-storage.ts";
import { type Actor, assertWithinReach } from "./actor.ts";
import { requireFound } from "./found.ts";
import { assertAllowed } from "./permission.ts";
import { recordEvent } from "./record-event.ts";

/** Looking again within the hour is the same look. */
const SAME_LOOK_MS = 3_600_000;

/**
 * What a request asked and was answered, or why that cannot be shown. Reading the content of
 * somebody else's request leaves an event in the audit log before anything is shown.
 */
export async function showPayload(actor: Actor, requestId: string): Promise<PayloadView> {
  assertAllowed(actor.principal, "log.payload.read");
  const db = getDb("console");
  const log = requireFound(await getRequestLog(db, { id: requestId }), "log entry");
  const { userId, teamId } = log;
  assertWithinReach(actor, "log.payload.read", { userId, teamId, what: "log entry" });
  const row = await getPayload(db, { requestId });
  if (row === undefined) {
    return await explainAbsence(db, log);
  }
  if (!isOwn(actor.principal, userId)) {
    await recordView(actor, log);
  }
  return open(row, log.createdAt);
}

function isOwn(principal: Principal, userId: string): boolean {
  return principal.kind === "user" && principal.id === userId;
}

async function recordView(actor: Actor, { id, teamId }: RequestLogRow): Promise<void> {
  const action = "log.payload_viewed";
  const actorId = actor.principal.kind === "admin_key" ? null : actor.principal.id;
  const since = new Date(Date.now() - SAME_LOOK_MS);
  await recordEvent(actor, { action, targetType: "request", targetId: id, teamId }, (tx) =>
    hasRecentAuditEvent(tx, { action, actorId, targetType: "request", targetId: id, since }),
  );
}

/** The reason that holds by the settings of now; those of then are remembered nowhere. */
async function explainAbsence(db: Db, log: RequestLogRow): Promise<PayloadView> {
  const { payload_storage: install, payload_days: days } = currentSettings().retention;
  const team = log.teamId === null ? null : await getTeamStorage(db, { teamId: log.teamId });
  if ((team ?? install) === "full") {
    return log.createdAt.getTime() < cutoffOf({ days })
      ? { state: "removed", payload_days: days }
      : { state: "not_stored", reason: "unknown" };
  }
  return { state: "not_stored", reason: team === null ? "install" : "team" };
}

function open(row: PayloadRow, createdAt: Date): PayloadView {
  const { masterKeys } = getSecrets();
  if (!masterKeys.keys.has(row.sealed.version)) {
    return { state: "unreadable", key_version: row.sealed.version };
  }
  const plain = unseal(masterKeys, row.sealed, payloadContext(row.requestId)).reveal();
  const { payload_days: days } = currentSettings().retention;
  return {
    state: "stored",
    ...requestPayload.parse(JSON.parse(plain)),
    size_bytes: row.sizeBytes,
    removed_after: new Date(removalOf({ days, createdAt })).toISOString(),
  };
}
