import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { makeTestDirectory } from "#lib/testing/database.ts";
import { startGateway, TEST_SECRETS } from "#lib/testing/gateway.ts";
import { startPostgres, type TestPostgres } from "#lib/testing/postgres.ts";
import { spawnServer } from "#lib/testing/process.ts";
import { fault, threat } from "#lib/testing/reliability-rows.ts";
import { byTier, recordFigure, seed, tier } from "#lib/testing/tier.ts";
import { ask, errorOf, type Outcome } from "./client.ts";
import { holdStreams } from "./held-streams.ts";
import { allRows, expectInvariants } from "./invariants.ts";
import { probe, until } from "./until.ts";
import { type FaultWorld, startFaultWorld, storesToTest, type WorldOptions } from "./world.ts";

const STREAMS = byTier({ quick: 50, all: 500 });
const LAME_DUCK_SECONDS = byTier({ quick: 3, all: 8 });
/** Nothing that is meant to end at once takes near this long; everything that waits takes longer. */
const AT_ONCE_MS = 20_000;
const FOR_EVER_SECONDS = "60";
/** For the process that only shows what the one before it has left, and is to be gone at once. */
const IMPATIENT = { CONDUIT_LAME_DUCK_SECONDS: "0", CONDUIT_DRAIN_SECONDS: "0" };
const doors = byTier({ quick: ["fast"] as const, all: ["fast", "next"] as const });

let world: FaultWorld | undefined;

afterEach(async () => {
  await world?.close();
  world = undefined;
});

describe(fault("F34"), () => {
  const places = storesToTest().flatMap((store) => doors.map((door) => ({ store, door })));

  it.each(places)(
    "lets new ones in while load balancers look, and ends each stream properly: $store, $door door",
    async ({ store, door }) => {
      const held = holdStreams();
      world = await startTimedWorld({
        store,
        door,
        handler: held.handler,
        env: {
          CONDUIT_LAME_DUCK_SECONDS: String(LAME_DUCK_SECONDS),
          CONDUIT_DRAIN_SECONDS: "2",
        },
      });
      const { gateway, upstream } = world;
      await world.addModel("held");
      const { key } = await gateway.addKey({ budget_limit_usd: "1000" });
      const stream = (user: string) =>
        ask({ url: gateway.url, key, model: "held", stream: true, fields: { user } });
      const short = Array.from({ length: STREAMS / 2 }, () => stream("short"));
      const endless = Array.from({ length: STREAMS / 2 }, () => stream("endless"));
      await upstream.whenRequests(STREAMS);

      const exited = gateway.kill("SIGTERM");
      await until("the probe fails", async () => {
        const { status, body } = await probe(gateway.url, "/readyz");
        return status === 503 && body["status"] === "draining";
      });
      const late = await Promise.all(
        Array.from({ length: 20 }, () => ask({ url: gateway.url, key, model: "held" })),
      );
      held.release();
      const ended = { short: await Promise.all(short), endless: await Promise.all(endless) };
      const { code } = await exited;

      expect(late.map(({ status }) => status)).toEqual(late.map(() => 200));
      // Whoever kept its connection would come back to nobody.
      expect(late.map(({ headers }) => headers.get("connection"))).toEqual(late.map(() => "close"));
      expect(countEndings(ended.short)).toEqual({ done: STREAMS / 2 });
      expect(countEndings(ended.endless)).toEqual({ error_event: STREAMS / 2 });
      const codes = new Set(ended.endless.map((outcome) => errorOf(outcome)?.code));
      expect([...codes]).toEqual(["server_shutdown"]);
      expect(code).toBe(0);

      await world.startReplica(0, IMPATIENT);
      const outcomes = [...late, ...ended.short, ...ended.endless];
      await expectInvariants(world, { outcomes });
      const rows = await allRows(world.gateway);
      recordFigure({
        figure: "S9",
        value: `${outcomes.length - rows.length} of ${outcomes.length}`,
        met: rows.length === outcomes.length,
        how: `SIGTERM with ${STREAMS} streams open, half of them endless, ${store}, ${door} door`,
      });
    },
    180_000,
  );

  it("a process that has nothing to do ends at once, whoever keeps a connection alive", async () => {
    const held = holdStreams();
    world = await startTimedWorld({
      store: "embedded",
      handler: held.handler,
      env: { CONDUIT_DRAIN_SECONDS: FOR_EVER_SECONDS },
    });
    const { gateway, upstream } = world;
    await world.addModel("held");
    const { key } = await gateway.addKey();
    // Its head says that the connection is kept, and so does its client.
    const streamed = ask({
      url: gateway.url,
      key,
      model: "held",
      stream: true,
      fields: { user: "short" },
    });
    await upstream.whenRequests(1);
    const exited = gateway.kill("SIGTERM");
    await until("nobody listens", async () => (await probe(gateway.url, "/livez")).status === 0);
    const releasedAt = performance.now();
    held.release();
    expect((await streamed).ending).toBe("done");
    expect(await exited).toEqual({ code: 0, signal: null });
    expect(performance.now() - releasedAt).toBeLessThan(AT_ONCE_MS);
  }, 180_000);
});

