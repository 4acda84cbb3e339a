import { setTimeout as sleep } from "node:timers/promises";
import postgres, { type Sql } from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Dice, makeDice } from "#lib/testing/fuzz.ts";
import { fault } from "#lib/testing/reliability-rows.ts";
import { byTier, recordFigure } from "#lib/testing/tier.ts";
import { ask, type Outcome } from "./client.ts";
import { expectNoCanary, expectNothingReserved, metric } from "./invariants.ts";
import { drawReply, FAULT_KINDS } from "./mixed-faults.ts";
import { readBudgets } from "./money.ts";
import { type FaultWorld, hasStores, startFaultWorld } from "./world.ts";

const RUNS = byTier({ quick: 4, all: 500 });
const REQUESTS = 24;
const MODEL = "mixed";
const PATIENCE_MS = 30_000;

let world: FaultWorld;
let sql: Sql;
let key = "";
let keyId = "";

/**
 * Faults of upstreams, stores, processes and callers, several at once, drawn from the seed. What has
 * to hold afterwards is what holds after each of them alone.
 */
describe.skipIf(!hasStores())(fault("F36"), () => {
  beforeAll(async () => {
    world = await startFaultWorld({ store: "stores", replicas: 2 });
    sql = postgres(world.databaseUrl ?? "", { max: 1, onnotice: () => undefined });
    await world.addModel("first");
    await world.addModel("second");
    // What a killed process had reserved is given back when the request could not last any longer.
    await world.gateway.admin("POST", "/aliases", {
      name: MODEL,
      timeout_ms: 10_000,
      members: [{ deployment: "first" }, { deployment: "second", priority: 2 }],
    });
    ({ key, id: keyId } = await world.gateway.addKey({ budget_limit_usd: "1000" }));
  });

  afterAll(async () => {
    await sql.end();
    await world.close();
  });

  it("mixed faults lose, double and leak nothing", async () => {
    const dice = makeDice();
    world.upstream.replyWith((request) => drawReply(request, dice));
    const drawn: string[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const kinds = drawKinds(dice);
      drawn.push(kinds.join(", "));
      const outcomes = await runMix(kinds, dice);
      await expectRecovered(`run ${run}: ${kinds.join(", ")}`, outcomes);
    }
    await expectNothingReserved(world.gateway);
    await expectLedgerAgrees();
    recordFigure({
      figure: "S3",
      value: `0 of ${drawn.length}`,
      met: drawn.length >= 500,
      how: `2 replicas, Postgres, Redis; ${REQUESTS} requests a run under up to 3 faults beside a bad upstream`,
    });
  }, 3_600_000);
});

function drawKinds(dice: Dice): string[] {
  const names = Object.keys(FAULT_KINDS);
  return [...new Set(Array.from({ length: 1 + dice.below(3) }, () => dice.pick(names)))];
}

async function runMix(kinds: readonly string[], dice: Dice): Promise<Outcome[]> {
  const asked = Array.from({ length: REQUESTS }, async (_, at) => {
    await sleep(at * 20);
    const hangUp = dice.below(8) === 0 ? AbortSignal.timeout(dice.below(60)) : undefined;
    return await ask({
      url: world.gateways[at % 2]?.url ?? "",
      key,
      model: MODEL,
      stream: at % 3 !== 0,
      ...(hangUp === undefined ? {} : { signal: hangUp }),
    });
  });
  await sleep(50);
  await Promise.all(kinds.map((kind) => FAULT_KINDS[kind]?.(world, dice)));
  return await Promise.all(asked);
}

/** Every answer that was given has one row; nothing is open, and no secret was told. */
async function expectRecovered(what: string, outcomes: readonly Outcome[]): Promise<void> {
  const given = outcomes.filter((one) => one.status === 200 && one.ending !== "cut");
  const wanted = given.flatMap(({ id }) => (id === null ? [] : [id]));
  let found: { id: string; rows: number }[] = [];
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await sleep(100)) {
    found = await sql`select id::text as id, count(*)::int as rows from request_logs
      where id in ${sql(wanted.length === 0 ? ["00000000-0000-0000-0000-000000000000"] : wanted)}
      group by id`;
    if (found.length === wanted.length) {
      break;
    }
  }
  const rows = new Map(found.map(({ id, rows }) => [id, rows]));
  expect({ what, lost: wanted.filter((id) => !rows.has(id)) }).toEqual({ what, lost: [] });
  expect({ what, twice: found.filter((one) => one.rows > 1) }).toEqual({ what, twice: [] });
  await expectNothingOpen(what);
  expectNoCanary(world, outcomes);
}

async function expectNothingOpen(what: string): Promise<void> {
  let open: (number | undefined)[] = [];
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await sleep(50)) {
    open = await Promise.all(world.gateways.map((one) => metric(one, "conduit_requests_open")));
    if (open.every((count) => count === 0)) {
      return;
    }
  }
  expect({ what, open }).toEqual({ what, open: open.map(() => 0) });
}

/** What the budget says was spent is what the rows add up to, to the nano-dollar. */
async function expectLedgerAgrees(): Promise<void> {
  let spent: bigint | undefined;
  let summed = 0n;
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await sleep(500)) {
    const budgets = await readBudgets(world.gateway);
    spent = budgets.find(({ subjectId }) => subjectId === keyId)?.spentNanos;
    const [row] = await sql<{ nanos: string }[]>`
      select coalesce(sum(cost_nanos), 0)::text as nanos from request_logs where key_id = ${keyId}`;
    summed = BigInt(row?.nanos ?? "0");
    if (spent === summed) {
      return;
    }
  }
  expect(spent).toBe(summed);
}
