import { rmSync } from "node:fs";
import { copyTemplate, makeTestDirectory } from "#lib/testing/database.ts";
import {
  type FakeHandler,
  type FakeUpstream,
  startFakeUpstream,
} from "#lib/testing/fake-upstream.ts";
import { type FaultProxy, startFaultProxy } from "#lib/testing/fault-proxy.ts";
import { type Gateway, startGateway, TEST_SECRETS } from "#lib/testing/gateway.ts";
import { chatReply } from "#lib/testing/openai-replies.ts";
import { hasPostgres, startPostgres, type TestPostgres } from "#lib/testing/postgres.ts";
import { freePort } from "#lib/testing/process.ts";
import { findRedisServer, startRedis, type TestRedis } from "#lib/testing/redis.ts";
import { tier } from "#lib/testing/tier.ts";

/** `embedded`: one process and no Redis. `stores`: Postgres and Redis, as in production. */
export type Store = "embedded" | "stores";
export type Door = "fast" | "next";

/** The key that every deployment of these worlds has: it must be found nowhere outside the vault. */
export const CANARY = "sk-canary-7f3a9b1c5d2e4f60718293a4b5c6d7e8";

export interface WorldOptions {
  store: Store;
  /** Default `fast`. */
  door?: Door;
  /** Processes on the same stores; more than one needs `stores`. Default 1. */
  replicas?: number;
  /** Settings of every process. */
  env?: Readonly<Record<string, string | undefined>>;
  nodeFlags?: readonly string[];
  /** Connections that Postgres has for all of them. */
  maxConnections?: number;
  /** What the upstream answers; default a whole chat completion. */
  handler?: FakeHandler;
}

export interface FaultWorld {
  /** The first process; `gateways` are all of them. */
  gateway: Gateway;
  gateways: Gateway[];
  upstream: FakeUpstream;
  /** What stands between the processes and their stores; undefined on the embedded database. */
  postgresProxy: FaultProxy | undefined;
  redisProxy: FaultProxy | undefined;
  postgres: TestPostgres | undefined;
  redis: TestRedis | undefined;
  /** The URL of the processes' database past the proxy, for a look from outside. */
  databaseUrl: string | undefined;
  /** Registers a model at the fake upstream, priced 1 and 2 USD per million tokens. */
  addModel: (name: string, fields?: Record<string, unknown>) => Promise<string>;
  /** Starts one more process like the others (after a kill, or for a rolling restart). */
  startReplica: (at: number, env?: Readonly<Record<string, string>>) => Promise<Gateway>;
  close: () => Promise<void>;
}

/** The stores a suite runs on: both, or in the quick tier those that it names. */
export function storesToTest(quick: readonly Store[] = ["embedded"]): readonly Store[] {
  const wanted: readonly Store[] = tier() === "all" ? ["embedded", "stores"] : quick;
  return hasStores() ? wanted : wanted.filter((store) => store === "embedded");
}

/** Whether this machine has the programs of both real stores. */
export function hasStores(): boolean {
  return hasPostgres() && findRedisServer() !== undefined;
}

/** A running gateway whose upstream and stores a test can spoil. */
export async function startFaultWorld(options: WorldOptions): Promise<FaultWorld> {
  const upstream = await startFakeUpstream(options.handler ?? (() => chatReply("all is well")));
  const stores = options.store === "stores" ? await startStores(options) : undefined;
  const places = await Promise.all(
    Array.from({ length: options.replicas ?? 1 }, async () => {
      const dataDir = makeTestDirectory();
      if (stores === undefined) {
        await copyTemplate(dataDir);
      }
      return { dataDir, port: await freePort() };
    }),
  );
  const start = (at: number, env: Readonly<Record<string, string>> = {}) =>
    startGateway({
      ...places[at],
      ...(options.nodeFlags === undefined ? {} : { nodeFlags: options.nodeFlags }),
      env: { CONDUIT_DOOR: options.door ?? "fast", ...stores?.env, ...options.env, ...env },
    });
  const gateways: Gateway[] = [];
  for (const at of places.keys()) {
    gateways.push(await start(at));
  }
  const [gateway] = gateways;
  if (gateway === undefined) {
    throw new Error("A world has at least one gateway.");
  }
  return {
    gateway,
    gateways,
    upstream,
    postgres: stores?.postgres,
    redis: stores?.redis,
    postgresProxy: stores?.postgresProxy,
    redisProxy: stores?.redisProxy,
    databaseUrl: stores?.databaseUrl,
    addModel: (name, fields) => addModel(gateway, upstream, name, fields),
    startReplica: async (at, env) => {
      const started = await start(at, env);
      gateways[at] = started;
      return started;
    },
    close: async () => {
      await Promise.all(gateways.map((one) => one.close()));
      await upstream.close();
      await stores?.close();
      for (const { dataDir } of places) {
        rmSync(dataDir, { recursive: true, force: true });
      }
    },
  };
}

async function startStores({ maxConnections }: WorldOptions) {
  const postgres = await startPostgres(maxConnections === undefined ? {} : { maxConnections });
  const redis = await startRedis();
  const databaseUrl = await postgres.createDatabase();
  const database = new URL(databaseUrl);
  const postgresProxy = await startFaultProxy({ port: Number(database.port) });
  const redisProxy = await startFaultProxy({ port: redis.port });
  const throughProxy = new URL(databaseUrl);
  throughProxy.port = String(postgresProxy.port);
  return {
    postgres,
    redis,
    postgresProxy,
    redisProxy,
    databaseUrl,
    env: {
      ...TEST_SECRETS,
      DATABASE_URL: throughProxy.href,
      REDIS_URL: `redis://127.0.0.1:${redisProxy.port}`,
    },
    close: async () => {
      await postgresProxy.close();
      await redisProxy.close();
      await redis.stop();
      await postgres.stop();
    },
  };
}

function addModel(
  gateway: Gateway,
  upstream: FakeUpstream,
  name: string,
  fields: Record<string, unknown> = {},
): Promise<string> {
  return gateway.addDeployment({
    name,
    provider: "openai_compatible",
    model_name: name,
    api_base: `${upstream.url}/v1`,
    api_key: CANARY,
    input_price_per_million_usd: "1",
    output_price_per_million_usd: "2",
    ...fields,
  });
}