describe(fault("F35"), () => {
  it("a second signal ends the waiting, and streams are told all the same", async () => {
    const held = holdStreams();
    world = await startTimedWorld({
      store: "embedded",
      handler: held.handler,
      env: { CONDUIT_DRAIN_SECONDS: FOR_EVER_SECONDS, CONDUIT_LAME_DUCK_SECONDS: "60" },
    });
    const { gateway, upstream } = world;
    await world.addModel("held");
    const { key } = await gateway.addKey({ budget_limit_usd: "10" });
    const streamed = ask({ url: gateway.url, key, model: "held", stream: true });
    await upstream.whenRequests(1);
    const askedAt = performance.now();
    const exited = gateway.kill("SIGTERM");
    await until("it drains", async () => (await probe(gateway.url, "/readyz")).status === 503);
    await gateway.kill("SIGTERM");
    expect(await exited).toEqual({ code: 0, signal: null });
    expect(performance.now() - askedAt).toBeLessThan(AT_ONCE_MS);
    const outcome = await streamed;
    expect(outcome.ending).toBe("error_event");
    await world.startReplica(0, IMPATIENT);
    await expectInvariants(world, { outcomes: [outcome] });
  }, 180_000);

  it.runIf(tier() === "all")(
    "at any moment of the start, with a migration in it, leaves a database that the next start takes",
    async () => {
      await sweepStarts({ rounds: 20, databaseUrl: undefined });
    },
    600_000,
  );

  it.runIf(tier() === "all" && storesToTest().includes("stores"))(
    "the same on Postgres",
    async () => {
      const postgres: TestPostgres = await startPostgres();
      try {
        for (let round = 0; round < 5; round += 1) {
          await sweepStarts({ rounds: 4, databaseUrl: await postgres.createDatabase() });
        }
      } finally {
        await postgres.stop();
      }
    },
    600_000,
  );
});

describe(threat("T16"), () => {
  it("a start that a setting forbids ends with 78 and says which", async () => {
    const bad = [
      [{ CONDUIT_DRAIN_SECONDS: "-5" }, "CONDUIT_DRAIN_SECONDS"],
      [{ TRUSTED_PROXIES: "balancer.internal" }, "TRUSTED_PROXIES"],
      [{ VERCEL: "1" }, "DATABASE_URL"],
    ] as const;
    const starts = bad.map(async ([env, named]) => {
      const server = await spawnServer({ env });
      const { code } = await server.exited;
      await server.close();
      return { code, isNamed: server.stderr().includes(named) };
    });
    expect(await Promise.all(starts)).toEqual(bad.map(() => ({ code: 78, isNamed: true })));
  });
});

/**
 * Tells starts on one database to end, at moments that the seed chooses, every other one twice; then
 * a start that is left alone has to work.
 */
async function sweepStarts(options: {
  rounds: number;
  databaseUrl: string | undefined;
}): Promise<void> {
  const random = makeRandom(seed());
  const dataDir = makeTestDirectory();
  const env = {
    ...TEST_SECRETS,
    CONDUIT_ADMIN_KEY: "0f8c1d7e6b5a493827160594a3b2c1d0",
    DATABASE_URL: options.databaseUrl,
  };
  try {
    for (let round = 0; round < options.rounds; round += 1) {
      const server = await spawnServer({ dataDir, env });
      const atMs = Math.round(random() * startMs);
      await Promise.race([sleep(atMs), server.exited]);
      const exited = server.kill("SIGTERM");
      if (round % 2 === 1) {
        await sleep(random() * 200);
        void server.kill("SIGTERM");
      }
      const exit = await exited;
      const note = `round ${round}, ${atMs} ms, seed ${seed()}\n${server.stderr()}`;
      // Before the first line of ours runs the signal itself ends the process.
      expect([0, 143, "SIGTERM"], note).toContain(exit.code ?? exit.signal);
    }
    const gateway = await startGateway({ dataDir, env });
    try {
      const { deployments } = await gateway.admin("GET", "/models/deployments");
      expect(deployments).toEqual([]);
      await gateway.addKey();
    } finally {
      await gateway.close();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** How long a start takes here, as the last world of this file took it; later it meets a server. */
let startMs = 3000;

async function startTimedWorld(options: WorldOptions): Promise<FaultWorld> {
  const startedAt = performance.now();
  const made = await startFaultWorld(options);
  if (options.store === "embedded") {
    startMs = performance.now() - startedAt;
  }
  return made;
}

/** Numbers from 0 to 1 that a seed decides (mulberry32). */
function makeRandom(from: number): () => number {
  let state = from;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function countEndings(outcomes: readonly Outcome[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { ending } of outcomes) {
    counts[ending] = (counts[ending] ?? 0) + 1;
  }
  return counts;
}
