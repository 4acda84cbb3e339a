import { afterEach, describe, expect, it } from "vitest";
import { chatReply, chatStreamReply } from "#lib/testing/openai-replies.ts";
import { fault } from "#lib/testing/reliability-rows.ts";
import { byTier, recordFigure } from "#lib/testing/tier.ts";
import { type Balancer, startBalancer } from "./balancer.ts";
import { ask, type Outcome } from "./client.ts";
import { allRows, expectNothingReserved } from "./invariants.ts";
import { until } from "./until.ts";
import { type FaultWorld, hasStores, startFaultWorld } from "./world.ts";

const REPLICAS = byTier({ quick: 2, all: 3 });
const RESTARTS = byTier({ quick: 1, all: 30 });
const PER_SECOND = byTier({ quick: 20, all: 200 });
/**
 * A request under a budget is refused when neither store answers in time, which a start that takes the
 * whole machine can bring about. That is no fault of the restart, and is left to the quiet machine.
 */
const KEY = byTier({ quick: {}, all: { budget_limit_usd: "1000000" } });
const TICK_MS = 20;
const MODEL = "rolling";

let world: FaultWorld | undefined;
let balancer: Balancer | undefined;

afterEach(async () => {
  await balancer?.close();
  balancer = undefined;
  await world?.close();
  world = undefined;
});

describe.runIf(hasStores())(fault("F54"), () => {
  it(
    `no caller notices ${RESTARTS} restarts, in turn, of ${REPLICAS} replicas`,
    async () => {
      world = await startFaultWorld({
        store: "stores",
        replicas: REPLICAS,
        env: {
          CONDUIT_REPLICAS: String(REPLICAS),
          CONDUIT_LAME_DUCK_SECONDS: "3",
          CONDUIT_DRAIN_SECONDS: "60",
        },
        handler: (asked) =>
          (asked.json() as { stream?: boolean }).stream === true
            ? chatStreamReply(["still ", "here"])
            : chatReply("still here"),
      });
      await world.addModel(MODEL);
      const { key } = await world.gateway.addKey(KEY);
      for (const { url } of world.gateways) {
        await until("every replica has heard of the model", () => offersModel(url, key));
      }
      balancer = await startBalancer(world.gateways.map(({ url }) => url));
      const load = startLoad({ url: balancer.url, key, model: MODEL });
      try {
        for (let turn = 0; turn < RESTARTS; turn += 1) {
          await restart(world, balancer, turn % REPLICAS);
        }
      } finally {
        await load.stop();
      }
      const failed = load.outcomes.filter((one) => one.status !== 200 || one.ending === "cut");
      recordFigure({
        figure: "S11",
        value: `${failed.length} of ${load.outcomes.length}`,
        met: failed.length === 0,
        how: `${REPLICAS} replicas on Postgres and Redis restarted in turn, ${RESTARTS} times in all, ${PER_SECOND} requests/s through a balancer that tries nothing twice`,
      });
      expect(failed.slice(0, 3).map(({ status, text }) => ({ status, text }))).toEqual([]);
      expect(failed).toHaveLength(0);
      await expectRowEach(world, load.outcomes);
      await expectNothingReserved(world.gateway);
    },
    byTier({ quick: 400_000, all: 3_000_000 }),
  );
});

async function offersModel(url: string, key: string): Promise<boolean> {
  const reply = await fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${key}` } });
  return (await reply.text()).includes(`"${MODEL}"`);
}

async function restart(here: FaultWorld, through: Balancer, at: number): Promise<void> {
  const leaving = here.gateways[at];
  const exit = await leaving?.kill("SIGTERM");
  expect(exit, leaving?.stdout().slice(-2000)).toEqual({ code: 0, signal: null });
  await here.startReplica(at);
  await until(`replica ${at} is used again`, () => through.isUsed(at));
}

interface Load {
  outcomes: Outcome[];
  /** Asks no more, and waits for what is under way. */
  stop: () => Promise<void>;
}

/** Asks at a steady rate, whole and streamed in turn, however long answers take. */
function startLoad(target: { url: string; key: string; model: string }): Load {
  const outcomes: Outcome[] = [];
  const underWay = new Set<Promise<void>>();
  const startedAt = performance.now();
  let asked = 0;
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startedAt) * PER_SECOND) / 1000);
    // A tick that came late asks for what it missed, but never for a burst of a whole second.
    for (asked = Math.max(asked, due - PER_SECOND); asked < due; asked += 1) {
      const one = ask({ ...target, stream: asked % 2 === 0 }).then((outcome) => {
        outcomes.push(outcome);
      });
      const noted: Promise<void> = one.finally(() => underWay.delete(noted));
      underWay.add(noted);
    }
  }, TICK_MS);
  return {
    outcomes,
    stop: async () => {
      clearInterval(timer);
      await Promise.all(underWay);
    },
  };
}

/** Rows are read a page at a time, so they are waited for by their number and compared once. */
async function expectRowEach(here: FaultWorld, outcomes: readonly Outcome[]): Promise<void> {
  const wanted = new Set(outcomes.map(({ id }) => id));
  let found: string[] = [];
  await until("every request has its row", async () => {
    found = (await allRows(here.gateway)).map(({ id }) => id);
    return found.length >= wanted.size;
  });
  expect(new Set(found)).toEqual(wanted);
  expect(found).toHaveLength(wanted.size);
}
