import { type KeyRow, listKeysByDigest } from "#lib/db/api-keys.ts";
import { getDb } from "#lib/db/client.ts";
import { askInRequest } from "#lib/db/request-query.ts";
import { singleton } from "#lib/singleton.ts";

const BATCH = 500;
interface Waiter {
  digests: readonly Buffer[];
  resolve(row: KeyRow | undefined): void;
  reject(error: unknown): void;
}

function state() {
  return singleton("auth.key-reader", () => ({ queue: [] as Waiter[], isReading: false }));
}

/**
 * The row that one of the digests opens. One query runs at a time, for all that asked while the one
 * before it ran: a flood of unknown keys is a handful of queries and not one each. Throws like
 * `askInRequest`, and so do all that waited behind a query that failed: they have waited as long.
 */
export function readKeyRow(digests: readonly Buffer[]): Promise<KeyRow | undefined> {
  const held = state();
  return new Promise((resolve, reject) => {
    held.queue.push({ digests, resolve, reject });
    if (!held.isReading) {
      held.isReading = true;
      void drain(held);
    }
  });
}

async function drain(held: ReturnType<typeof state>): Promise<void> {
  while (held.queue.length > 0) {
    const batch = held.queue.splice(0, BATCH);
    try {
      deliver(batch, await askInRequest(() => read(batch)));
    } catch (error) {
      for (const waiter of [...batch, ...held.queue.splice(0)]) {
        waiter.reject(error);
      }
    }
  }
  held.isReading = false;
}

async function read(batch: readonly Waiter[]): Promise<KeyRow[]> {
  return await listKeysByDigest(
    getDb(),
    batch.flatMap((waiter) => waiter.digests),
  );
}

function deliver(batch: readonly Waiter[], rows: readonly KeyRow[]): void {
  const byDigest = new Map(rows.map((row) => [row.secret.digest.toString("latin1"), row]));
  for (const { digests, resolve } of batch) {
    const names = digests.map((digest) => digest.toString("latin1"));
    resolve(names.map((name) => byDigest.get(name)).find((row) => row !== undefined));
  }
}
