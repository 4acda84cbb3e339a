import { sharedNow } from "#lib/clock.ts";
import { updateLastUsed } from "#lib/db/api-keys.ts";
import { getDb } from "#lib/db/client.ts";
import { getLog } from "#lib/log.ts";
import { singleton } from "#lib/singleton.ts";

/** A key's `last_used_at` is written at most this often. */
const INTERVAL_MS = 60_000;
const FLUSH_MS = 10_000;
const BATCH = 1_000;

function state() {
  return singleton("auth.last-used", () => ({
    written: new Map<string, number>(),
    pending: new Map<string, number>(),
    timer: undefined as NodeJS.Timeout | undefined,
  }));
}

/** Notes that a key was used; the row is written later, together with others. */
export function recordUse(keyId: string, nowMs: number): void {
  const held = state();
  if (nowMs - (held.written.get(keyId) ?? 0) < INTERVAL_MS) {
    return;
  }
  held.pending.set(keyId, nowMs);
  held.timer ??= setTimeout(() => {
    held.timer = undefined;
    void flushUses();
  }, FLUSH_MS).unref();
}

/** Writes what was noted. Never throws: a lost moment of use is no loss that a request should feel. */
export async function flushUses(): Promise<void> {
  const held = state();
  const uses = [...held.pending];
  held.pending.clear();
  for (let at = 0; at < uses.length; at += BATCH) {
    const batch = uses.slice(at, at + BATCH);
    try {
      await updateLastUsed(
        getDb("batch"),
        batch.map(([keyId, usedMs]) => ({ keyId, at: new Date(usedMs) })),
      );
    } catch (error) {
      getLog().warn({ err: error }, "The last use of some keys could not be written.");
    }
  }
  held.written = new Map(
    [...held.written, ...uses].filter(([, ms]) => sharedNow() - ms < INTERVAL_MS),
  );
}
