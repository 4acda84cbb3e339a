import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { chatReply, chatStreamEvents, EVENT_STREAM } from "#lib/testing/openai-replies.ts";
import { fault } from "#lib/testing/reliability-rows.ts";
import { seededRandom, seededWhole } from "#lib/testing/seeded-random.ts";
import { byTier, recordFigure, seed } from "#lib/testing/tier.ts";
import { ask, errorOf, type Outcome } from "../faults/client.ts";
import { allRows, expectInvariants, type LogRow } from "../faults/invariants.ts";
import { expectSpent, nanosOf, readBudgets, sumOfRows } from "../faults/money.ts";
import { type FaultWorld, type Store, startFaultWorld, storesToTest } from "../faults/world.ts";
import { startLoad } from "./load.ts";

const MODEL = "survivor";
const PER_SECOND = 200;
/** Kills of one store; 100 together with both. */
const ROUNDS = byTier({ quick: { embedded: 4, stores: 3 }, all: { embedded: 50, stores: 50 } });
/** The moment of a kill, in milliseconds after the first answers of its round. */
const MOMENT_MS = byTier({ quick: { least: 20, most: 500 }, all: { least: 20, most: 1_200 } });
/** A lease outlasts its request's time by half a minute. */
const TIMEOUT_MS = 20_000;
const LEASE_MS = TIMEOUT_MS + 30_000;
/** 9 tokens in at 1 USD and 3 out at 2 USD per million. */
const COST_NANOS = 15_000n;

const tally = { kills: 0, answered: 0, rows: 0, interrupted: 0, lost: 0, duplicates: 0 };
let world: FaultWorld | undefined;

afterEach(async () => {
  await world?.close();
  world = undefined;
});

afterAll(() => {
  const { kills, answered, rows, interrupted } = tally;
  if (kills === 0) {
    return;
  }
  const how =
    `${kills} kills at seeded moments under ${PER_SECOND} requests/s, whole and streamed; ` +
    `${rows} rows, ${interrupted} of them interrupted; seed ${seed()}`;
  recordFigure({
    figure: "S8",
    value: `${tally.lost} of ${answered} in ${kills} kills`,
    met: tally.lost === 0 && kills >= 100,
    how,
  });
  recordFigure({
    figure: "S10",
    value: `${tally.duplicates} of ${rows}`,
    met: tally.duplicates === 0,
    how,
  });
});

describe(fault("F36"), () => {
  it.each(storesToTest(["embedded", "stores"]))(
    "loses and doubles no record, and ends what was under way as interrupted (%s)",
    async (store) => {
      const here = await open(store);
      const key = await addBudgets(here);
      const random = seededRandom(store === "embedded" ? 1 : 2);
      const outcomes: Outcome[] = [];
      for (let round = 0; round < ROUNDS[store]; round += 1) {
        outcomes.push(...(await killOnce(here, key, random)));
      }
      await leasesOver(here);
      await expectInvariants(here, { outcomes, killed: true });
      const rows = await expectKept(here, outcomes);
      const lost = await lostHoldsOf(here, rows);
      // Counters in memory die with their process; only a store of its own can outlive a request.
      expect(lost === 0n || store === "stores").toBe(true);
      await expectSpent(here.gateway, () => sumOfRows(rows) + lost);
    },
    byTier({ quick: 360_000, all: 1_800_000 }),
  );
});

async function open(store: Store): Promise<FaultWorld> {
  const here = await startFaultWorld({
    store,
    handler: (request) => {
      const streamed = (request.json() as { stream?: boolean }).stream === true;
      return streamed
        ? { headers: EVENT_STREAM, steps: [...chatStreamEvents(["still ", "here"]), { waitMs: 1 }] }
        : { ...chatReply("still here"), delayMs: 2 };
    },
  });
  world = here;
  await here.addModel(MODEL);
  return here;
}

/**
 * A process that dies between taking a hold in a shared store and noting its request leaves nothing
 * that could tell whose it is: the hold is charged when its lease ends, and never freed in silence.
 */
async function leasesOver({ gateway }: FaultWorld): Promise<void> {
  for (const deadline = Date.now() + LEASE_MS + 60_000; Date.now() < deadline; await sleep(500)) {
    if ((await readBudgets(gateway)).every(({ reservedNanos }) => reservedNanos === 0n)) {
      return;
    }
  }
}

