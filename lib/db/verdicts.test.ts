import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { VerdictRecord } from "#lib/contract/guardrail-verdict.ts";
import type { RequestRecord } from "#lib/contract/record.ts";
import { newId } from "#lib/ids.ts";
import { openTestDatabase, type TestDatabase } from "#lib/testing/database.ts";
import { hasPostgres } from "#lib/testing/postgres.ts";
import { makeRecord } from "#lib/testing/records.ts";
import { getSql } from "./client.ts";
import { logRowOf } from "./request-log-row.ts";
import { insertRecords } from "./request-logs.ts";

const STORES = hasPostgres() ? (["embedded", "postgres"] as const) : (["embedded"] as const);
const RULE = "01900000-0000-7000-8000-0000000000aa";

function verdict(changes: Partial<VerdictRecord> = {}): VerdictRecord {
  return {
    ruleId: RULE,
    ruleName: 'no "e-mail"',
    ruleVersion: 3,
    type: "pii",
    stage: "pre",
    action: "redact",
    mode: "enforced",
    state: "acted",
    matches: 2,
    kinds: { email: 2 },
    score: 0.5,
    durationUs: 120,
    reason: null,
    ...changes,
  };
}

describe.each(STORES)("verdicts on %s", (store) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase(store);
  });
  afterAll(async () => {
    await database?.close();
  });

  function insert(...records: RequestRecord[]): Promise<number> {
    return insertRecords(getSql("batch"), `[${records.map(logRowOf).join(",")}]`);
  }

  it("every verdict is kept in its order, and the row has all of them in one word", async () => {
    const failed = verdict({ state: "failed", action: "log", matches: 0, kinds: {}, score: null });
    const record = makeRecord({
      verdicts: [verdict(), { ...failed, reason: "It was\0too slow." }],
    });
    await insert(record);
    const rows = await getSql()`
      select position, rule_name, rule_version, rule_type, stage, action, mode, state, matches,
        kinds, score, duration_us, reason
      from guardrail_verdicts where request_id = ${record.id} order by position`;
    expect(rows.map((row) => ({ ...row }))).toEqual([
      {
        position: 1,
        rule_name: 'no "e-mail"',
        rule_version: 3,
        rule_type: "pii",
        stage: "pre",
        action: "redact",
        mode: "enforced",
        state: "acted",
        matches: 2,
        kinds: { email: 2 },
        score: 0.5,
        duration_us: 120,
        reason: null,
      },
      expect.objectContaining({ position: 2, state: "failed", reason: "It was\ufffdtoo slow." }),
    ]);
    const [log] = await getSql()`
      select guardrail_result from request_logs where id = ${record.id}`;
    expect(log?.["guardrail_result"]).toBe("changed");
  });

  it("a record that is sent again counts each verdict once, and batches add up by the hour", async () => {
    const ruleId = newId();
    const at = Date.parse("2026-05-01T10:20:00Z");
    const one = makeRecord({ id: newId(at), verdicts: [verdict({ ruleId, durationUs: 30 })] });
    const two = makeRecord({ id: newId(at + 1), verdicts: [verdict({ ruleId, durationUs: 9e6 })] });
    await insert(one, two);
    await insert(one, makeRecord({ id: newId(at + 2), verdicts: [verdict({ ruleId })] }));
    const [sum] = await getSql()`
      select runs::int, matches::int, duration_buckets::int[] as buckets
      from guardrail_rollup_1h where rule_id = ${ruleId}`;
    expect(sum).toMatchObject({ runs: 3, matches: 6 });
    expect(sum?.["buckets"].filter((count: number) => count > 0)).toEqual([1, 1, 1]);
    expect(sum?.["buckets"].at(-1)).toBe(1);
  });

  it("a stored answer's worth and its source, and the prompt's version, are in the row and the sums", async () => {
    const keyId = newId();
    const sourceId = newId();
    const record = makeRecord({
      keyId,
      outcome: "cached",
      costNanos: 0n,
      cacheResult: "SEMANTIC",
      cacheHit: { sourceId, savedNanos: 12_345_678_901n, similarity: 0.973 },
      prompt: { name: "support/reply", version: 7 },
    });
    await insert(record);
    const [row] = await getSql()`
      select saved_nanos::text, cache_source_id, cache_similarity, prompt_name, prompt_version,
        guardrail_result
      from request_logs where id = ${record.id}`;
    expect(row).toEqual({
      saved_nanos: "12345678901",
      cache_source_id: sourceId,
      cache_similarity: expect.closeTo(0.973, 5),
      prompt_name: "support/reply",
      prompt_version: 7,
      guardrail_result: null,
    });
    for (const table of ["usage_rollup_15m", "usage_rollup_1h"]) {
      const [sum] = await getSql()`
        select saved_nanos::text from ${getSql()(table)} where key_id = ${keyId}`;
      expect(sum?.["saved_nanos"]).toBe("12345678901");
    }
  });
});
