import { and, gte, inArray, lt, not, type SQL, sql } from "drizzle-orm";
import { NO_ID } from "#drizzle/schema/columns.ts";
import { usageRollup1h as rollup } from "#drizzle/schema/usage-rollup-1h.ts";
import type { Db } from "./client.ts";
import type { LogFacet } from "./log-stats.ts";
import type { LogWhere, Wanted } from "./log-where.ts";
import { withinScope } from "./scope.ts";

/** Properties that the hourly sums know too; what stands for "none" there is a null here. */
const FACETS = {
  model: sql`nullif(coalesce(nullif(${rollup.model}, ''), ${rollup.modelAsked}), '')`,
  asked: sql`nullif(${rollup.modelAsked}, '')`,
  provider: sql`nullif(${rollup.provider}, '')`,
  key: sql`${rollup.keyId}::text`,
  user: sql`${rollup.userId}::text`,
  team: sql`nullif(${rollup.teamId}::text, ${NO_ID})`,
} as const satisfies Partial<Record<LogFacet, SQL>>;

export type RollupFacet = keyof typeof FACETS;

const HOUR_MS = 3_600_000;

type Range = LogWhere & { from: Date; to: Date };

/** Conditions that the sums can be asked for; any other one needs the rows themselves. */
const KNOWN: ReadonlySet<string> = new Set([
  "scope",
  "from",
  "to",
  "keyIds",
  "userIds",
  "teamIds",
  "models",
  "asked",
  "providers",
] satisfies (keyof LogWhere)[]);

/** Whether the hourly sums can count a property under these conditions. */
export function canSumFacet(facet: LogFacet, where: LogWhere): facet is RollupFacet {
  const asked = Object.entries(where).filter(([, value]) => value !== undefined);
  return facet in FACETS && asked.every(([name]) => KNOWN.has(name));
}

/**
 * As `countLogsBy`, from the hourly sums: for long ranges, in which counting rows takes seconds. It
 * is about right: the first hour is counted whole, and names that no deployment has are left out.
 */
export async function sumLogsBy(
  db: Db,
  params: { where: Range; facet: RollupFacet; limit: number },
): Promise<{ value: string; requests: number }[]> {
  const value = FACETS[params.facet];
  return await db
    .select({
      value: sql<string>`${value}`.as("value"),
      requests: sql`sum(${rollup.requests})`.mapWith(Number).as("requests"),
    })
    .from(rollup)
    .where(and(whereOf(params.where), sql`${value} is not null`))
    .groupBy(sql`1`)
    .orderBy(sql`2 desc, 1`)
    .limit(params.limit);
}

function whereOf(where: Range): SQL | undefined {
  const firstHourMs = Math.floor(where.from.getTime() / HOUR_MS) * HOUR_MS;
  return and(
    withinScope(where.scope, rollup),
    gte(rollup.bucketStart, new Date(firstHourMs)),
    lt(rollup.bucketStart, where.to),
    wanted(FACETS.key, where.keyIds),
    wanted(FACETS.user, where.userIds),
    wanted(FACETS.team, where.teamIds),
    wanted(FACETS.model, where.models),
    wanted(FACETS.asked, where.asked),
    wanted(FACETS.provider, where.providers),
  );
}

function wanted(column: SQL, values: Wanted<string> | undefined): SQL | undefined {
  if (values === undefined) {
    return undefined;
  }
  const known = sql`coalesce(${column}, '')`;
  return and(
    values.include.length === 0 ? undefined : inArray(known, [...values.include]),
    values.exclude.length === 0 ? undefined : not(inArray(known, [...values.exclude])),
  );
}
