import { and, count, eq } from "drizzle-orm";
import { requestPayloads } from "#drizzle/schema/request-payloads.ts";
import type { Sealed } from "#lib/crypto.ts";
import { idTimeMs } from "#lib/ids.ts";
import type { Db } from "./client.ts";

/** A request's sealed content as it is stored. */
export interface PayloadRow {
  requestId: string;
  sealed: Sealed;
  sizeBytes: number;
  truncated: boolean;
}

/**
 * The context that a payload is sealed and opened with: one that is moved to another request no
 * longer opens. Sealing and opening both come here.
 */
export function payloadContext(requestId: string): string {
  return ["conduit", "payload", "v1", requestId].join("|");
}

/** Stores payloads beside the log rows of their requests; one that is there already stays. */
export async function insertPayloads(db: Db, rows: readonly PayloadRow[]): Promise<void> {
  const values = rows.map(({ requestId, sealed, sizeBytes, truncated }) => ({
    requestId,
    createdAt: new Date(idTimeMs(requestId)),
    keyVersion: sealed.version,
    wrappedKey: sealed.wrappedKey,
    box: sealed.box,
    sizeBytes,
    truncated,
  }));
  await db.insert(requestPayloads).values(values).onConflictDoNothing();
}

export async function getPayload(
  db: Db,
  params: { requestId: string },
): Promise<PayloadRow | undefined> {
  const createdAt = new Date(idTimeMs(params.requestId));
  const [row] = await db
    .select()
    .from(requestPayloads)
    .where(
      and(
        eq(requestPayloads.createdAt, createdAt),
        eq(requestPayloads.requestId, params.requestId),
      ),
    );
  if (row === undefined) {
    return undefined;
  }
  const { requestId, keyVersion: version, wrappedKey, box, sizeBytes, truncated } = row;
  return { requestId, sealed: { version, wrappedKey, box }, sizeBytes, truncated };
}

/** How many payloads each version of the master keys seals. */
export async function countPayloadsByKey(db: Db): Promise<{ version: string; rows: number }[]> {
  return await db
    .select({ version: requestPayloads.keyVersion, rows: count() })
    .from(requestPayloads)
    .groupBy(requestPayloads.keyVersion);
}
