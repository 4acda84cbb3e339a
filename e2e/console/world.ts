import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startFakeUpstream } from "#lib/testing/fake-upstream.ts";
import { startGateway, TEST_SECRETS } from "#lib/testing/gateway.ts";
import { startPostgres } from "#lib/testing/postgres.ts";
import { findRedisServer, startRedis } from "#lib/testing/redis.ts";
import { answerByModel, SCRIPTED } from "./scripted-provider.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The people of the demo data who can sign in. */
export const PEOPLE = ["admin", "lead", "member"] as const;
export type PersonName = (typeof PEOPLE)[number];

/** The password that the demo data give everybody. */
export const PASSWORD = "conduit-demo-password";

/** What specs know of an install; those of all workers are handed on in an environment variable. */
export interface World {
  url: string;
  adminKey: string;
  /** Where signed-in browsers keep their cookies, by person. */
  states: Readonly<Record<PersonName, string>>;
  /** The Postgres behind the server; null when the server was given. */
  databaseUrl: string | null;
  /** The scripted provider; null when the server was given. */
  upstreamUrl: string | null;
}

const VARIABLE = "CONDUIT_TEST_WORLDS";

export function publishWorlds(worlds: readonly World[]): void {
  process.env[VARIABLE] = JSON.stringify(worlds);
}

/** The world of this worker: what one spec changes, no other sees meanwhile. */
export function readWorld(): World {
  const text = process.env[VARIABLE];
  if (text === undefined) {
    throw new Error("There is no world: these specs are run by `npx playwright test`.");
  }
  // Written by `publishWorlds` in the process that started this one.
  const worlds = JSON.parse(text) as World[];
  const world = worlds[Number(process.env["TEST_PARALLEL_INDEX"] ?? 0)];
  if (world === undefined) {
    throw new Error(`There are worlds for ${worlds.length} workers, and this is one more.`);
  }
  return world;
}

/** A server that runs already, for quick runs while writing: `CONDUIT_E2E_URL=http://localhost:8200`. */
export function givenWorld(states: World["states"]): World | undefined {
  const url = process.env["CONDUIT_E2E_URL"];
  return url === undefined || url === ""
    ? undefined
    : {
        url: url.replace(/\/$/, ""),
        adminKey: process.env["CONDUIT_ADMIN_KEY"] ?? "",
        states,
        databaseUrl: process.env["DATABASE_URL"] ?? null,
        upstreamUrl: null,
      };
}

/** How a world is ended. */
type Stop = () => Promise<void>;

/**
 * The built server with the demo data, once for each of `states`, each on a database and a Redis of
 * its own. `stop` ends all of it.
 */
export async function startWorlds(
  states: readonly World["states"][],
): Promise<{ worlds: World[]; stop: Stop }> {
  const postgres = await startPostgres();
  const stops: Stop[] = [postgres.stop];
  const stop = async () => {
    for (const one of stops.toReversed()) {
      await one();
    }
  };
  try {
    const demo = await postgres.createDatabase();
    const demoDir = makeDirectory(stops);
    const secrets = {
      ...TEST_SECRETS,
      CONDUIT_ADMIN_KEY: `admin-key-of-the-console-tests-${randomUUID()}`,
    };
    seed({ ...secrets, DATABASE_URL: demo, CONDUIT_DATA_DIR: demoDir });
    const worlds: World[] = [];
    for (const one of states) {
      const dataDir = makeDirectory(stops);
      cpSync(demoDir, dataDir, { recursive: true });
      const databaseUrl = await postgres.createDatabase(demo);
      worlds.push(
        await startWorld({
          states: one,
          env: { ...secrets, DATABASE_URL: databaseUrl },
          dataDir,
          stops,
        }),
      );
    }
    return { worlds, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function makeDirectory(stops: Stop[]): string {
  const directory = mkdtempSync(join(tmpdir(), "conduit-console-"));
  stops.push(async () => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

interface Place {
  states: World["states"];
  env: Readonly<Record<"CONDUIT_ADMIN_KEY" | "DATABASE_URL", string>>;
  dataDir: string;
  /** Takes what ends each part. */
  stops: Stop[];
}

/** One server, and a provider whose answers are scripted by the model's name. */
async function startWorld({ states, env, dataDir, stops }: Place): Promise<World> {
  const redis = findRedisServer() === undefined ? undefined : await startRedis();
  stops.push(async () => await redis?.stop());
  const upstream = await startFakeUpstream(answerByModel);
  stops.push(upstream.close);
  const gateway = await startGateway({
    dataDir,
    env: { ...env, ...(redis === undefined ? {} : { REDIS_URL: redis.url }) },
  });
  stops.push(gateway.close);
  // The demo keeps answers. Here each request has to reach its provider, unless a test is of the cache.
  await gateway.admin("PATCH", "/cache/settings", { exact_enabled: false });
  for (const model of SCRIPTED) {
    await gateway.addDeployment({
      name: `scripted-${model}`,
      provider: "openai_compatible",
      model_name: model,
      api_base: `${upstream.url}/v1`,
      api_key: "key-of-the-scripted-provider",
      input_price_per_million_usd: "2.5",
      output_price_per_million_usd: "10",
    });
  }
  return {
    url: gateway.url,
    adminKey: gateway.adminKey,
    states,
    databaseUrl: env.DATABASE_URL,
    upstreamUrl: upstream.url,
  };
}

/** Rows of the demo data over 40 days, the same ones for the same day. */
const ROWS = process.env["CONDUIT_TEST_ROWS"] ?? "20000";

function seed(env: Readonly<Record<string, string>>): void {
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    ["scripts/seed.ts", "--rows", ROWS, "--days", "40", "--seed", "1", "--zone", "Europe/Berlin"],
    { cwd: root, env: { ...process.env, NODE_ENV: "production", ...env }, encoding: "utf8" },
  );
  if (status !== 0) {
    throw new Error(`The demo data could not be stored:\n${stdout}\n${stderr}`);
  }
}
