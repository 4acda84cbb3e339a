import { instantOf } from "#lib/contract/instants.ts";
import type {
  KeptTable,
  RetentionOverview,
  RetentionPreview,
  RetentionPreviewQuery,
} from "#lib/contract/retention.ts";
import { getDb, getSql } from "#lib/db/client.ts";
import { cutoffOf, removalOf } from "#lib/db/partitions.ts";
import { currentSettings } from "#lib/db/settings.ts";
import { countRowsBefore, readTableSize, type TableSize } from "#lib/db/table-sizes.ts";
import { listTeamStorage } from "#lib/db/team-storage.ts";
import type { Actor } from "./actor.ts";
import { assertAllowed } from "./permission.ts";

/** What is kept of each kind, how much room it takes, and which teams have a setting of their own. */
export async function showRetention(actor: Actor): Promise<RetentionOverview> {
  assertAllowed(actor.principal, "setting.read");
  const sql = getSql("console");
  const { log_days: logDays, payload_days: payloadDays } = currentSettings().retention;
  const logs = await readTableSize(sql, "request_logs");
  const attempts = await readTableSize(sql, "request_attempts");
  const payloads = await readTableSize(sql, "request_payloads");
  const usage = await readTableSize(sql, "usage_rollup_15m");
  const audit = await readTableSize(sql, "audit_events");
  return {
    tables: [
      keptOf("logs", { ...logs, bytes: logs.bytes + attempts.bytes }, logDays),
      keptOf("payloads", payloads, Math.min(payloadDays, logDays)),
      keptOf("usage", usage, null),
      keptOf("audit", audit, null),
    ],
    teams: await listTeamStorage(getDb("console")),
  };
}

const LABELS: Readonly<Record<KeptTable["id"], string>> = {
  logs: "Request logs",
  payloads: "Requests and answers",
  usage: "Usage figures",
  audit: "Audit log",
};

function keptOf(id: KeptTable["id"], size: TableSize, days: number | null): KeptTable {
  const { rows, isEstimate, bytes, oldest } = size;
  const purgeMs = days === null || oldest === null ? null : removalOf({ days, createdAt: oldest });
  return {
    id,
    label: LABELS[id],
    rows,
    is_estimate: isEstimate,
    bytes,
    oldest_at: instantOf(oldest),
    kept_days: days,
    next_purge_at: purgeMs === null ? null : new Date(purgeMs).toISOString(),
  };
}

/** How many rows the next run would remove with other days. */
export async function previewRetention(
  actor: Actor,
  { log_days: logDays, payload_days: payloadDays }: RetentionPreviewQuery,
): Promise<RetentionPreview> {
  assertAllowed(actor.principal, "retention.set");
  const sql = getSql("console");
  const before = (days: number) => new Date(cutoffOf({ days }));
  return {
    logs: await countRowsBefore(sql, { table: "request_logs", before: before(logDays) }),
    payloads: await countRowsBefore(sql, {
      table: "request_payloads",
      before: before(Math.min(payloadDays, logDays)),
    }),
  };
}
