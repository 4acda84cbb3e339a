import type { ExtractTablesWithRelations } from "drizzle-orm";
import type { PgDatabase } from "drizzle-orm/pg-core";
import { drizzle, type PostgresJsQueryResultHKT } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { tables } from "#drizzle/tables.ts";
import type { Env } from "#lib/env.ts";
import { ConduitError } from "#lib/errors.ts";
import { singleton } from "#lib/singleton.ts";
import { type EmbeddedDatabase, startEmbedded } from "./embedded.ts";
import { embeddedOptions, POOLS, type Pool, serverOptions } from "./postgres-options.ts";

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
 * server cannot be reached; it may be called again then.
 */
export async function openDatabase(env: Pick<Env, "databaseUrl" | "dataDir">): Promise<void> {
  const held = holder();
  if (held.open !== undefined) {
    return;
  }
  held.opening ??=
    env.databaseUrl === undefined ? openEmbedded(env.dataDir) : openServer(env.databaseUrl);
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

/** Drizzle on a pool. On the embedded database all pools are the one connection. */
export function getDb(pool: Pool = "hot"): Db {
  return requireOpen().pools[pool].db;
}

/**
 * The driver itself, for hand-written SQL in tagged templates. `int8` comes as `bigint`,
 * `timestamptz` as `Date`; objects for `jsonb` are written as they are.
 */
export function getSql(pool: Pool = "hot"): Sql {
  return requireOpen().pools[pool].sql;
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
    close: async () => {
      await connection.sql.end({ timeout: CLOSE_SECONDS });
      await embedded.close();
    },
  };
}

async function openServer(databaseUrl: string): Promise<OpenDatabase> {
  const make = (pool: Pool) => {
    const { url, options } = serverOptions(databaseUrl, POOLS[pool]);
    return connect(postgres(url, options));
  };
  const pools = { hot: make("hot"), batch: make("batch"), console: make("console") };
  const close = async () => {
    await Promise.all(Object.values(pools).map(({ sql }) => sql.end({ timeout: CLOSE_SECONDS })));
  };
  try {
    await pools.hot.sql`select 1`;
  } catch (error) {
    await close();
    throw error;
  }
  return { kind: "postgres", databaseUrl, pools, close };
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
