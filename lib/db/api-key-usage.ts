import { and, desc, eq, gte, inArray, lte, sql } from "drizzle-orm";
import { requestLogs } from "#drizzle/schema/request-logs.ts";
import { usageRollup15m as rollup } from "#drizzle/schema/usage-rollup-15m.ts";
import type { Db } from "./client.ts";

const HOUR_MS = 3_600_000;
const HOURS = 24;

/** Requests of some keys in each of the last 24 hours, the oldest first; idle keys are absent. */
export async function listHourlyRequests(
  db: Db,
  params: { keyIds: readonly string[]; now: Date },
): Promise<Map<string, number[]>> {
  const { keyIds, now } = params;
  if (keyIds.length === 0) {
    return new Map();
  }
  const lastHourMs = now.getTime() - (now.getTime() % HOUR_MS);
  const since = new Date(lastHourMs - (HOURS - 1) * HOUR_MS);
  const hour = sql<number>`floor(extract(epoch from ${rollup.bucketStart} - ${since.toISOString()}::timestamptz) / 3600)`;
  const rows = await db
    .select({
      keyId: rollup.keyId,
      hour: hour.mapWith(Number).as("hour"),
      requests: sql`sum(${rollup.requests})`.mapWith(Number),
    })
    .from(rollup)
    .where(and(inArray(rollup.keyId, [...keyIds]), gte(rollup.bucketStart, since)))
    .groupBy(rollup.keyId, sql`hour`);
  const hourly = new Map<string, number[]>();
  for (const row of rows) {
    const hours = hourly.get(row.keyId) ?? Array<number>(HOURS).fill(0);
    hours[row.hour] = row.requests;
    hourly.set(row.keyId, hours);
  }
  return hourly;
}

/** Where a key was used from last. */
export interface LastUse {
  ip: string | null;
  userAgent: string | null;
}

/** `last_used_at` may lag, and be written before its log row: the row is looked for around it. */
const AROUND_MS = 10 * 60_000;

/** The last request of each key, found by when it was used; keys without one are absent. */
export async function listLastUses(
  db: Db,
  keys: readonly { id: string; lastUsedAt: Date | null }[],
): Promise<Map<string, LastUse>> {
  const used = keys.filter(({ lastUsedAt }) => lastUsedAt !== null);
  if (used.length === 0) {
    return new Map();
  }
  const wanted = JSON.stringify(
    used.map(({ id, lastUsedAt }) => {
      const ms = lastUsedAt?.getTime() ?? 0;
      return { id, from: new Date(ms - AROUND_MS), to: new Date(ms + AROUND_MS) };
    }),
  );
  const rows = await db.execute<{ id: string; ip: string | null; user_agent: string | null }>(sql`
    select wanted.id, last.ip, last.user_agent
    from json_to_recordset(${wanted}::text::json)
      as wanted (id uuid, "from" timestamptz, "to" timestamptz)
    cross join lateral (
      select ip, user_agent from request_logs
      where key_id = wanted.id and created_at >= wanted."from" and created_at <= wanted."to"
      order by created_at desc, id desc limit 1
    ) as last`);
  return new Map(rows.map((row) => [row.id, { ip: row.ip, userAgent: row.user_agent }]));
}

/** What a key was used for in the last hour and day. */
export async function countKeyUse(
  db: Db,
  params: { keyId: string; now: Date },
): Promise<{ lastAt: Date | null; hour: number; day: number; addresses: number }> {
  const { keyId, now } = params;
  const hourAgo = new Date(now.getTime() - HOUR_MS).toISOString();
  const inHour = sql`filter (where ${requestLogs.createdAt} >= ${hourAgo}::timestamptz)`;
  const [row] = await db
    .select({
      hour: sql`count(*) ${inHour}`.mapWith(Number),
      day: sql`count(*)`.mapWith(Number),
      addresses: sql`count(distinct ${requestLogs.ip}) ${inHour}`.mapWith(Number),
    })
    .from(requestLogs)
    .where(
      and(
        eq(requestLogs.keyId, keyId),
        gte(requestLogs.createdAt, new Date(now.getTime() - HOURS * HOUR_MS)),
        lte(requestLogs.createdAt, now),
      ),
    );
  const [last] = await db
    .select({ at: requestLogs.createdAt })
    .from(requestLogs)
    .where(and(eq(requestLogs.keyId, keyId), lte(requestLogs.createdAt, now)))
    .orderBy(desc(requestLogs.createdAt))
    .limit(1);
  return { lastAt: last?.at ?? null, ...(row ?? { hour: 0, day: 0, addresses: 0 }) };
}
