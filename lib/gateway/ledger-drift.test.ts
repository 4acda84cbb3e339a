import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ORGANIZATION_ID } from "#lib/contract/caller.ts";
import { getSql } from "#lib/db/client.ts";
import { budgetStates } from "#lib/limits/budget.ts";
import { reapReservations } from "#lib/limits/reap.ts";
import { type FaultProxy, startFaultProxy } from "#lib/testing/fault-proxy.ts";
import { type InProcessGateway, openGateway } from "#lib/testing/in-process-gateway.ts";
import { hasPostgres, startPostgres, type TestPostgres } from "#lib/testing/postgres.ts";
import { findRedisServer, startRedis, type TestRedis } from "#lib/testing/redis.ts";
import { threat } from "#lib/testing/reliability-rows.ts";
import { seededRandom, seededWhole } from "#lib/testing/seeded-random.ts";
import { byTier, recordFigure, seed, tier } from "#lib/testing/tier.ts";
import { openExchange } from "./exchange.ts";
import { routeRequest } from "./router.ts";
import { requireRuntime } from "./runtime.ts";

/** Ends with the first of the two. */
const REQUESTS = byTier({ quick: 400, all: 1_000_000 });
const RUN_MS = byTier({ quick: 20_000, all: 12 * 60_000 });
const CALLERS = 32;
const KEYS = 6;
/** Between two faults of a store; each lasts a moment. */
const FAULT_EVERY_MS = 1_500;

let gateway: InProcessGateway;
let postgres: TestPostgres | undefined;
let redis: TestRedis | undefined;
let postgresProxy: FaultProxy | undefined;
let redisProxy: FaultProxy | undefined;
const keys: string[] = [];
const told = { sent: 0, hungUp: 0, faults: 0 };

/** Real stores behind proxies that spoil them, in the full run; in the short one the embedded database. */
async function openStores(): Promise<Record<string, string>> {
  if (tier() !== "all" || !hasPostgres() || findRedisServer() === undefined) {
    return {};
  }
  postgres = await startPostgres();
  redis = await startRedis();
  const database = new URL(await postgres.createDatabase());
  postgresProxy = await startFaultProxy({ port: Number(database.port) });
  redisProxy = await startFaultProxy({ port: redis.port });
  database.port = String(postgresProxy.port);
  return { DATABASE_URL: database.href, REDIS_URL: `redis://127.0.0.1:${redisProxy.port}` };
}

beforeAll(async () => {
  gateway = await openGateway(await openStores());
  const mock = { provider: "mock", input_price_per_million_usd: "3" } as const;
  await gateway.addDeployment({ ...mock, name: "steady", model_name: "steady" });
  await gateway.addDeployment({
    ...mock,
    name: "failing",
    model_name: "failing",
    settings: { error_rate: "0.3" },
    output_price_per_million_usd: "7",
  });
  await gateway.setBudget({ subject: "organization", subject_id: ORGANIZATION_ID }, 10n ** 15n);
  for (let count = 0; count < KEYS; count += 1) {
    const team = await gateway.addTeam(`team ${count}`);
    const key = await gateway.addKey({
      user_email: `caller-${count % 3}@example.com`,
      team_id: team,
      // One of them is spent early, so that there are refusals too.
      budget_limit_usd: count === 0 ? 0.05 : 100_000,
    });
    const { userId } = await gateway.ownerOf(key);
    await gateway.setBudget({ subject: "team", subject_id: team }, 10n ** 15n);
    await gateway.setBudget({ subject: "user", subject_id: userId }, 10n ** 15n);
    keys.push(key);
  }
}, 120_000);

afterAll(async () => {
  await gateway?.close();
  await postgresProxy?.close();
  await redisProxy?.close();
  await redis?.stop();
  await postgres?.stop();
});

/** One request of random shape; some callers leave before its end. */
async function askOnce(random: () => number): Promise<void> {
  const stream = random() < 0.5;
  const body = {
    model: random() < 0.5 ? "steady" : "failing",
    messages: [
      { role: "user", content: `${random()} ${"word ".repeat(seededWhole(random, 1, 12))}` },
    ],
    ...(stream ? { stream } : {}),
    ...(random() < 0.3 ? { max_tokens: seededWhole(random, 1, 20) } : {}),
  };
  const leaveAfter = random() < 0.15 ? seededWhole(random, 0, 6) : Number.POSITIVE_INFINITY;
  const cut = new AbortController();
  const headers = new Map([
    ["authorization", `Bearer ${keys[seededWhole(random, 0, KEYS - 1)]}`],
    ["content-type", "application/json"],
  ]);
  const reply = await routeRequest("POST", "/v1/chat/completions", {
    ...openExchange(),
    header: (name) => headers.get(name),
    readBody: async () => Buffer.from(JSON.stringify(body)),
    ip: "127.0.0.1",
    cut,
    signal: cut.signal,
  });
  told.sent += 1;
  if (typeof reply.body !== "string" && !(reply.body instanceof Uint8Array)) {
    await read(reply.body, leaveAfter);
  }
}

