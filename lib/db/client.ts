import type { ExtractTablesWithRelations } from "drizzle-orm";
import type { PgDatabase } from "drizzle-orm/pg-core";
import { drizzle, type PostgresJsQueryResultHKT } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { tables } from "#drizzle/tables.ts";
import type { Env } from "#lib/env.ts";
import { ConduitError } from "#lib/errors.ts";
import { getLog } from "#lib/log.ts";
import { singleton } from "#lib/singleton.ts";
import { type EmbeddedDatabase, startEmbedded } from "./embedded.ts";
import {
  embeddedOptions,
  POOLS,
  type Pool,
  type PoolSizes,
  poolSizesFor,
  serverOptions,
} from "./postgres-options.ts";
import { databaseAway, isDatabaseUp } from "./reach.ts";

export type Sql = postgres.Sql<{ bigint: bigint }>;
export type TransactionSql = postgres.TransactionSql<{ bigint: bigint }>;

/** Drizzle on a pool, or inside a transaction. */
export type Db = PgDatabase<
  PostgresJsQueryResultHKT,
  typeof tables,
  ExtractTablesWithRelations<typeof tables>
>;

export type DatabaseKind = "embedded" | "postgres";

interface Connection {
  sql: Sql;
  db: Db;
}

interface OpenDatabase {
  kind: DatabaseKind;
  /** Where the server is; undefined on the embedded database, whose one connection is taken. */
  databaseUrl: string | undefined;
  pools: Record<Pool, Connection>;
  /** How many connections each pool may have. */
  sizes: PoolSizes;
  close(): Promise<void>;
}

/** One per process: Next's copy of this file uses the connections that the server's copy made. */
interface Holder {
  open: OpenDatabase | undefined;
  opening: Promise<OpenDatabase> | undefined;
}

const CLOSE_SECONDS = 5;

function holder(): Holder {
  return singleton("database", () => ({ open: undefined, opening: undefined }));
}

/**
 * Connects to `DATABASE_URL`, or starts the embedded database of the data directory. Does nothing
 * when it is open. Throws `DirectoryInUseError` (exit code 75), or the driver's error when the
 * server cannot be reached; it may be called again then. With `unasked` a server is not asked
 * whether it is there: the first query will find out.
 */
export async function openDatabase(
  env: Pick<Env, "databaseUrl" | "dataDir"> & { unasked?: true },
): Promise<void> {
  const held = holder();
  if (held.open !== undefined) {
    return;
  }
  held.opening ??=
    env.databaseUrl === undefined
      ? openEmbedded(env.dataDir)
      : openServer(env.databaseUrl, { isAsked: env.unasked !== true });
  try {
    held.open = await held.opening;
  } finally {
    held.opening = undefined;
  }
}

/** Ends all connections after the queries that are under way, and the embedded database. */
export async function closeDatabase(): Promise<void> {
  const held = holder();
  const open = held.open;
  held.open = undefined;
  await open?.close();
}

/**
 * Drizzle on a pool. On the embedded database all pools are the one connection. Throws `not_ready`
 * (503) while the server is known to be away; only `batch`, which can wait, is always to be had.
 */
export function getDb(pool: Pool = "hot"): Db {
  return requirePool(pool).db;
}

/**
 * The driver itself, for hand-written SQL in tagged templates. `int8` comes as `bigint`,
 * `timestamptz` as `Date`; objects for `jsonb` are written as they are. Throws like `getDb`.
 */
export function getSql(pool: Pool = "hot"): Sql {
  return requirePool(pool).sql;
}

function requirePool(pool: Pool): Connection {
  const { pools } = requireOpen();
  if (pool !== "batch" && !isDatabaseUp()) {
    throw databaseAway();
  }
  return pools[pool];
}

/** Which database is open. */
export function databaseKind(): DatabaseKind {
  return requireOpen().kind;
}

/**
 * A connection of its own to the same server, for what must outlive or outwait the pools' limits:
 * session locks, migrations, LISTEN. `undefined` on the embedded database, which has only one
 * connection and only one process. The caller ends it.
 */
export function openDedicatedSql(): Sql | undefined {
  const { databaseUrl } = requireOpen();
  if (databaseUrl === undefined) {
    return undefined;
  }
  const { url, options } = serverOptions(databaseUrl, { connections: 1 });
  return postgres(url, { ...options, idle_timeout: 0, max_lifetime: null });
}

