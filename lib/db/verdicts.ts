import { CHECK_BOUNDS_US, CHECK_CLASSES } from "#lib/catalog/check-durations.ts";
import type { SqlFragment } from "./budget-charges.ts";
import type { Sql, TransactionSql } from "./client.ts";

/** As `logRowOf` writes them; quotes in callers' texts are escaped, so that none can look like it. */
const HAS_VERDICTS = '"verdicts":[';

/**
 * The parts of the statement of `insertRecords` that store verdicts and add them up; nothing for
 * rows that no rule has looked at.
 */
export function storeVerdicts(tx: Sql | TransactionSql, rowsJson: string): SqlFragment {
  if (!rowsJson.includes(HAS_VERDICTS)) {
    return tx``;
  }
  return tx`
    , judged as materialized (
      ${verdictsOfFresh(tx)}
    ), judged_rows as (
      ${insertVerdicts(tx)}
    ), judged_by_hour as (
      ${rollUpVerdicts(tx)}
    )`;
}

/** The verdicts of the rows in `fresh`, taken apart. */
function verdictsOfFresh(tx: Sql | TransactionSql): SqlFragment {
  return tx`
    select fresh.id as request_id, fresh.created_at, verdict.*
    from fresh, json_to_recordset(fresh.verdicts) as verdict (
      position int, rule_id uuid, rule_name text, rule_version int, rule_type text, stage text,
      action text, mode text, state text, matches int, kinds jsonb, score float8, duration_us int,
      reason text
    )
    where fresh.verdicts is not null`;
}

function insertVerdicts(tx: Sql | TransactionSql): SqlFragment {
  return tx`
    insert into guardrail_verdicts (
      request_id, created_at, position, rule_id, rule_name, rule_version, rule_type, stage, action,
      mode, state, matches, kinds, score, duration_us, reason
    )
    select
      request_id, created_at, position, rule_id, rule_name, rule_version, rule_type, stage, action,
      mode, state, matches, kinds, score, duration_us, reason
    from judged
    on conflict do nothing`;
}

const BOUNDS = `array[${CHECK_BOUNDS_US.join(",")}]::int[]`;
const COUNTS = Array.from(
  { length: CHECK_CLASSES },
  (_, at) => `count(*) filter (where width_bucket(duration_us, ${BOUNDS}) = ${at})`,
).join(",");

/** Adds verdicts up by rule and hour. Written in key order, so that two replicas cannot lock crosswise. */
function rollUpVerdicts(tx: Sql | TransactionSql): SqlFragment {
  return tx`
    insert into guardrail_rollup_1h as kept (
      bucket_start, rule_id, stage, mode, action, state, runs, matches, duration_buckets
    )
    select date_bin('1 hour', created_at, '2000-01-01 00:00:00+00'), rule_id, stage, mode, action,
      state, count(*), sum(matches), array[${tx.unsafe(COUNTS)}]
    from judged
    group by 1, 2, 3, 4, 5, 6
    order by 1, 2, 3, 4, 5, 6
    on conflict on constraint guardrail_rollup_1h_key do update set
      runs = kept.runs + excluded.runs,
      matches = kept.matches + excluded.matches,
      duration_buckets = array(
        select coalesce(old.count, 0) + coalesce(new.count, 0)
        from unnest(kept.duration_buckets) with ordinality as old (count, class)
        full join unnest(excluded.duration_buckets) with ordinality as new (count, class)
          using (class)
        order by class
      )`;
}
