import { createHash } from "node:crypto";
import { asc, desc, gt } from "drizzle-orm";
import { auditEvents } from "#drizzle/schema/audit-events.ts";
import { newId } from "#lib/ids.ts";
import type { Db } from "./client.ts";

/** What is told of a change: who made it, to what, and the changed fields with secrets masked. */
export interface AuditEntry {
  actorType: "admin_key" | "admin_token" | "user" | "system";
  actorId: string | null;
  actorName: string;
  /** `<target>.<verb>`. */
  action: string;
  targetType: string;
  targetId: string | null;
  teamId: string | null;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  ip: string | null;
  requestId: string | null;
}

export interface AuditRow extends AuditEntry {
  id: string;
  sequence: bigint;
  createdAt: Date;
  hash: Buffer;
}

/** Every column but the hash of the event before, which only the next link needs. */
export const AUDIT_COLUMNS = {
  id: auditEvents.id,
  sequence: auditEvents.sequence,
  createdAt: auditEvents.createdAt,
  actorType: auditEvents.actorType,
  actorId: auditEvents.actorId,
  actorName: auditEvents.actorName,
  action: auditEvents.action,
  targetType: auditEvents.targetType,
  targetId: auditEvents.targetId,
  teamId: auditEvents.teamId,
  before: auditEvents.before,
  after: auditEvents.after,
  ip: auditEvents.ip,
  requestId: auditEvents.requestId,
  hash: auditEvents.hash,
};

/** What stands for the hash before the first event. */
const GENESIS = Buffer.alloc(32);

/**
 * Appends an event to the chain. Call it after `recordChange` in the same transaction: the lock
 * that takes puts all changes in one order, so that no two of them see the same last link.
 */
export async function recordAuditEvent(db: Db, entry: AuditEntry): Promise<void> {
  const [last] = await db
    .select({ sequence: auditEvents.sequence, hash: auditEvents.hash })
    .from(auditEvents)
    .orderBy(desc(auditEvents.sequence))
    .limit(1);
  const createdAt = new Date();
  const link = {
    ...entry,
    id: newId(createdAt.getTime()),
    sequence: (last?.sequence ?? 0n) + 1n,
    createdAt,
  };
  const prevHash = last?.hash ?? GENESIS;
  await db.insert(auditEvents).values({ ...link, prevHash, hash: hashOf(link, prevHash) });
}

type Link = Omit<AuditRow, "hash">;

/** SHA-256 over the hash before and every other column, in one spelling. */
function hashOf(link: Link, prevHash: Buffer): Buffer {
  const text = canonicalJson({
    id: link.id,
    sequence: link.sequence.toString(),
    at: link.createdAt.toISOString(),
    actor: [link.actorType, link.actorId, link.actorName],
    action: link.action,
    target: [link.targetType, link.targetId, link.teamId],
    before: link.before,
    after: link.after,
    ip: link.ip,
    requestId: link.requestId,
  });
  return createHash("sha256").update(prevHash).update(text).digest();
}

/** JSON with sorted keys: `jsonb` keeps no order, and a row has to hash alike when it is read. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

const VERIFY_PAGE = 1000;

/**
 * Walks the chain from its first event. `brokenAt` is the place of the first event that was
 * altered, or that follows one which was altered, moved or taken out; `null` when all fit.
 */
export async function checkAuditChain(
  db: Db,
): Promise<{ checked: number; brokenAt: bigint | null }> {
  let before: Pick<AuditRow, "sequence" | "hash"> = { sequence: 0n, hash: GENESIS };
  for (;;) {
    const rows = await db
      .select(AUDIT_COLUMNS)
      .from(auditEvents)
      .where(gt(auditEvents.sequence, before.sequence))
      .orderBy(asc(auditEvents.sequence))
      .limit(VERIFY_PAGE);
    for (const row of rows) {
      if (row.sequence !== before.sequence + 1n || !hashOf(row, before.hash).equals(row.hash)) {
        return { checked: Number(before.sequence), brokenAt: row.sequence };
      }
      before = { sequence: row.sequence, hash: row.hash };
    }
    if (rows.length < VERIFY_PAGE) {
      return { checked: Number(before.sequence), brokenAt: null };
    }
  }
}
