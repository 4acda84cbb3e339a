import { sharedNow } from "#lib/clock.ts";
import { isDatabaseUp } from "#lib/db/reach.ts";
import { getLog } from "#lib/log.ts";
import { type KeyMemory, keepKey } from "./key-memory.ts";
import { readKeyRow } from "./key-reader.ts";
import { type KeyRecord, keyRecordOf } from "./key-record.ts";

const RETRY_MS = 1_000;

/** Has a stale record read again soon, with others; the caller goes on with what it has. */
export function refreshLater(
  held: KeyMemory,
  name: string,
  record: KeyRecord,
  nowMs: number,
): void {
  if (!isDatabaseUp()) {
    return;
  }
  held.stale.set(name, record);
  if (!held.isRefreshing && nowMs >= held.refreshAfterMs) {
    held.isRefreshing = true;
    void refresh(held);
  }
}

/** Reads stale records again, many in one query, until none is left; never throws. */
async function refresh(held: KeyMemory): Promise<void> {
  try {
    while (held.stale.size > 0) {
      await refreshBatch(held);
    }
  } catch (error) {
    held.refreshAfterMs = sharedNow() + RETRY_MS;
    getLog().warn({ err: error }, "Keys could not be read again; their last state is used.");
  } finally {
    held.isRefreshing = false;
  }
}

async function refreshBatch(held: KeyMemory): Promise<void> {
  const batch = [...held.stale];
  held.stale.clear();
  const { epoch } = held;
  const rows = await Promise.all(batch.map(([, record]) => readKeyRow([record.digest])));
  if (held.epoch !== epoch) {
    return;
  }
  for (const [at, [name]] of batch.entries()) {
    const row = rows[at];
    if (row === undefined) {
      held.known.delete(name);
    } else {
      keepKey(held, name, keyRecordOf(row, sharedNow()));
    }
  }
}
