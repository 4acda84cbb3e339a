import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { adminOf, type Gateway, TEST_SECRETS } from "#lib/testing/gateway.ts";
import { freePort, spawnServer } from "#lib/testing/process.ts";
import { fault } from "#lib/testing/reliability-rows.ts";
import { byTier, recordFigure, tier } from "#lib/testing/tier.ts";
import { ask, errorOf } from "./client.ts";
import { expectInvariants, metric } from "./invariants.ts";
import { CANARY, type FaultWorld, hasStores, startFaultWorld } from "./world.ts";

const MODEL = "steady";
/** The promise is three seconds; on a busy machine the test only tells a start from a hang. */
const START_TARGET_MS = 3_000;
/** What may have become of the file; every byte of it is tried beside `snapshot-file.ts`. */
const SPOILT: readonly (readonly [string, ((text: string) => string) | undefined])[] = [
  ["there is none", undefined],
  ["it was altered", (text) => text.replace(MODEL, "other")],
  ["it was signed by somebody else", (text) => `AAAA${text.slice(4)}`],
  ["it is torn", (text) => text.slice(0, text.length / 2)],
];
const PATIENT = { timeout: 60_000, interval: 100 };

describe.runIf(hasStores())(fault("F21"), () => {
  let world: FaultWorld;
  let key: string;
  let budgetKey: string;
  let port: number;

  beforeAll(async () => {
    port = await freePort();
    world = await startFaultWorld({ store: "stores", replicas: 1 });
    await world.addModel(MODEL);
    ({ key } = await world.gateway.addKey());
    ({ key: budgetKey } = await world.gateway.addKey({ budget_limit_usd: "5" }));
    for (const used of [key, budgetKey]) {
      expect((await ask({ url: world.gateway.url, key: used, model: MODEL })).status).toBe(200);
    }
  });

  afterAll(async () => {
    await world?.close();
  });

  /** The process that serves now: each start takes the place of the one before. */
  const running = (): Gateway => world.gateways[0] ?? world.gateway;
  const file = (): string => join(world.gateway.dataDir, "last-good.json");
  const keysOnDisk = (): number => {
    try {
      return JSON.parse(readFileSync(file(), "utf8").split("\n")[2] ?? "").keys.length;
    } catch {
      return 0;
    }
  };

  it("keeps its last configuration on disk for its owner alone, with every secret sealed", async () => {
    await expect.poll(keysOnDisk, PATIENT).toBe(2);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    const text = readFileSync(file(), "utf8");
    expect(text).toContain(MODEL);
    for (const secret of [CANARY, key, budgetKey, world.gateway.adminKey]) {
      expect(text).not.toContain(secret);
    }
  });

  it("starts from it while the database is away, and catches up when it is back", async () => {
    await running().kill("SIGKILL");
    await world.postgres?.crash();
    const begunAt = performance.now();
    const started = await world.startReplica(0);
    const startMs = performance.now() - begunAt;
    expect(startMs).toBeLessThan(START_TARGET_MS * 5);
    recordStart("S30.snapshot", startMs, "database down, snapshot on disk");
    expect(await readiness(started)).toMatchObject({ status: "ok", degraded: ["database"] });

    const known = await ask({ url: started.url, key, model: MODEL });
    expect(known).toMatchObject({ status: 200, ending: "json" });
    // Redis knows what is spent, so money is no reason to refuse.
    expect((await ask({ url: started.url, key: budgetKey, model: MODEL })).status).toBe(200);
    const stranger = `cnd_sk_${"0".repeat(49)}`;
    expect((await ask({ url: started.url, key: stranger, model: MODEL })).status).toBe(401);
    await expect(started.addKey()).rejects.toThrow("503");

    await world.postgres?.restart();
    await expect.poll(async () => (await readiness(started))["degraded"], PATIENT).toBe(undefined);
    const { key: fresh } = await started.addKey();
    const after = await ask({ url: started.url, key: fresh, model: MODEL });
    expect(after.status).toBe(200);
    await expectInvariants(world, { outcomes: [known, after], killed: true });
  }, 120_000);

  it("cannot check a key that it has never seen, and says so", async () => {
    const { key: unseen } = await world.gateway.addKey();
    await running().kill("SIGKILL");
    await world.postgres?.crash();
    const started = await world.startReplica(0);
    const answer = await ask({ url: started.url, key: unseen, model: MODEL });
    expect(answer.status).toBe(503);
    expect(errorOf(answer)?.code).toBe("not_ready");
    expect(answer.headers.get("retry-after")).not.toBeNull();
    await world.postgres?.restart();
    await expect
      .poll(
        async () => (await ask({ url: started.url, key: unseen, model: MODEL })).status,
        PATIENT,
      )
      .toBe(200);
  }, 120_000);

  it.each(SPOILT.slice(0, byTier({ quick: 1, all: SPOILT.length })))(
    "waits unready when %s, and serves when the database comes",
    async (_, spoil) => {
      await running().close();
      const text = readFileSync(file(), "utf8");
      rmSync(file());
      if (spoil !== undefined) {
        writeFileSync(file(), spoil(text), { mode: 0o600 });
      }
      await world.postgres?.crash();
      const waiting = await spawnServer({
        dataDir: world.gateway.dataDir,
        port,
        env: {
          ...TEST_SECRETS,
          CONDUIT_ADMIN_KEY: world.gateway.adminKey,
          CONDUIT_EGRESS_ALLOW: "127.0.0.0/8",
          DATABASE_URL: throughProxy(),
          REDIS_URL: `redis://127.0.0.1:${world.redisProxy?.port}`,
        },
      });
      try {
        await expect.poll(() => statusOf(`${waiting.url}/readyz`), PATIENT).toBe(503);
        expect(await statusOf(`${waiting.url}/livez`)).toBe(200);
        expect(await statusOf(`${waiting.url}/admin/v1/keys`)).toBe(503);
        expect((await ask({ url: waiting.url, key, model: MODEL })).status).toBe(503);
        await world.postgres?.restart();
        await expect.poll(() => statusOf(`${waiting.url}/readyz`), PATIENT).toBe(200);
        // Its first look-up may meet a server that is still waking up.
        await expect
          .poll(async () => (await ask({ url: waiting.url, key, model: MODEL })).status, PATIENT)
          .toBe(200);
        const { admin } = adminOf(waiting.url, world.gateway.adminKey);
        expect(await admin("GET", "/keys")).toBeDefined();
      } finally {
        await waiting.close();
        await world.startReplica(0);
      }
    },
    240_000,
  );

  it("is as quick to start when the database is there", async () => {
    await running().close();
    const begunAt = performance.now();
    const started = await world.startReplica(0);
    const startMs = performance.now() - begunAt;
    expect(startMs).toBeLessThan(START_TARGET_MS * 5);
    recordStart("S30.cold", startMs, "migrated database");
    expect(await metric(started, "conduit_database_up")).toBe(1);
  }, 120_000);

  function throughProxy(): string {
    const url = new URL(world.databaseUrl ?? "");
    url.port = String(world.postgresProxy?.port);
    return url.href;
  }
});

async function statusOf(url: string): Promise<number> {
  try {
    return (await fetch(url)).status;
  } catch {
    return 0;
  }
}

async function readiness(gateway: Gateway): Promise<Record<string, unknown>> {
  return (await fetch(`${gateway.url}/readyz`)).json() as Promise<Record<string, unknown>>;
}

function recordStart(figure: string, startMs: number, how: string): void {
  if (tier() === "all") {
    recordFigure({
      figure,
      value: `${(startMs / 1000).toFixed(2)} s`,
      met: startMs <= START_TARGET_MS,
      how: `start to /readyz 200, ${how}, one run`,
    });
  }
}
