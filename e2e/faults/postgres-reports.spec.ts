import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chunkEvent, EVENT_STREAM } from "#lib/testing/openai-replies.ts";
import { threat } from "#lib/testing/reliability-rows.ts";
import { byTier, recordFigure, tier } from "#lib/testing/tier.ts";
import { ask, type Outcome } from "./client.ts";
import { expectInvariants, metric } from "./invariants.ts";
import { percentile } from "./load.ts";
import { type FaultWorld, hasStores, startFaultWorld } from "./world.ts";

const MODEL = "steady";
const REPORTS = 20;
const GAP_MS = 20;
const EVENTS = byTier({ quick: 40, all: 300 });
const STREAMS = byTier({ quick: 4, all: 16 });
const DAYS = byTier({ quick: 5, all: 30 });
const DAY_MS = 86_400_000;

const EVENT = chunkEvent({ content: "word " }, null);
const STEPS = [
  ...Array.from({ length: EVENTS }, () => [EVENT, { waitMs: GAP_MS }]).flat(),
  chunkEvent({}, "stop"),
  "data: [DONE]\n\n",
];

describe.runIf(hasStores())(threat("T46"), { timeout: 240_000 }, () => {
  let world: FaultWorld;
  let key: string;

  beforeAll(async () => {
    world = await startFaultWorld({
      store: "stores",
      handler: () => ({ headers: EVENT_STREAM, steps: STEPS }),
    });
    await world.addModel(MODEL);
    ({ key } = await world.gateway.addKey());
    await expectInvariants(world, { outcomes: [(await readStream()).outcome] });
    await fillMonth(world.databaseUrl ?? "");
  });

  afterAll(() => world?.close());

  it("twenty reports over a month at once do not tear streams apart", async () => {
    const before = await streamAll();
    // Reading the delay begins its measurement anew.
    await metric(world.gateway, "nodejs_eventloop_lag_max_seconds");
    let isLoaded = true;
    const start = new Date(Date.now() - 30 * DAY_MS).toISOString();
    const reports = Array.from({ length: REPORTS }, async () => {
      const statuses: number[] = [];
      while (isLoaded) {
        statuses.push(await report(start));
      }
      return statuses;
    });
    const during = await streamAll();
    isLoaded = false;
    const statuses = (await Promise.all(reports)).flat();
    // One that finds no room is told to come again; none fails.
    expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([]);
    expect(statuses).toContain(200);
    const outcomes = [...before, ...during].map(({ outcome }) => outcome);
    expect(outcomes.every(({ ending }) => ending === "done")).toBe(true);
    const gaps = [before, during].map((streams) =>
      percentile(
        streams.flatMap((one) => one.gapsMs),
        0.99,
      ),
    );
    const [calm = 0, busy = 0] = gaps;
    // Twice is promised of an otherwise idle machine; nothing stands still on any.
    expect(busy).toBeLessThan(Math.max(calm * 10, 1_000));
    await record(calm, busy, statuses.length);
    await expectInvariants(world, { outcomes });
  });

  async function report(start: string): Promise<number> {
    const query = `start=${encodeURIComponent(start)}&group_by=key`;
    const reply = await fetch(`${world.gateway.url}/admin/v1/analytics/spend?${query}`, {
      headers: { authorization: `Bearer ${world.gateway.adminKey}` },
    });
    await reply.text();
    return reply.status;
  }

  function streamAll(): Promise<Stream[]> {
    return Promise.all(Array.from({ length: STREAMS }, readStream));
  }

  /** One stream with the milliseconds between its chunks, as the caller sees them. */
  async function readStream(): Promise<Stream> {
    const gapsMs: number[] = [];
    let lastMs: number | undefined;
    const outcome = await ask({
      url: world.gateway.url,
      key,
      model: MODEL,
      stream: true,
      onChunk: () => {
        const nowMs = performance.now();
        if (lastMs !== undefined) {
          gapsMs.push(nowMs - lastMs);
        }
        lastMs = nowMs;
      },
    });
    return { outcome, gapsMs };
  }

  async function record(calm: number, busy: number, reports: number): Promise<void> {
    if (tier() !== "all") {
      return;
    }
    const how = `${STREAMS} streams, ${REPORTS} reports over 30 days at once (${reports} in all), Postgres, load generator on the same cores`;
    recordFigure({
      figure: "T46",
      value: `${(busy / calm).toFixed(2)}x (${busy.toFixed(1)} ms after ${calm.toFixed(1)} ms)`,
      met: busy < calm * 2,
      how: `p99 of the gaps between chunks, ${how}`,
    });
    const text = await (
      await fetch(`${world.gateway.url}/metrics`, {
        headers: { authorization: `Bearer ${world.gateway.adminKey}` },
      })
    ).text();
    const [p99, max] = ["p99", "max"].map((which) => {
      const line = new RegExp(`^nodejs_eventloop_lag_${which}_seconds (\\S+)$`, "m").exec(text);
      return Number(line?.[1]) * 1_000;
    });
    recordFigure({
      figure: "S26",
      value: `${p99?.toFixed(0)} / ${max?.toFixed(0)} ms`,
      met: (p99 ?? Number.NaN) <= 20 && (max ?? Number.NaN) <= 200,
      how: `event-loop delay p99 and max, ${how}`,
    });
  }
});

interface Stream {
  outcome: Outcome;
  gapsMs: number[];
}

/** Sums as forty models leave behind in a month, after the row that one request has left. */
async function fillMonth(databaseUrl: string): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  try {
    for (const [table, stepMinutes] of [
      ["usage_rollup_15m", 15],
      ["usage_rollup_1h", 60],
    ] as const) {
      await sql`
        insert into ${sql(table)}
        select (jsonb_populate_record(one, jsonb_build_object(
          'bucket_start', (one).bucket_start - step * ${stepMinutes}::int * interval '1 minute',
          'model_asked', 'model ' || number
        ))).*
        from (select line from ${sql(table)} as line limit 1) as sample (one),
          generate_series(1, ${(DAYS * 1_440) / stepMinutes}::int) as step,
          generate_series(1, 40) as number`;
    }
    await sql`analyze`;
  } finally {
    await sql.end({ timeout: 1 });
  }
}
