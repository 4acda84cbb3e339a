import { getSql } from "#lib/db/client.ts";
import { runExclusively } from "#lib/db/locks.ts";
import { dropPartitionsOlderThan } from "#lib/db/partitions.ts";
import { currentSettings } from "#lib/db/settings.ts";

const NAME = "retention";

/**
 * Removes whole days of log rows and of stored content that are older than the settings allow.
 * `undefined` while another replica does it. Usage figures and the audit log are never touched.
 */
export function applyRetention(): Promise<string | undefined> {
  return runExclusively(NAME, async () => {
    const { log_days: logDays, payload_days: payloadDays } = currentSettings().retention;
    const days = {
      request_logs: logDays,
      request_attempts: logDays,
      request_payloads: Math.min(payloadDays, logDays),
      guardrail_verdicts: logDays,
    };
    const { dropped, deletedRows } = await dropPartitionsOlderThan(getSql("batch"), { days });
    return inWords(dropped, deletedRows);
  });
}

function inWords(dropped: readonly string[], deletedRows: number): string {
  if (dropped.length === 0 && deletedRows === 0) {
    return "Nothing was old enough to remove.";
  }
  const daysOf = (table: string) => dropped.filter((name) => name.startsWith(`${table}_`)).length;
  const parts = [
    counted(daysOf("request_logs"), "day of logs", "days of logs"),
    counted(daysOf("request_payloads"), "day of stored content", "days of stored content"),
    counted(deletedRows, "single row", "single rows"),
  ];
  return `Removed ${parts.filter((part) => part !== undefined).join(", ")}.`;
}

function counted(count: number, one: string, many: string): string | undefined {
  return count === 0 ? undefined : `${count} ${count === 1 ? one : many}`;
}
