import { chargeBudgets, type SqlFragment } from "./budget-charges.ts";
import { settleReservations } from "./budgets.ts";
import type { Sql, TransactionSql } from "./client.ts";
import { latencyClassOf, ROLLUPS, rollUp } from "./usage-rollup.ts";
import { storeVerdicts } from "./verdicts.ts";

/**
 * Stores usage records: `rowsJson` is a JSON array of rows as `logRowOf` writes them, which Postgres
 * unpacks. At once or not at all it adds the log rows and their attempts, and from the rows that
 * were new it adds up the rollup, charges the budgets and settles reservations, so that a row that
 * is sent again counts once. Returns how many rows were new; throws the database's error.
 *
 * One statement does it all, so that a batch costs one round trip and no connection is ever lost in
 * the middle of a transaction. Only reservations in the database, which are settled by a statement
 * of their own, need one.
 */
export async function insertRecords(sql: Sql, rowsJson: string): Promise<number> {
  if (!rowsJson.includes(HELD_IN_DATABASE)) {
    return (await insertRows(sql, rowsJson, { chargesLater: false })).inserted;
  }
  return await sql.begin(async (tx) => {
    const { inserted, charges, reserved } = await insertRows(tx, rowsJson, { chargesLater: true });
    // Reservations before budgets, the order in which a settlement alone locks them.
    if (reserved !== null) {
      await settleReservations(tx, reserved);
    }
    if (charges !== null) {
      await chargeBudgets(
        tx,
        tx`select * from json_to_recordset(${charges}::text::json)
          as row (budget_id uuid, day timestamptz, nanos bigint)`,
      );
    }
    return inserted;
  });
}

/** As `logRowOf` writes it; quotes in callers' texts are escaped, so that none can look like it. */
const HELD_IN_DATABASE = '"reservation_store":"postgres"';

interface InsertedRows {
  inserted: number;
  /** What each budget is to be charged, as JSON; null when nothing is, or when it has been. */
  charges: string | null;
  /** Requests whose money is held in the database. */
  reserved: { requestId: string; costNanos: string }[] | null;
}

/** The moment in a UUIDv7: its first 48 bits, in milliseconds. */
const CREATED_AT = `to_timestamp(
  ('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint::float8 / 1000
)::timestamptz(3)`;
async function insertRows(
  tx: Sql | TransactionSql,
  rowsJson: string,
  { chargesLater }: { chargesLater: boolean },
): Promise<InsertedRows> {
  const charged = tx`, charged as (${chargeBudgets(tx, chargesOfFresh(tx))})`;
  const charges = tx`(
    select json_agg(json_build_object('budget_id', budget_id, 'day', day, 'nanos', nanos::text))
    from (${chargesOfFresh(tx)}) as charge
  )::text`;
  const [result] = await tx<InsertedRows[]>`
    with input as materialized (
      ${unpack(tx, rowsJson)}
    ), inserted as (
      insert into request_logs (
        id, created_at, key_id, user_id, team_id, dialect, endpoint, model_asked, alias,
        deployment_id, deployment_name, provider, model, status, outcome, error_code,
        error_message, input_tokens, cache_read_tokens, cache_write_5m_tokens,
        cache_write_1h_tokens, output_tokens, reasoning_tokens, audio_in_tokens, audio_out_tokens,
        estimated, cost_nanos, price_snapshot, price_state, latency_ms, ttft_ms, overhead_ms,
        attempt_count, stream, cache_result, adjusted, tags, session, ip, user_agent, saved_nanos,
        cache_source_id, cache_similarity, prompt_name, prompt_version, guardrail_result
      )
      select
        id, created_at, key_id, user_id, team_id, dialect, endpoint, model_asked, alias,
        deployment_id, deployment_name, provider, model, status, outcome, error_code,
        error_message, input_tokens, cache_read_tokens, cache_write_5m_tokens,
        cache_write_1h_tokens, output_tokens, reasoning_tokens, audio_in_tokens, audio_out_tokens,
        estimated, cost_nanos, price_snapshot, price_state, latency_ms, ttft_ms, overhead_ms,
        attempt_count, stream, cache_result, adjusted, tags, session, ip, user_agent, saved_nanos,
        cache_source_id, cache_similarity, prompt_name, prompt_version, guardrail_result
      from input
      on conflict (created_at, id) do nothing
      returning id
    ), fresh as materialized (
      select
        id, created_at, key_id, user_id, team_id, model_asked, alias, deployment_id,
        deployment_name, provider, model, outcome, input_tokens, cache_read_tokens,
        cache_write_5m_tokens, cache_write_1h_tokens, output_tokens, reasoning_tokens,
        audio_in_tokens, audio_out_tokens, cost_nanos, saved_nanos, price_state, latency_ms,
        ${latencyClassOf(tx, "latency_ms")} as latency_class,
        ${latencyClassOf(tx, "ttft_ms")} as ttft_class, attempt_after_ms, attempt_ms, attempts,
        verdicts, budget_ids, reservation_store
      from input join inserted using (id)
    ), attempted as (
      insert into request_attempts (
        request_id, created_at, position, deployment_id, deployment_name, provider, status,
        error_code, error_message, started_at, duration_ms, ended, cost_nanos
      )
      select
        id, created_at, 1, deployment_id, deployment_name, provider, 200, null, null,
        created_at + attempt_after_ms * interval '1 millisecond', attempt_ms, 'ok', cost_nanos
      from fresh where attempt_ms is not null
      union all
      select
        fresh.id, fresh.created_at, attempt.position, attempt.deployment_id,
        attempt.deployment_name, attempt.provider, attempt.status, attempt.error_code,
        attempt.error_message, attempt.started_at, attempt.duration_ms, attempt.ended,
        attempt.cost_nanos
      from fresh, json_to_recordset(fresh.attempts) as attempt (
        position int, deployment_id uuid, deployment_name text, provider text, status int,
        error_code text, error_message text, started_at timestamptz(3), duration_ms float8,
        ended text, cost_nanos bigint
      )
      where fresh.attempts is not null
      on conflict do nothing
    ), rolled_up as (
      ${rollUp(tx, ROLLUPS.quarters)}
    ), rolled_up_by_hour as (
      ${rollUp(tx, ROLLUPS.hours)}
    )
    ${storeVerdicts(tx, rowsJson)}
    ${chargesLater ? tx`` : charged}
    select
      (select count(*)::int from fresh) as inserted,
      ${chargesLater ? charges : tx`null`} as charges,
      (select json_agg(json_build_object('requestId', id, 'costNanos', cost_nanos::text))
        from fresh where reservation_store = 'postgres') as reserved`;
  return result ?? { inserted: 0, charges: null, reserved: null };
}

