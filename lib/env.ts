import { z } from "zod";
import { networkList } from "./network-list.ts";
import { singleton } from "./singleton.ts";

/**
 * The one reader of the environment. A setting that is missing where it must not be, or does not
 * parse, stops the start with exit code 78 (`EX_CONFIG`) and a sentence that names it.
 */
const flag = (allowed: readonly [string, ...string[]]) => z.enum(allowed);
const whole = (least: number, most: number) => z.coerce.number().int().min(least).max(most);

const schema = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  CONDUIT_DATA_DIR: z.string().default(".conduit"),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  UPSTASH_REDIS_REST_URL: z.url({ protocol: /^https?$/ }).optional(),
  UPSTASH_REDIS_REST_TOKEN: z.string().optional(),
  PORT: whole(0, 65_535).default(8000),
  HOST: z.string().optional(),
  CONDUIT_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  CONDUIT_ENV: flag(["production", "development"]).default("production"),
  CONDUIT_MASTER_KEYS: z.string().optional(),
  CONDUIT_ADMIN_KEY: z.string().optional(),
  CONDUIT_MASTER_API_KEY: z.string().optional(),
  AUTH_SECRET: z.string().optional(),
  NEXTAUTH_SECRET: z.string().optional(),
  CONDUIT_REPLICAS: whole(1, 10_000).default(1),
  CONDUIT_JOURNAL: flag(["on", "fdatasync", "off"]).optional(),
  CONDUIT_DOOR: flag(["fast", "next"]).default("fast"),
  CONDUIT_STALE_CONFIG: flag(["fail_closed", "fail_static"]).default("fail_closed"),
  CONDUIT_SETUP_TOKEN: z.string().trim().min(16, "must be at least 16 characters long").optional(),
  CONDUIT_EGRESS_ALLOW: networkList({ hostNames: true }).optional(),
  CONDUIT_EGRESS_PROXY: z.url({ protocol: /^https?$/ }).optional(),
  CONDUIT_MAX_BODY_MIB: z.coerce.number().positive().max(1024).default(32),
  CONDUIT_DRAIN_SECONDS: whole(0, 3600).default(60),
  CONDUIT_STREAM_IDLE_SECONDS: whole(1, 3600).default(120),
  CONDUIT_LAME_DUCK_SECONDS: whole(0, 300).optional(),
  CONDUIT_WRITE_STALL_SECONDS: whole(1, 3600).default(60),
  CONDUIT_BASE_PATH: z
    .string()
    .regex(/^(\/[\w.-]+)+$/, "must start with / and not end with one")
    .optional(),
  TRUSTED_PROXIES: networkList({ hostNames: false }).optional(),
  NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: z.string().optional(),
  CONDUIT_LOG_LEVEL: flag(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default(
    "info",
  ),
  NODE_ENV: z.string().optional(),
  VERCEL: z.string().optional(),
});

/** Names that belong to clients or to the build and are no settings of the server. */
const NOT_SETTINGS = new Set(["CONDUIT_API_KEY"]);
const TEST_PREFIX = "CONDUIT_TEST_";

export type JournalMode = "on" | "fdatasync" | "off";

export interface Env {
  databaseUrl: string | undefined;
  dataDir: string;
  redisUrl: string | undefined;
  upstash: { url: string; token: string } | undefined;
  port: number;
  host: string | undefined;
  publicUrl: string | undefined;
  mode: "production" | "development";
  /** Whether Next compiles pages as they are asked for; a built server in development mode does not. */
  hotReload: boolean;
  masterKeys: string | undefined;
  adminKey: string | undefined;
  authSecret: string | undefined;
  replicas: number;
  journal: JournalMode;
  door: "fast" | "next";
  /** What becomes of requests whose configuration the database has not confirmed for 15 minutes. */
  staleConfig: "fail_closed" | "fail_static";
  setupToken: string | undefined;
  /** CIDRs and host names that upstreams may use although they are private; `undefined` when unset. */
  egressAllow: readonly string[] | undefined;
  egressProxy: string | undefined;
  maxBodyBytes: number;
  drainSeconds: number;
  /** How long an upstream may be silent in the middle of its answer. */
  streamIdleMs: number;
  /** How long a process that ends still takes requests, for load balancers to notice; 0 is not at all. */
  lameDuckSeconds: number;
  /** How long a client may read nothing of what waits for it. */
  writeStallSeconds: number;
  basePath: string;
  trustedProxies: readonly string[];
  logLevel: string;
  /** No long-lived process: rows and settlements are awaited in SQL. */
  serverless: boolean;
  onVercel: boolean;
  /** Sentences about names that look like settings and are none. */
  warnings: readonly string[];
}

/** The settings of this process, parsed on first use. Throws `SettingsError`. */
export function getEnv(): Env {
  return singleton("env", () => {
    trustOurHost();
    return parseEnv(process.env);
  });
}

/**
 * next-auth reads these two by itself. It is told its own address with every request, and would
 * send people to `localhost:3000` if it did not believe it.
 */
function trustOurHost(): void {
  process.env["AUTH_TRUST_HOST"] = "1";
  delete process.env["NEXTAUTH_URL"];
}

/**
 * Where this process answers. After a server action that leads to another page Next fetches that page
 * itself, with the cookies of whoever acted, and without this from whatever listens on port 3000.
 */
