import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { type Gateway, startGateway, TEST_SECRETS } from "#lib/testing/gateway.ts";
import { startPostgres } from "#lib/testing/postgres.ts";
import type { Contestant, StartOptions } from "./contestant.ts";
import { MODEL } from "./workload.ts";

/** Conduit running, with its admin API. */
export interface Conduit extends Contestant {
  admin: Gateway["admin"];
}

/** Far above what the load reaches, so that every check is made and none refuses. */
const PLENTY_USD = "1000000";
const PLENTY_PER_MINUTE = 1_000_000_000;
/** As `scripts/launch.ts` and the image start it. */
const LAUNCH_FLAGS = ["--max-semi-space-size=16", "--heap-growing-percent=30"];
const ROWS_WITHIN_MS = 60_000;
const ROWS_POLL_MS = 250;

/**
 * Conduit as it is run in production, with everything on: key authentication, a request and a token
 * limit, a budget on the key and one on its team, a price, the journal, and the batcher that writes
 * to a real Postgres of its own.
 */
export async function startConduit(options: StartOptions): Promise<Conduit> {
  if (options.isBuilt !== true) {
    build();
  }
  const database = await startPostgres();
  const dataDir = mkdtempSync(join(tmpdir(), "conduit-bench-"));
  const endings = [
    () => database.stop(),
    async () => rmSync(dataDir, { recursive: true, force: true }),
  ];
  const stop = async (): Promise<void> => {
    for (const end of endings) {
      await end();
    }
  };
  try {
    const databaseUrl = await database.createDatabase();
    const gateway = await startGateway({
      dataDir,
      nodeFlags: [...LAUNCH_FLAGS, ...options.nodeFlags],
      env: { ...TEST_SECRETS, DATABASE_URL: databaseUrl, CONDUIT_ENV: "production" },
    });
    endings.unshift(() => gateway.close());
    const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
    endings.unshift(() => sql.end());
    const running = await describeRunning({ gateway, sql, upstreamUrl: options.upstreamUrl });
    return { ...running, admin: gateway.admin, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function describeRunning(running: {
  gateway: Gateway;
  sql: postgres.Sql;
  upstreamUrl: string;
}): Promise<Omit<Contestant, "stop">> {
  const { gateway, sql, upstreamUrl } = running;
  const key = await configure(gateway, upstreamUrl);
  const [{ server_version: version } = { server_version: "" }] = await sql`show server_version`;
  return {
    name: "conduit",
    label: "Conduit",
    url: gateway.url,
    pid: gateway.pid,
    headers: { authorization: `Bearer ${key}` },
    facts: [
      `Conduit: \`node ${LAUNCH_FLAGS.join(" ")} server.ts\`, NODE_ENV=production, log level warn, journal on; key authentication, rpm and tpm limits, budgets on key and team, a price, and the batcher writing to Postgres`,
      `Postgres ${version} on the same machine, fsync off (a throw-away server)`,
    ],
    inspect: (answers) => compareRows(sql, answers),
  };
}

/** The pages are not measured, but the server does not start in production without them. */
function build(): void {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const { status } = spawnSync(process.execPath, ["scripts/launch.ts", "build"], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (status !== 0) {
    throw new Error("The build failed: see what it printed with `npm run build`.");
  }
}

async function configure(gateway: Gateway, upstreamUrl: string): Promise<string> {
  await gateway.addDeployment({
    name: "bench",
    provider: "openai_compatible",
    model_name: MODEL,
    api_base: `${upstreamUrl}/v1`,
    api_key: "upstream-key",
    input_price_per_million_usd: "2.5",
    output_price_per_million_usd: "10",
  });
  const team = await gateway.admin("POST", "/teams", {
    name: "bench",
    budget_limit_usd: PLENTY_USD,
  });
  const { key } = await gateway.addKey({
    team_id: team["id"],
    allowed_models: [MODEL],
    budget_limit_usd: PLENTY_USD,
    rate_limit_rpm: PLENTY_PER_MINUTE,
    rate_limit_tpm: PLENTY_PER_MINUTE,
  });
  return key;
}

/** Whether every answer became a row with its price: a fast gateway that forgets is no gateway. */
async function compareRows(sql: postgres.Sql, answers: number): Promise<string[]> {
  const deadlineMs = performance.now() + ROWS_WITHIN_MS;
  let rows = 0;
  let priced = 0;
  while (rows < answers && performance.now() < deadlineMs) {
    await sleep(ROWS_POLL_MS);
    const [count] = await sql<{ rows: number; priced: number }[]>`
      select count(*)::int as rows, count(*) filter (where cost_nanos > 0)::int as priced
      from request_logs
    `;
    rows = count?.rows ?? 0;
    priced = count?.priced ?? 0;
  }
  return [`Conduit wrote ${rows} log rows for ${answers} answers, ${priced} of them with a cost`];
}