async function read(body: AsyncIterable<Uint8Array>, most: number): Promise<void> {
  let chunks = 0;
  for await (const _chunk of body) {
    chunks += 1;
    if (chunks > most) {
      told.hungUp += 1;
      return;
    }
  }
}

/** Breaks connections and silences stores for a moment, again and again, until `isOver`. */
async function spoilStores(isOver: () => boolean): Promise<void> {
  const random = seededRandom(6);
  const proxies = [postgresProxy, redisProxy].filter((proxy) => proxy !== undefined);
  while (!isOver() && proxies.length > 0) {
    await sleep(FAULT_EVERY_MS * random());
    const proxy = proxies[seededWhole(random, 0, proxies.length - 1)];
    told.faults += 1;
    if (random() < 0.5) {
      proxy?.resetAll();
    } else {
      proxy?.set(random() < 0.5 ? { refuse: true } : { blackHole: true });
      await sleep(seededWhole(random, 50, 900));
      proxy?.set({ refuse: false, blackHole: false });
      proxy?.resetAll();
    }
  }
}

async function storm(): Promise<void> {
  const deadline = performance.now() + RUN_MS;
  let left = REQUESTS;
  const isOver = () => left <= 0 || performance.now() > deadline;
  const spoiling = spoilStores(isOver);
  await Promise.all(
    Array.from({ length: CALLERS }, async (_, at) => {
      const random = seededRandom(100 + at);
      for (; !isOver(); left -= 1) {
        await askOnce(random);
      }
    }),
  );
  await spoiling;
}

interface Book {
  id: string;
  subject: string;
  spent: bigint;
  ledger: bigint;
  rollup: bigint;
}

/** Every budget beside the sum of its rows, and beside what is added up for the analytics. */
async function readBooks(): Promise<Book[]> {
  return await getSql("batch")<Book[]>`
    select
      id, subject, spent_nanos as spent,
      (select coalesce(sum(cost_nanos), 0)::bigint from request_logs where ${ofBudget()}) as ledger,
      (select coalesce(sum(cost_nanos), 0)::bigint from usage_rollup_15m where ${ofBudget()}) as rollup
    from budgets order by subject, id`;
}

function ofBudget() {
  return getSql("batch")`
    budgets.subject = 'organization'
    or (budgets.subject = 'key' and key_id::text = budgets.subject_id)
    or (budgets.subject = 'user' and user_id::text = budgets.subject_id)
    or (budgets.subject = 'team' and team_id::text = budgets.subject_id)`;
}

const magnitude = (nanos: bigint) => (nanos < 0n ? -nanos : nanos);

describe(threat("T40"), () => {
  it(
    "after any number of requests and faults, every counter is the sum of its rows",
    async () => {
      await storm();
      await expect
        .poll(() => requireRuntime().recorder.flush(5_000), { timeout: 60_000 })
        .toBe(true);
      await expect.poll(() => requireRuntime().journal.stats().openIntents).toBe(0);
      await expect.poll(reapReservations, { timeout: 60_000 }).toBe(0);
      const books = await readBooks();
      const states = await budgetStates(books.map(({ id }) => id));
      const drifts = books.map((book) => ({
        subject: book.subject,
        row: book.spent - book.ledger,
        rollup: book.rollup - book.ledger,
        live: (states.get(book.id)?.spentNanos ?? 0n) - book.ledger,
        held: states.get(book.id)?.reservedNanos ?? 0n,
      }));
      const off = drifts.reduce(
        (sum, { row, rollup, live, held }) =>
          sum + magnitude(row) + magnitude(rollup) + magnitude(live) + magnitude(held),
        0n,
      );
      const [rows] = await getSql("batch")<{ all: number; ids: number; cost: bigint }[]>`
      select count(*)::int as all, count(distinct id)::int as ids, sum(cost_nanos)::bigint as cost
      from request_logs`;
      recordFigure({
        figure: "S6",
        value: `${off} nano-USD after ${told.sent.toLocaleString("en-US")} requests`,
        met: off === 0n && told.sent >= 1_000_000,
        how:
          `in process, ${told.faults} faults of Postgres and Redis, ${told.hungUp} callers who hung up, ` +
          `${books.length} budgets, ${rows?.all} rows; as many as ${RUN_MS / 60_000} minutes allow; seed ${seed()}`,
      });
      expect(drifts).toEqual(
        books.map(({ subject }) => ({ subject, row: 0n, rollup: 0n, live: 0n, held: 0n })),
      );
      expect(rows?.ids).toBe(rows?.all);
      expect(rows?.all).toBe(told.sent);
      expect(rows?.cost).toBeGreaterThan(0n);
    },
    RUN_MS + 240_000,
  );
});