export function tellNextOurAddress(address: { host: string | undefined; port: number }): void {
  const { host = "127.0.0.1", port } = address;
  const isAny = host === "0.0.0.0" || host === "::";
  const name = isAny ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host;
  process.env["__NEXT_PRIVATE_ORIGIN"] = `http://${name}:${port}`;
}

/** Why the process cannot start as configured; the start exits with code 78. */
export class SettingsError extends Error {
  readonly exitCode = 78;
  constructor(message: string) {
    super(message);
    this.name = "SettingsError";
  }
}

/** Settings from a set of variables. Throws `SettingsError` naming the first one at fault. */
export function parseEnv(source: Readonly<Record<string, string | undefined>>): Env {
  const present = Object.fromEntries(
    Object.entries(source).filter(([, value]) => value !== undefined && value !== ""),
  );
  const parsed = schema.safeParse(present);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new SettingsError(`${issue?.path.join(".")}: ${issue?.message}`);
  }
  const values = parsed.data;
  const serverless = values.VERCEL !== undefined || values.CONDUIT_JOURNAL === "off";
  return {
    databaseUrl: values.DATABASE_URL,
    dataDir: values.CONDUIT_DATA_DIR,
    redisUrl: values.REDIS_URL,
    upstash: upstashOf(values),
    port: values.PORT,
    host: values.HOST,
    publicUrl: values.CONDUIT_PUBLIC_URL,
    mode: values.CONDUIT_ENV === "development" ? "development" : "production",
    hotReload: values.CONDUIT_ENV === "development" && values.NODE_ENV !== "production",
    masterKeys: values.CONDUIT_MASTER_KEYS,
    adminKey: values.CONDUIT_ADMIN_KEY ?? values.CONDUIT_MASTER_API_KEY,
    authSecret: values.AUTH_SECRET ?? values.NEXTAUTH_SECRET,
    replicas: values.CONDUIT_REPLICAS,
    journal: serverless ? "off" : journalMode(values.CONDUIT_JOURNAL),
    door: values.CONDUIT_DOOR === "next" ? "next" : "fast",
    staleConfig: values.CONDUIT_STALE_CONFIG === "fail_static" ? "fail_static" : "fail_closed",
    setupToken: values.CONDUIT_SETUP_TOKEN,
    egressAllow: listOf(values.CONDUIT_EGRESS_ALLOW),
    egressProxy: values.CONDUIT_EGRESS_PROXY,
    maxBodyBytes: Math.floor(values.CONDUIT_MAX_BODY_MIB * 1024 * 1024),
    drainSeconds: values.CONDUIT_DRAIN_SECONDS,
    streamIdleMs: values.CONDUIT_STREAM_IDLE_SECONDS * 1000,
    lameDuckSeconds: lameDuckOf(values),
    writeStallSeconds: values.CONDUIT_WRITE_STALL_SECONDS,
    basePath: values.CONDUIT_BASE_PATH ?? "",
    trustedProxies: listOf(values.TRUSTED_PROXIES) ?? [],
    logLevel: values.CONDUIT_LOG_LEVEL,
    serverless,
    onVercel: values.VERCEL !== undefined,
    warnings: strangers(Object.keys(present)),
  };
}

const LAME_DUCK_SECONDS = 8;

/**
 * Replicas share a database, so on the embedded one there is nobody whom a load balancer could ask
 * instead; and whoever stops a development server waits in front of it.
 */
function lameDuckOf(values: z.infer<typeof schema>): number {
  const hasPeers = values.DATABASE_URL !== undefined && values.CONDUIT_ENV === "production";
  const fallback = hasPeers ? Math.min(LAME_DUCK_SECONDS, values.CONDUIT_DRAIN_SECONDS) : 0;
  return values.CONDUIT_LAME_DUCK_SECONDS ?? fallback;
}

function journalMode(value: string | undefined): JournalMode {
  return value === "fdatasync" ? "fdatasync" : "on";
}

function upstashOf(values: z.infer<typeof schema>): Env["upstash"] {
  const url = values.UPSTASH_REDIS_REST_URL;
  const token = values.UPSTASH_REDIS_REST_TOKEN;
  if ((url === undefined) !== (token === undefined)) {
    throw new SettingsError(
      "UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN have to be set together.",
    );
  }
  return url === undefined || token === undefined ? undefined : { url, token };
}

function listOf(value: string | undefined): string[] | undefined {
  return value
    ?.split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

/** A misspelt setting would otherwise be obeyed by nobody and noticed by nobody. */
function strangers(names: readonly string[]): string[] {
  const known = Object.keys(schema.shape);
  return names
    .filter((name) => name.startsWith("CONDUIT_") && !name.startsWith(TEST_PREFIX))
    .filter((name) => !known.includes(name) && !NOT_SETTINGS.has(name))
    .map((name) => {
      const nearest = known.reduce((best, other) =>
        distance(name, other) < distance(name, best) ? other : best,
      );
      return `${name} is not a setting of Conduit and has no effect. Did you mean ${nearest}?`;
    });
}

/** Levenshtein distance, one row at a time. */
function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, at) => at);
  for (let i = 1; i <= left.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, change));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}

/** The names of all settings, for the documentation test. */
export function settingNames(): string[] {
  return Object.keys(schema.shape);
}
