import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
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

/** What specs know of the running install; handed to the workers in an environment variable. */
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

const VARIABLE = "CONDUIT_TEST_WORLD";

export function publishWorld(world: World): void {
  process.env[VARIABLE] = JSON.stringify(world);
}

export function readWorld(): World {
  const text = process.env[VARIABLE];
  if (text === undefined) {
    throw new Error("There is no world: these specs are run by `npx playwright test`.");
  }
  // Written by `publishWorld` in the process that started this one.
  return JSON.parse(text) as World;
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

/**
 * The built server on a Postgres and a Redis of its own, with the demo data, and a provider whose
 * answers are scripted by the model's name. `stop` ends all of it.
 */
export async function startWorld(
  states: World["states"],
): Promise<{ world: World; stop: () => Promise<void> }> {
  const postgres = await startPostgres();
  const databaseUrl = await postgres.createDatabase();
  const redis = findRedisServer() === undefined ? undefined : await startRedis();
  const upstream = await startFakeUpstream(answerByModel);
  const dataDir = mkdtempSync(join(tmpdir(), "conduit-console-"));
  const env = {
    ...TEST_SECRETS,
    DATABASE_URL: databaseUrl,
    ...(redis === undefined ? {} : { REDIS_URL: redis.url }),
    CONDUIT_ADMIN_KEY: `admin-key-of-the-console-tests-${randomUUID()}`,
  };
  seed({ ...env, CONDUIT_DATA_DIR: dataDir });
  const gateway = await startGateway({ env, dataDir });
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
    world: {
      url: gateway.url,
      adminKey: gateway.adminKey,
      states,
      databaseUrl,
      upstreamUrl: upstream.url,
    },
    stop: async () => {
      await gateway.close();
      await upstream.close();
      await redis?.stop();
      await postgres.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
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
