import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OUTCOMES } from "#lib/catalog/outcomes.ts";
import { readLogFilter } from "#lib/contract/log-filter.ts";
import type { RequestRecord } from "#lib/contract/record.ts";
import { bucketsOf } from "#lib/contract/time-buckets.ts";
import { NO_USAGE } from "#lib/contract/usage.ts";
import { USAGE_METRICS } from "#lib/contract/usage-metrics.ts";
import { DEFAULT_USAGE_VIEW, type UsageGroupId } from "#lib/contract/usage-view.ts";
import { getDb, getSql } from "#lib/db/client.ts";
import { countLogs } from "#lib/db/log-stats.ts";
import { logRowOf } from "#lib/db/request-log-row.ts";
import { insertRecords } from "#lib/db/request-logs.ts";
import { newId } from "#lib/ids.ts";
import { openTestDatabase, type TestDatabase } from "#lib/testing/database.ts";
import { makePerson, makeTeam, type PersonActor } from "#lib/testing/people.ts";
import { makeRecord } from "#lib/testing/records.ts";
import type { Actor } from "./actor.ts";
import { type Chance, chanceOf } from "./demo/random.ts";
import { whereOfFilter } from "./log-where.ts";
import { showUsageChart } from "./usage-chart.ts";
import { showUsageTable } from "./usage-table.ts";

/** Clocks go back in Europe on 25 October 2026, and in America on 1 November. */
const FROM = Date.UTC(2026, 9, 22, 7, 30);
const TO = Date.UTC(2026, 10, 3, 19, 45);
const ZONES = [
  "UTC",
  "Europe/Berlin",
  "America/Los_Angeles",
  "Asia/Kolkata",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
];
const MODELS = ["small", "large", "odd", "rare", "old", "new", "seventh", "eighth"] as const;

const everything: Actor = { principal: { kind: "admin_key" }, requestId: "test", ip: null };
let database: TestDatabase;
let team: string;
let otherTeam: string;
let lead: PersonActor;
let member: PersonActor;

beforeAll(async () => {
  database = await openTestDatabase();
  team = (await makeTeam()).id;
  otherTeam = (await makeTeam()).id;
  lead = await makePerson({ role: "team_admin", teamIds: [team] });
  member = await makePerson({ role: "member", teamIds: [team] });
  const rows = makeRows(1_500).map(logRowOf);
  await insertRecords(getSql("batch"), `[${rows.join(",")}]`);
}, 60_000);

afterAll(() => database.close());

/** Requests at any time of the range, in all outcomes, of all owners. */
function makeRows(count: number): RequestRecord[] {
  const chance = chanceOf(7);
  return Array.from({ length: count }, () => makeRow(chance));
}

const KEYS = [newId(), newId(), newId()] as const;
const OUTCOME_WEIGHTS = [["ok", 20] as const, ...OUTCOMES.map((name) => [name, 1] as const)];
const MODEL_WEIGHTS = MODELS.map((name, at) => [name, 1 / (at + 1)] as const);
const LIMITS = ["budget_exceeded", "rate_limit_exceeded"] as const;

function makeRow(chance: Chance): RequestRecord {
  const atMs = chance.between(FROM, TO - 1);
  const model = chance.weighted(MODEL_WEIGHTS);
  const outcome = chance.weighted(OUTCOME_WEIGHTS);
  return makeRecord({
    id: newId(atMs),
    keyId: chance.pick(KEYS),
    ...ownerOf(chance),
    model,
    modelAsked: model,
    provider: chance.pick(["openai", "anthropic"]),
    outcome,
    errorCode: outcome === "limited" ? chance.pick(LIMITS) : null,
    costNanos: BigInt(chance.between(0, 50_000_000)),
    priceState: chance.pick(["unpriced", "priced", "priced"]),
    latencyMs: Math.round(chance.around(900, 0.9)),
    usage: {
      ...NO_USAGE,
      input: chance.between(1, 4_000),
      cacheRead: chance.between(0, 500),
      output: chance.between(1, 900),
    },
    tags: chance.pick<Record<string, string>>([
      {},
      { app: "web" },
      { app: "mobile" },
      { app: "ci", job: "review" },
    ]),
  });
}

