import { and, desc, eq, type SQL, sql } from "drizzle-orm";
import { requestLogs } from "#drizzle/schema/request-logs.ts";
import { requestPayloads } from "#drizzle/schema/request-payloads.ts";
import type { Scope } from "#lib/contract/scope.ts";
import { idTimeMs } from "#lib/ids.ts";
import type { Db } from "./client.ts";
import type { PayloadRow } from "./request-payloads.ts";
import { withinScope } from "./scope.ts";

/** A stored request with what decides which rules it falls under. */
export interface StoredPayload extends PayloadRow {
  createdAt: Date;
  keyId: string;
  teamId: string | null;
  alias: string | null;
  endpoint: string;
}

/**
 * The latest requests whose content is stored, newest first, older than `beforeId`. Calls that the
 * gateway has made of its own are left out: no rule reads those.
 */
export async function listStoredPayloads(
  db: Db,
  params: { scope: Scope; limit: number; beforeId?: string | undefined },
): Promise<StoredPayload[]> {
  const rows = await db
    .select({
      requestId: requestPayloads.requestId,
      version: requestPayloads.keyVersion,
      wrappedKey: requestPayloads.wrappedKey,
      box: requestPayloads.box,
      sizeBytes: requestPayloads.sizeBytes,
      truncated: requestPayloads.truncated,
      createdAt: requestLogs.createdAt,
      keyId: requestLogs.keyId,
      teamId: requestLogs.teamId,
      alias: requestLogs.alias,
      endpoint: requestLogs.endpoint,
    })
    .from(requestPayloads)
    .innerJoin(
      requestLogs,
      and(
        eq(requestLogs.createdAt, requestPayloads.createdAt),
        eq(requestLogs.id, requestPayloads.requestId),
      ),
    )
    .where(
      and(
        withinScope(params.scope, requestLogs),
        sql`not jsonb_exists(${requestLogs.tags}, 'conduit.purpose')`,
        older(params.beforeId),
      ),
    )
    .orderBy(desc(requestPayloads.createdAt), desc(requestPayloads.requestId))
    .limit(params.limit);
  return rows.map(({ version, wrappedKey, box, ...row }) => ({
    ...row,
    sealed: { version, wrappedKey, box },
  }));
}

function older(id: string | undefined): SQL | undefined {
  return id === undefined
    ? undefined
    : sql`(${requestPayloads.createdAt}, ${requestPayloads.requestId})
        < (${new Date(idTimeMs(id)).toISOString()}::timestamptz, ${id}::uuid)`;
}