/**
 * Gives pools new connections and breaks the old ones, whose queries fail. After an outage of the
 * network they may wait for minutes for packets that will not come. Does nothing when embedded.
 */
export async function renewPools(names: readonly Pool[]): Promise<void> {
  const { databaseUrl, pools, sizes } = requireOpen();
  if (databaseUrl === undefined) {
    return;
  }
  const old = names.map((name) => pools[name]);
  for (const name of names) {
    pools[name] = openPool(databaseUrl, name, sizes);
  }
  await Promise.all(old.map(({ sql }) => sql.end({ timeout: 0 })));
}

/** Breaks all connections for good: what is asked from now on fails at once. For a stop without a server. */
export async function endPools(): Promise<void> {
  const { databaseUrl, pools } = requireOpen();
  if (databaseUrl !== undefined) {
    await Promise.all(Object.values(pools).map(({ sql }) => sql.end({ timeout: 0 })));
  }
}

/**
 * Makes the pools small enough that `replicas` processes use at most 70 % of the connections that
 * the server has. Throws the driver's error.
 */
export async function fitPools(replicas: number): Promise<void> {
  const open = requireOpen();
  if (open.kind === "embedded") {
    return;
  }
  const [row] = await open.pools.batch.sql<{ most: number }[]>`
    select current_setting('max_connections')::int as most`;
  const sizes = poolSizesFor({ maxConnections: row?.most ?? 100, replicas });
  if (JSON.stringify(sizes) === JSON.stringify(open.sizes)) {
    return;
  }
  open.sizes = sizes;
  getLog().warn({ ...sizes, replicas }, "Postgres has few connections; the pools are smaller.");
  await renewPools(["hot", "batch", "console"]);
}

function requireOpen(): OpenDatabase {
  const open = holder().open;
  if (open === undefined) {
    throw new ConduitError("not_ready", { message: "The database is not open yet." });
  }
  return open;
}

async function openEmbedded(dataDir: string): Promise<OpenDatabase> {
  const embedded: EmbeddedDatabase = await startEmbedded(dataDir);
  const connection = connect(postgres(embeddedOptions(embedded.socketPath)));
  return {
    kind: "embedded",
    databaseUrl: undefined,
    pools: { hot: connection, batch: connection, console: connection },
    sizes: { hot: 1, batch: 1, console: 1 },
    close: async () => {
      await connection.sql.end({ timeout: CLOSE_SECONDS });
      await embedded.close();
    },
  };
}

async function openServer(
  databaseUrl: string,
  { isAsked }: { isAsked: boolean },
): Promise<OpenDatabase> {
  const sizes = poolSizesFor();
  const make = (pool: Pool) => openPool(databaseUrl, pool, sizes);
  const pools = { hot: make("hot"), batch: make("batch"), console: make("console") };
  const close = async () => {
    await Promise.all(Object.values(pools).map(({ sql }) => sql.end({ timeout: CLOSE_SECONDS })));
  };
  try {
    if (isAsked) {
      await pools.hot.sql`select 1`;
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { kind: "postgres", databaseUrl, pools, sizes, close };
}

function openPool(databaseUrl: string, pool: Pool, sizes: PoolSizes): Connection {
  const limits = { ...POOLS[pool], connections: sizes[pool] };
  const { url, options } = serverOptions(databaseUrl, limits);
  return connect(postgres(url, options));
}

/** The driver with Drizzle on it. */
export function connect(sql: Sql): Connection {
  const db = drizzle(sql, { schema: tables });
  // Drizzle sets the driver to pass dates and JSON through as text, for it converts them itself.
  // Hand-written SQL gets them converted again; Drizzle takes converted values as well.
  const { parsers, serializers } = sql.options;
  parsers[TIMESTAMPTZ] = (text: string) => new Date(text);
  serializers[TIMESTAMPTZ] = (value: unknown) =>
    value instanceof Date ? value.toISOString() : value;
  for (const type of [JSON_TYPE, JSONB]) {
    serializers[type] = (value: unknown) =>
      typeof value === "string" ? value : JSON.stringify(value);
  }
  return { sql, db };
}

const TIMESTAMPTZ = 1184;
const JSON_TYPE = 114;
const JSONB = 3802;