function ownerOf(chance: Chance): Pick<RequestRecord, "userId" | "teamId"> {
  return chance.happens(0.3)
    ? { userId: member.principal.id, teamId: null }
    : { userId: lead.principal.id, teamId: chance.pick([team, otherTeam]) };
}

const interval = { fromMs: FROM, toMs: TO };
const base = { ...DEFAULT_USAGE_VIEW, filter: {}, interval, nowMs: TO, zone: "UTC" };
const total = (values: readonly (number | null)[]): number =>
  values.reduce<number>((sum, value) => sum + (value ?? 0), 0);

describe("days", () => {
  test.each(ZONES)(
    "add up to the range in %s, on the days when clocks change too",
    async (zone) => {
      const chart = await showUsageChart(everything, {
        ...base,
        zone,
        rollup: "1d",
        metric: "requests",
      });

      const [first] = chart.buckets;
      const inner = chart.buckets
        .slice(1, -1)
        .map(({ from, to }) => Date.parse(to) - Date.parse(from));
      expect(first?.from).toBe(new Date(FROM).toISOString());
      expect(total(chart.series.flatMap(({ values }) => values))).toBe(1_500);
      if (zone === "Europe/Berlin") {
        expect(inner.filter((ms) => ms === 25 * 3_600_000)).toHaveLength(1);
      }
    },
  );

  test.each(ZONES)("are each what the rows of that day are in %s", async (zone) => {
    const chart = await showUsageChart(everything, {
      ...base,
      zone,
      rollup: "1d",
      metric: "requests",
    });
    const where = await whereOfFilter(getDb(), everything, { filter: {} });

    for (const [at, { from, to }] of chart.buckets.entries()) {
      const bounds = { ...where, from: new Date(from), to: new Date(to) };
      const rows = await countLogs(getDb(), { where: bounds, most: 10_000 });
      expect(total(chart.series.map(({ values }) => values[at] ?? null))).toBe(rows);
    }
  });

  test("begin at the zone's midnight and not at UTC's", async () => {
    const chart = await showUsageChart(everything, {
      ...base,
      zone: "Asia/Kathmandu",
      rollup: "1d",
    });

    expect(chart.buckets[1]?.from).toBe("2026-10-22T18:15:00.000Z");
    expect(chart.buckets).toHaveLength(bucketsOf(interval, "1d", "Asia/Kathmandu").length);
  });
});

describe("parts", () => {
  const groups: UsageGroupId[] = ["model", "provider", "team", "key", "user", "outcome", "tag:app"];
  const additive = USAGE_METRICS.filter(({ kind }) => kind === "additive").map(({ id }) => id);

  test.each(groups)("by %s: the top ones and the rest are all of it", async (group) => {
    for (const metric of additive) {
      const chart = await showUsageChart(everything, { ...base, group, metric });
      const parts = total(chart.series.flatMap(({ values }) => values));
      expect(parts).toBeCloseTo(chart.total ?? Number.NaN, 6);
    }
  });

  test("that are not drawn are one, and are told of", async () => {
    const chart = await showUsageChart(everything, base);

    expect(chart.groupCount).toBe(MODELS.length);
    expect(chart.series.filter(({ isOther }) => !isOther)).toHaveLength(6);
    expect(chart.series.at(-1)).toMatchObject({ name: "Other", isOther: true });
  });

  test("of a percentile are merged from counts, not averaged", async () => {
    const whole = { ...base, metric: "latency_p95", rollup: "none" } as const;
    const chart = await showUsageChart(everything, whole);
    const rows = await getSql()<{ p95: number }[]>`
      select percentile_disc(0.95) within group (order by latency_ms)::float8 as p95
      from request_logs`;

    const exact = rows[0]?.p95 ?? 0;
    expect(Math.abs((chart.total ?? 0) - exact) / exact).toBeLessThan(0.25);
  });
});

