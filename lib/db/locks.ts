import { setTimeout as sleep } from "node:timers/promises";
import type { Env } from "#lib/env.ts";
import { SettingsError } from "#lib/env.ts";
import { getLog } from "#lib/log.ts";
import { openDedicatedSql, type Sql } from "./client.ts";

export interface InstanceClaim {
  release(): Promise<void>;
}

/** Any number that nothing else in the database locks. */
const INSTANCE_LOCK = 6_021_023_140_858n;
const CHECK_MS = 5_000;
/** A server takes a moment to notice that the process before this one has gone. */
const PATIENCE_MS = 3_000;

/**
 * Makes sure that no other process shares this database while rate limits and budgets are counted
 * in this one's memory: two would each allow the whole limit. With Redis, on the embedded database
 * (whose directory lock is stricter) and on serverless hosts there is nothing to claim. Throws
 * `SettingsError` (exit code 78) when another process holds the claim; a process that serves already
 * (`isLate`) says so in its log and serves on, as one does whose server was restarted.
 */
export async function claimInstance(
  env: Pick<Env, "redisUrl" | "upstash" | "serverless">,
  { isLate = false }: { isLate?: boolean } = {},
): Promise<InstanceClaim> {
  const shared = env.redisUrl !== undefined || env.upstash !== undefined || env.serverless;
  const sql = shared ? undefined : openDedicatedSql();
  if (sql === undefined) {
    return { release: async () => undefined };
  }
  if (isLate) {
    keep(sql);
  } else if (!(await tryFor(sql, PATIENCE_MS))) {
    await sql.end({ timeout: 1 });
    throw new SettingsError(
      "Another Conduit process uses this database, and without Redis each would allow the whole of every limit. " +
        "Set REDIS_URL or UPSTASH_REDIS_REST_URL to run several, or stop the other one.",
    );
  }
  const timer = setInterval(() => keep(sql), CHECK_MS).unref();
  return {
    release: async () => {
      clearInterval(timer);
      await sql.end({ timeout: 1 });
    },
  };
}

/**
 * Runs work that one process at a time may do; `undefined` when another one is doing it. The lock is
 * a session's own, and so it also ends with a process that dies.
 */
export async function runExclusively<Result>(
  name: string,
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  const sql = openDedicatedSql();
  if (sql === undefined) {
    // Nobody else can have the embedded database open.
    return await work();
  }
  try {
    const [row] = await sql<{ held: boolean }[]>`
      select pg_try_advisory_lock(hashtextextended(${`conduit.${name}`}, 0)) as held`;
    return row?.held === true ? await work() : undefined;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

async function tryFor(sql: Sql, patienceMs: number): Promise<boolean> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    if (await take(sql)) {
      return true;
    }
    if (Date.now() > deadline) {
      return false;
    }
    await sleep(250);
  }
}

/** Takes the lock unless this session already has it; it ends with the session. */
async function take(sql: Sql): Promise<boolean> {
  const [row] = await sql<{ held: boolean }[]>`
    select exists (
      select from pg_locks
      where locktype = 'advisory' and pid = pg_backend_pid() and granted
    ) or pg_try_advisory_lock(${INSTANCE_LOCK}) as held`;
  return row?.held === true;
}

/** A restarted server has forgotten its sessions' locks, so the claim is renewed with the connection. */
function keep(sql: Sql): void {
  take(sql).then(
    (held) => {
      if (!held) {
        getLog().error(
          "Another process has claimed this database: limits now count twice. Set REDIS_URL, or stop one of the two.",
        );
      }
    },
    () => undefined,
  );
}
