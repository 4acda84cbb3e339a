import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { makeTestDirectory } from "#lib/testing/database.ts";
import { type FakeUpstream, startFakeUpstream } from "#lib/testing/fake-upstream.ts";
import { adminOf, type Gateway, startGateway, TEST_SECRETS } from "#lib/testing/gateway.ts";
import { chatReply, chatStreamEvents, EVENT_STREAM } from "#lib/testing/openai-replies.ts";
import { hasPostgres, startPostgres, type TestPostgres } from "#lib/testing/postgres.ts";
import { freePort } from "#lib/testing/process.ts";
import { startLoad } from "./load.ts";

const MODEL = "survivor";
const WORKERS = 8;

interface Scene {
  upstream: FakeUpstream;
  dataDir: string;
  port: number;
  env: Record<string, string>;
  postgres: TestPostgres | undefined;
}

let scene: Scene | undefined;
let gateway: Gateway | undefined;

afterEach(async () => {
  await gateway?.close();
  gateway = undefined;
  await scene?.upstream.close();
  await scene?.postgres?.stop();
  if (scene !== undefined) {
    rmSync(scene.dataDir, { recursive: true, force: true });
  }
  scene = undefined;
});

describe("kill -9 under load", () => {
  it("loses no answered request in 20 rounds, embedded database", async () => {
    scene = await prepare(undefined);
    await killAndCompare(scene, 20);
  }, 600_000);

  it.skipIf(!hasPostgres())(
    "loses no answered request in 5 rounds, Postgres",
    async () => {
      scene = await prepare(await startPostgres());
      await killAndCompare(scene, 5);
    },
    600_000,
  );
});

async function prepare(postgres: TestPostgres | undefined): Promise<Scene> {
  const upstream = await startFakeUpstream((request) => {
    const streamed = (request.json() as { stream?: boolean }).stream === true;
    return streamed
      ? { headers: EVENT_STREAM, steps: [...chatStreamEvents(["still ", "here"]), { waitMs: 1 }] }
      : { ...chatReply("still here"), delayMs: 2 };
  });
  const env: Record<string, string> =
    postgres === undefined
      ? {}
      : { DATABASE_URL: await postgres.createDatabase(), ...TEST_SECRETS };
  return { upstream, dataDir: makeTestDirectory(), port: await freePort(), env, postgres };
}

async function killAndCompare(here: Scene, rounds: number): Promise<void> {
  gateway = await startGateway(here);
  await gateway.addDeployment({
    name: MODEL,
    provider: "openai_compatible",
    model_name: MODEL,
    api_base: `${here.upstream.url}/v1`,
    api_key: "key-of-the-fake",
    input_price_per_million_usd: "1",
    output_price_per_million_usd: "2",
  });
  const { key } = await gateway.addKey({ budget_limit_usd: "1000" });
  const answered: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const load = startLoad({ gateway, key, model: MODEL, workers: WORKERS });
    // Early and late, so that the moment moves through the batcher's cycle.
    await load.whenAnswered(3 + round * 13);
    await gateway.kill("SIGKILL");
    await load.ended;
    expect(load.refused).toEqual([]);
    answered.push(...load.answered);
    gateway = await startGateway(here);
  }
  await expectLogged(gateway, answered);
  await expectNothingReserved(gateway);
}

/** Every answered request has exactly one row, with its tokens; rows may follow the start a little. */
async function expectLogged(here: Gateway, answered: readonly string[]): Promise<void> {
  let missing: string[] = [];
  let ids: string[] = [];
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await sleep(500)) {
    const rows = await allRows(here);
    ids = rows.map((row) => row.id);
    const complete = new Set(rows.filter((row) => row.tokens.output > 0).map((row) => row.id));
    missing = answered.filter((id) => !complete.has(id));
    if (missing.length === 0) {
      break;
    }
  }
  expect(missing).toEqual([]);
  expect(new Set(ids).size).toBe(ids.length);
}

interface Row {
  id: string;
  outcome: string;
  tokens: { output: number };
}

async function allRows(here: Gateway): Promise<Row[]> {
  const { admin } = adminOf(here.url, here.adminKey);
  const rows: Row[] = [];
  for (let cursor = ""; ; ) {
    const page = await admin("GET", `/logs?limit=200${cursor && `&cursor=${cursor}`}`);
    rows.push(...(page["logs"] as Row[]));
    if (typeof page["next_cursor"] !== "string") {
      return rows;
    }
    cursor = encodeURIComponent(page["next_cursor"]);
  }
}

/** What the killed requests had reserved is given back, so that a crash costs nobody their budget. */
async function expectNothingReserved(here: Gateway): Promise<void> {
  let reserved: unknown[] = [];
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await sleep(500)) {
    const { budgets } = await here.admin("GET", "/budgets");
    reserved = (budgets as { reserved_usd: string }[]).map((one) => Number(one.reserved_usd));
    if (reserved.every((amount) => amount === 0)) {
      return;
    }
  }
  expect(reserved).toEqual(reserved.map(() => 0));
}