/**
 * The rows of the JSON, each once, in the order of their ids, so that two replicas that replay the
 * same rows cannot lock crosswise. A key that `logRowOf` left out has its usual value. The parameter
 * is JSON from the start, for a cast from text would copy it once more.
 */
function unpack(tx: Sql | TransactionSql, rowsJson: string): SqlFragment {
  return tx`
    select distinct on (id)
      id, ${tx.unsafe(CREATED_AT)} as created_at, key_id, user_id, team_id,
      coalesce(dialect, 'openai') as dialect, coalesce(endpoint, 'chat') as endpoint, model_asked,
      alias, deployment_id, deployment_name, provider, model, coalesce(status, 200) as status,
      coalesce(outcome, 'ok') as outcome, error_code, error_message,
      coalesce(input_tokens, 0) as input_tokens,
      coalesce(cache_read_tokens, 0) as cache_read_tokens,
      coalesce(cache_write_5m_tokens, 0) as cache_write_5m_tokens,
      coalesce(cache_write_1h_tokens, 0) as cache_write_1h_tokens,
      coalesce(output_tokens, 0) as output_tokens,
      coalesce(reasoning_tokens, 0) as reasoning_tokens,
      coalesce(audio_in_tokens, 0) as audio_in_tokens,
      coalesce(audio_out_tokens, 0) as audio_out_tokens, coalesce(estimated, false) as estimated,
      coalesce(cost_nanos, 0) as cost_nanos, price_snapshot,
      coalesce(price_state, 'priced') as price_state, coalesce(latency_ms, 0) as latency_ms,
      ttft_ms, coalesce(overhead_ms, 0) as overhead_ms,
      coalesce(attempt_count, 1) as attempt_count, coalesce(stream, false) as stream,
      coalesce(cache_result, 'MISS') as cache_result, coalesce(adjusted, '{}') as adjusted,
      coalesce(tags, '{}') as tags, session, ip, user_agent, attempt_after_ms, attempt_ms,
      attempts, budget_ids, reservation_store, coalesce(saved_nanos, 0) as saved_nanos,
      cache_source_id, cache_similarity, prompt_name, prompt_version, guardrail_result, verdicts
    from json_to_recordset(${rowsJson}::json) as row (
      id uuid, key_id uuid, user_id uuid, team_id uuid, dialect text, endpoint text,
      model_asked text, alias text, deployment_id uuid, deployment_name text, provider text,
      model text, status int, outcome text, error_code text, error_message text,
      input_tokens int, cache_read_tokens int, cache_write_5m_tokens int,
      cache_write_1h_tokens int, output_tokens int, reasoning_tokens int, audio_in_tokens int,
      audio_out_tokens int, estimated bool, cost_nanos bigint, price_snapshot jsonb,
      price_state text, latency_ms float8, ttft_ms float8, overhead_ms float8, attempt_count int,
      stream bool, cache_result text, adjusted text[], tags jsonb, session text, ip text,
      user_agent text, attempt_after_ms bigint, attempt_ms float8, attempts json,
      budget_ids uuid[], reservation_store text, saved_nanos bigint, cache_source_id uuid,
      cache_similarity float8, prompt_name text, prompt_version int, guardrail_result text,
      verdicts json
    )
    order by id`;
}

/**
 * What each budget is charged per UTC day: a week's, month's or day's window follows from the day.
 * Reservations in the database carry their cost to the budgets themselves.
 */
function chargesOfFresh(tx: Sql | TransactionSql): SqlFragment {
  // Rows of one key have the same budgets, so that few lists are left to take apart.
  return tx`
    select budget_id, day, sum(nanos)::bigint as nanos
    from (
      select budget_ids, date_bin('1 day', created_at, '2000-01-01 00:00:00+00') as day,
        sum(cost_nanos) as nanos
      from fresh
      where budget_ids is not null and cost_nanos > 0
        and reservation_store is distinct from 'postgres'
      group by 1, 2
    ) as charged_together, unnest(budget_ids) as budget_id
    group by 1, 2`;
}