describe("the table", () => {
  test("has the totals of the log rows, however few groups it shows", async () => {
    const { totals, rows, hidden } = await showUsageTable(everything, base, 2);
    const [exact] = await getSql()<{ requests: number; cost: bigint; input: bigint }[]>`
      select count(*)::int as requests, sum(cost_nanos)::bigint as cost,
        sum(input_tokens + cache_read_tokens)::bigint as input
      from request_logs`;

    expect(rows).toHaveLength(2);
    expect(hidden).toBe(MODELS.length - 2);
    expect(totals.requests).toBe(exact?.requests);
    expect(totals.input_tokens).toBe(Number(exact?.input));
    expect(BigInt(Math.round(Number(totals.spend_usd) * 1e9))).toBe(exact?.cost);
  });

  test("gives the same from the sums as from the rows", async () => {
    const fromSums = await showUsageTable(everything, base);
    // A filter that the sums do not know and that every row passes.
    const fromRows = await showUsageTable(everything, { ...base, filter: { mintok: 0 } });

    expect(fromRows.rows.map(figures)).toEqual(fromSums.rows.map(figures));
    expect(figures(fromRows.totals)).toEqual(figures(fromSums.totals));
  });

  test("leads from every row to just its requests", async () => {
    const query = {
      ...base,
      second: "outcome",
      filter: { provider: { include: ["openai"], exclude: [] } },
    } as const;
    const { rows } = await showUsageTable(everything, query);

    for (const row of rows) {
      const { filter, ignored } = readLogFilter(row.logs ?? {});
      const where = await whereOfFilter(getDb(), everything, { filter });
      expect(ignored).toEqual([]);
      expect(await countLogs(getDb(), { where, most: 10_000 })).toBe(row.requests);
    }
    expect(rows.length).toBeGreaterThan(20);
  });

  test("counts a label that is only part of an outcome", async () => {
    const filter = { outcome: { include: ["over_budget"], exclude: [] } };
    const { totals } = await showUsageTable(everything, { ...base, filter });
    const [exact] = await getSql()<{ requests: number }[]>`
      select count(*)::int as requests from request_logs where error_code = 'budget_exceeded'`;

    expect(totals.requests).toBe(exact?.requests);
    expect(totals.requests).toBeGreaterThan(0);
  });
});

describe("reach", () => {
  test("ends at what is one's own", async () => {
    const { totals } = await showUsageTable(member, base);
    const own = await getSql()<{ count: number }[]>`
      select count(*)::int from request_logs where user_id = ${member.principal.id}`;

    expect(totals.requests).toBe(own[0]?.count);
    expect(totals.requests).toBeLessThan(1_500);
  });

  test("of a team's administrator is the team, whatever the filter asks for", async () => {
    // Theirs, but outside of the team that the lead administers.
    const filter = { user: { include: [member.principal.id], exclude: [] } };
    const stranger = await makePerson({ role: "team_admin" });

    expect((await showUsageTable(stranger, base)).totals.requests).toBe(0);
    expect((await showUsageTable(everything, { ...base, filter })).totals.requests).toBeGreaterThan(
      0,
    );
    expect((await showUsageTable(lead, { ...base, filter })).totals.requests).toBe(0);
    // The rows and the sums keep to the same bounds.
    const byTag = await showUsageChart(stranger, { ...base, group: "tag:app" });
    expect(byTag.isEmpty).toBe(true);
  });
});

function figures({
  requests,
  input_tokens,
  output_tokens,
  spend_usd,
  latency_p95_ms,
  groups,
}: Awaited<ReturnType<typeof showUsageTable>>["totals"]) {
  return { requests, input_tokens, output_tokens, spend_usd, latency_p95_ms, groups };
}