/** What was charged for such holds: whole estimates, and fewer of them than requests met a kill. */
async function lostHoldsOf({ gateway }: FaultWorld, rows: readonly LogRow[]): Promise<bigint> {
  const [budget] = await readBudgets(gateway);
  const lost = (budget?.spentNanos ?? 0n) - sumOfRows(rows);
  const estimate = nanosOf(rows.find((row) => row.outcome === "interrupted")?.cost_usd);
  expect(lost).toBeGreaterThanOrEqual(0n);
  expect(lost % estimate).toBe(0n);
  return lost;
}

/** A key that counts against three budgets at once. */
async function addBudgets({ gateway }: FaultWorld): Promise<string> {
  const team = await gateway.admin("POST", "/teams", { name: "survivors", budget_limit_usd: 1000 });
  await gateway.admin("POST", "/users", {
    email: "survivor@example.com",
    budget_limit_usd: 1000,
  });
  const { key } = await gateway.addKey({
    user_email: "survivor@example.com",
    team_id: team["id"],
    budget_limit_usd: 1000,
    budget_period: "month",
  });
  return key;
}

async function killOnce(here: FaultWorld, key: string, random: () => number): Promise<Outcome[]> {
  const { gateway } = here;
  const first = await askUntilKnown(gateway.url, key);
  const load = startLoad({
    url: gateway.url,
    key,
    model: MODEL,
    headers: { "x-conduit-timeout-ms": String(TIMEOUT_MS) },
    perSecond: PER_SECOND,
  });
  await load.whenAnswered(1);
  await sleep(seededWhole(random, MOMENT_MS.least, MOMENT_MS.most));
  await gateway.kill("SIGKILL");
  await load.stop();
  const strange = load.outcomes.filter((one) => !isExpected(one));
  expect(strange.map((one) => `${one.status} ${one.text}`)).toEqual([]);
  here.gateway = await here.startReplica(0);
  tally.kills += 1;
  return [first, ...load.outcomes.filter(({ status }) => status !== 503)];
}

/** On a machine that is busy with something else, a store may not say in time what it knows. */
const TOO_BUSY = new Set(["budget_store_unavailable", "not_ready"]);

function isExpected(outcome: Outcome): boolean {
  const { status } = outcome;
  return (
    status === 0 || status === 200 || (status === 503 && TOO_BUSY.has(errorOf(outcome)?.code ?? ""))
  );
}

/** A process that has just started knows no key yet, and under this load its database is slow to tell. */
async function askUntilKnown(url: string, key: string): Promise<Outcome> {
  let outcome = await ask({ url, key, model: MODEL });
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await sleep(50)) {
    if (outcome.status === 200) {
      return outcome;
    }
    outcome = await ask({ url, key, model: MODEL });
  }
  throw new Error(`The key is not known after all: ${outcome.status} ${outcome.text}`);
}

/**
 * An answered request has a row with its tokens and its price; every row is there once; and none is
 * fewer than the requests that an upstream was asked for.
 */
async function expectKept(here: FaultWorld, outcomes: readonly Outcome[]): Promise<LogRow[]> {
  const rows = await allRows(here.gateway);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const answered = outcomes.filter((one) => one.ending === "json" || one.ending === "done");
  const lost = answered.filter(({ id }) => byId.get(id ?? "")?.outcome !== "ok");
  const interrupted = rows.filter((row) => row.outcome === "interrupted");
  tally.answered += answered.length;
  tally.rows += rows.length;
  tally.interrupted += interrupted.length;
  tally.lost += lost.length;
  tally.duplicates += rows.length - byId.size;
  expect(lost.map(({ id }) => id)).toEqual([]);
  expect(byId.size).toBe(rows.length);
  expect(rows.length).toBeGreaterThanOrEqual(here.upstream.requests.length);
  // Not every kill meets a request at work, but all of them together do.
  expect(interrupted.length).toBeGreaterThan(0);
  const wrong = rows.filter((row) => row.outcome === "ok" && nanosOf(row.cost_usd) !== COST_NANOS);
  expect(wrong).toEqual([]);
  // Nobody knows what an interrupted request cost: it is charged at its estimate, and that is some.
  expect(interrupted.filter((row) => nanosOf(row.cost_usd) === 0n)).toEqual([]);
  return rows;
}
