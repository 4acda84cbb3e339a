import { NO_ID } from "#drizzle/schema/columns.ts";
import { LATENCY_BOUNDS_MS, LATENCY_CLASSES } from "#lib/catalog/latency-buckets.ts";
import type { SqlFragment } from "./budget-charges.ts";
import type { Sql, TransactionSql } from "./client.ts";

/** The tables that hold sums, which `insertRecords` writes in the statement of the rows they count. */
export const ROLLUPS = {
  quarters: { table: "usage_rollup_15m", width: "15 minutes" },
  hours: { table: "usage_rollup_1h", width: "1 hour" },
} as const;

export type Rollup = (typeof ROLLUPS)[keyof typeof ROLLUPS];

/**
 * A call for a name that exists nowhere: counted, but not under that name, for anyone can invent one.
 * A stored answer was asked of no deployment, and its name is one that was answered before.
 */
const KNOWN_MODEL = `case when deployment_id is null and alias is null and outcome <> 'cached'
  then '' else model_asked end`;

/** The class of a duration in milliseconds; null for none. */
export function latencyClassOf(
  sql: Sql | TransactionSql,
  column: "latency_ms" | "ttft_ms",
): SqlFragment {
  return sql`width_bucket(${sql(column)}, ${sql.unsafe(BOUNDS)})`;
}

const BOUNDS = `array[${LATENCY_BOUNDS_MS.join(",")}]::float8[]`;

const countsOf = (column: "latency_class" | "ttft_class"): string =>
  Array.from(
    { length: LATENCY_CLASSES },
    (_, at) => `count(*) filter (where ${column} = ${at})`,
  ).join(",");

const LATENCY_COUNTS = countsOf("latency_class");
const TTFT_COUNTS = countsOf("ttft_class");

/**
 * Adds the rows of `fresh` up into one of the rollups. Written in key order, so that two replicas
 * cannot lock crosswise.
 */
export function rollUp(tx: Sql | TransactionSql, rollup: Rollup): SqlFragment {
  const key = `${rollup.table}_key`;
  return tx`
    insert into ${tx(rollup.table)} as kept (
      bucket_start, key_id, user_id, team_id, alias, model_asked, model, provider, deployment_id,
      outcome, requests, unpriced_requests, input_tokens, cache_read_tokens,
      cache_write_5m_tokens, cache_write_1h_tokens, output_tokens, reasoning_tokens,
      audio_in_tokens, audio_out_tokens, cost_nanos, saved_nanos, latency_ms_sum, latency_buckets,
      ttft_buckets
    )
    select
      date_bin(${rollup.width}, created_at, '2000-01-01 00:00:00+00'), key_id, user_id,
      coalesce(team_id, ${NO_ID}::uuid), coalesce(alias, ''), ${tx.unsafe(KNOWN_MODEL)},
      coalesce(model, ''), coalesce(provider, ''), coalesce(deployment_id, ${NO_ID}::uuid),
      outcome, count(*), count(*) filter (where price_state = 'unpriced'), sum(input_tokens),
      sum(cache_read_tokens), sum(cache_write_5m_tokens), sum(cache_write_1h_tokens),
      sum(output_tokens), sum(reasoning_tokens), sum(audio_in_tokens), sum(audio_out_tokens),
      sum(cost_nanos), sum(saved_nanos), sum(latency_ms), array[${tx.unsafe(LATENCY_COUNTS)}],
      array[${tx.unsafe(TTFT_COUNTS)}]
    from fresh
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
    order by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
    on conflict on constraint ${tx(key)} do update set
      requests = kept.requests + excluded.requests,
      unpriced_requests = kept.unpriced_requests + excluded.unpriced_requests,
      input_tokens = kept.input_tokens + excluded.input_tokens,
      cache_read_tokens = kept.cache_read_tokens + excluded.cache_read_tokens,
      cache_write_5m_tokens = kept.cache_write_5m_tokens + excluded.cache_write_5m_tokens,
      cache_write_1h_tokens = kept.cache_write_1h_tokens + excluded.cache_write_1h_tokens,
      output_tokens = kept.output_tokens + excluded.output_tokens,
      reasoning_tokens = kept.reasoning_tokens + excluded.reasoning_tokens,
      audio_in_tokens = kept.audio_in_tokens + excluded.audio_in_tokens,
      audio_out_tokens = kept.audio_out_tokens + excluded.audio_out_tokens,
      cost_nanos = kept.cost_nanos + excluded.cost_nanos,
      saved_nanos = kept.saved_nanos + excluded.saved_nanos,
      latency_ms_sum = kept.latency_ms_sum + excluded.latency_ms_sum,
      latency_buckets = ${addUp(tx, "latency_buckets")},
      ttft_buckets = ${addUp(tx, "ttft_buckets")}`;
}

/** Two histograms class by class; rows written before the list was extended are shorter. */
function addUp(tx: Sql | TransactionSql, column: "latency_buckets" | "ttft_buckets"): SqlFragment {
  return tx`array(
    select coalesce(old.count, 0) + coalesce(new.count, 0)
    from unnest(kept.${tx(column)}) with ordinality as old (count, class)
    full join unnest(excluded.${tx(column)}) with ordinality as new (count, class)
      using (class)
    order by class
  )`;
}
