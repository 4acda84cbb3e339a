import { and, gte, inArray, sql } from "drizzle-orm";
import { usageRollup15m } from "#drizzle/schema/usage-rollup-15m.ts";
import { ORGANIZATION_ID } from "#lib/contract/caller.ts";
import type { Db } from "./client.ts";

const SUBJECT_COLUMNS = {
  key: usageRollup15m.keyId,
  user: usageRollup15m.userId,
  team: usageRollup15m.teamId,
} as const;

export type SpendSubject = keyof typeof SUBJECT_COLUMNS | "organization";

/**
 * What some keys, users, teams or the whole install have spent since a moment, in nano-dollars, by
 * their ids; those that spent nothing are absent. A moment inside a quarter of an hour counts from
 * the next one on.
 */
export async function sumSpend(
  db: Db,
  params: { subject: SpendSubject; subjectIds: readonly string[]; since: Date },
): Promise<Map<string, bigint>> {
  if (params.subjectIds.length === 0) {
    return new Map();
  }
  if (params.subject === "organization") {
    return new Map([[ORGANIZATION_ID, await sumAll(db, params.since)]]);
  }
  const column = SUBJECT_COLUMNS[params.subject];
  const rows = await db
    .select({
      id: column,
      nanos: sql<string>`sum(${usageRollup15m.costNanos})`.mapWith(BigInt),
    })
    .from(usageRollup15m)
    .where(
      and(inArray(column, [...params.subjectIds]), gte(usageRollup15m.bucketStart, params.since)),
    )
    .groupBy(column);
  return new Map(rows.map((row) => [row.id, row.nanos]));
}

async function sumAll(db: Db, since: Date): Promise<bigint> {
  const [row] = await db
    .select({ nanos: sql<string>`coalesce(sum(${usageRollup15m.costNanos}), 0)`.mapWith(BigInt) })
    .from(usageRollup15m)
    .where(gte(usageRollup15m.bucketStart, since));
  return row?.nanos ?? 0n;
}
