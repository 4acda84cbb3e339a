import type { Options, PostgresType } from "postgres";

export type Pool = "hot" | "batch" | "console";

interface PoolRow {
  connections: number;
  statementTimeoutMs: number;
}

/**
 * What each pool may use of the server. Requests read through `hot`, log rows are written through
 * `batch`, people wait on `console`; a slow page must not take a request's connection.
 */
export const POOLS = {
  hot: { connections: 8, statementTimeoutMs: 5_000 },
  batch: { connections: 2, statementTimeoutMs: 30_000 },
  console: { connections: 2, statementTimeoutMs: 15_000 },
} as const satisfies Record<Pool, PoolRow>;

/** How many connections each pool may have. */
export type PoolSizes = Record<Pool, number>;

/** Beside the pools: LISTEN, the ping, and the claim of a process without Redis. */
const SINGLE_CONNECTIONS = 3;
/** The rest is for administrators of the server, backups, and a replica that is being replaced. */
const SHARE = 0.7;

/**
 * Pools as large as they should be, or as small as they must be for `replicas` processes to find
 * room on a server. The console gives way first, log rows next; one connection each is the least.
 */
export function poolSizesFor(room?: { maxConnections: number; replicas: number }): PoolSizes {
  const sizes: PoolSizes = {
    hot: POOLS.hot.connections,
    batch: POOLS.batch.connections,
    console: POOLS.console.connections,
  };
  const most =
    room === undefined
      ? Number.POSITIVE_INFINITY
      : Math.floor((room.maxConnections * SHARE) / room.replicas) - SINGLE_CONNECTIONS;
  const excess = (): number => sizes.hot + sizes.batch + sizes.console - most;
  for (const pool of ["console", "batch", "hot"] as const) {
    sizes[pool] = Math.max(1, sizes[pool] - Math.max(0, excess()));
  }
  return sizes;
}

interface Types extends Record<string, PostgresType> {
  bigint: PostgresType<bigint>;
}

/** `int8` as `bigint`: money and counters must not pass through a float. */
const TYPES: Types = {
  bigint: {
    to: 20,
    from: [20],
    serialize: (value: bigint) => String(value),
    parse: (text: string) => BigInt(text),
  },
};

/**
 * Options for a connection to the server at `databaseUrl`. `?pgbouncer=true` (a pooler that gives a
 * connection per transaction) turns prepared statements and start-up parameters off; `?host=/dir`
 * names a directory with a unix socket, as in libpq.
 */
export function serverOptions(
  databaseUrl: string,
  limits: { connections: number; statementTimeoutMs?: number },
): { url: string; options: Options<Types> } {
  const url = new URL(databaseUrl);
  const pooled = takeParameter(url, "pgbouncer") === "true";
  const socketDirectory = takeParameter(url, "host");
  const timeouts = {
    statement_timeout: limits.statementTimeoutMs ?? 0,
    lock_timeout: limits.statementTimeoutMs === undefined ? 0 : 1_000,
    idle_in_transaction_session_timeout: 10_000,
  };
  return {
    url: url.href,
    options: {
      max: limits.connections,
      connect_timeout: 3,
      // Replicas that lost the server together come back one after the other, and soon.
      backoff: (attempt) => (0.5 + Math.random() / 2) * Math.min(3 ** attempt / 100, 2),
      idle_timeout: 60,
      // Spread out, so that replicas that started together do not reconnect together.
      max_lifetime: 60 * (25 + Math.floor(Math.random() * 10)),
      types: TYPES,
      prepare: !pooled,
      connection: {
        application_name: "conduit",
        ...(pooled ? {} : { TimeZone: "UTC", ...timeouts }),
      },
      ...(socketDirectory === null ? {} : { host: socketDirectory }),
      onnotice: () => undefined,
    },
  };
}

function takeParameter(url: URL, name: string): string | null {
  const value = url.searchParams.get(name);
  url.searchParams.delete(name);
  return value;
}

/**
 * Options for the one connection to the embedded database. It has no `statement_timeout`, and it is
 * never given up while idle.
 */
export function embeddedOptions(socketPath: string): Options<Types> {
  return {
    path: socketPath,
    user: "postgres",
    pass: "",
    database: "postgres",
    ssl: false,
    max: 1,
    connect_timeout: 10,
    idle_timeout: 0,
    max_lifetime: null,
    types: TYPES,
    connection: { application_name: "conduit", TimeZone: "UTC" },
    onnotice: () => undefined,
  };
}
