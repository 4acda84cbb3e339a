import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Actor } from "#lib/console/actor.ts";
import { createApiKey } from "#lib/console/api-keys.ts";
import { removeBudget, setBudget } from "#lib/console/budget-changes.ts";
import { createDeployment } from "#lib/console/deployments.ts";
import { createTeam } from "#lib/console/teams.ts";
import { apiKeyCreate } from "#lib/contract/api-key.ts";
import type { BudgetSubjectRef } from "#lib/contract/budget-tree.ts";
import { deploymentCreate } from "#lib/contract/deployment.ts";
import { getSql } from "#lib/db/client.ts";
import { openExchange } from "#lib/gateway/exchange.ts";
import { handleNode } from "#lib/gateway/node.ts";
import { routeRequest } from "#lib/gateway/router.ts";
import { requireRuntime } from "#lib/gateway/runtime.ts";
import { start } from "#lib/gateway/start.ts";
import { newId } from "#lib/ids.ts";
import { budgetStates } from "#lib/limits/budget.ts";
import { dropSingleton } from "#lib/singleton.ts";
import { copyTemplate, makeTestDirectory, testStore } from "./database.ts";
import { TEST_SECRETS } from "./gateway.ts";
import { startPostgres } from "./postgres.ts";

type Row = Record<string, unknown>;

/** The gateway behind the fast door, in the test's own process, on the database under test. */
export interface InProcessGateway {
  url: string;
  addDeployment(fields: Record<string, unknown>): Promise<string>;
  /** Makes a key for `dev@example.com` and gives its secret. */
  addKey(fields: Record<string, unknown>): Promise<string>;
  /** A chat request past the HTTP server: the reply's body is not read by anybody yet. */
  open(
    body: Record<string, unknown>,
    key: string,
  ): Promise<{ id: string; body: AsyncIterable<Uint8Array> }>;
  rowOf(id: string): Promise<Row | undefined>;
  rowOfSession(session: string): Promise<Row | undefined>;
  /** The log row of a reply, once it is stored. Throws when there is none. */
  row(reply: Response): Promise<Row>;
  findRow(reply: Response): Promise<Row | undefined>;
  attempts(reply: Response): Promise<Row[]>;
  countRows(modelAsked: string): Promise<number>;
  addTeam(name: string): Promise<string>;
  /** Sets the one budget of somebody, in nano-dollars without a period; `null` takes it away. */
  setBudget(of: BudgetSubjectRef, limitNanos: bigint | null): Promise<void>;
  budgetOf(of: BudgetSubjectRef): Promise<{ spentNanos: bigint; reservedNanos: bigint }>;
  /** The id of a key by its secret, and of whom it belongs to. */
  ownerOf(key: string): Promise<{ keyId: string; userId: string }>;
  spentNanos(key: string): Promise<bigint>;
  reservedNanos(key: string): Promise<bigint>;
  /** Forgets what upstreams did so far. */
  resetHealth(): void;
  /** Resolves when `read` has given the same value for a while. */
  settled(read: () => number): Promise<void>;
  close(): Promise<void>;
}

const ACTOR: Actor = {
  principal: { kind: "admin_key" },
  ip: null,
  requestId: newId(),
};

/** Starts the gateway. `env` adds settings to those of the test. */
export async function openGateway(env: Record<string, string> = {}): Promise<InProcessGateway> {
  const postgres = testStore() === "postgres" ? await startPostgres() : undefined;
  const databaseUrl = await postgres?.createDatabase();
  const dataDir = makeTestDirectory();
  if (databaseUrl === undefined) {
    await copyTemplate(dataDir);
  }
  Object.assign(process.env, {
    ...TEST_SECRETS,
    CONDUIT_ADMIN_KEY: "b6f0c1d27e934a58917f3c5e0d84a2b9c6e1",
    CONDUIT_DATA_DIR: dataDir,
    CONDUIT_EGRESS_ALLOW: "127.0.0.0/8",
    CONDUIT_LOG_LEVEL: "fatal",
    ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
    ...env,
  });
  dropSingleton("env");
  const started = await start();
  const server = createServer((req, res) => {
    if (!handleNode(req, res)) {
      res.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const keyIds = new Map<string, string>();

  async function budgetOf({
    subject,
    subject_id: subjectId,
  }: BudgetSubjectRef): Promise<{ spentNanos: bigint; reservedNanos: bigint }> {
    const [budget] = await getSql()`
      select id from budgets where subject = ${subject} and subject_id = ${subjectId}`;
    const id = String(budget?.["id"]);
    return (await budgetStates([id])).get(id) ?? { spentNanos: 0n, reservedNanos: 0n };
  }

  const budgetOfKey = (key: string) =>
    budgetOf({ subject: "key", subject_id: keyIds.get(key) ?? "" });

  async function findRow(reply: Response): Promise<Row | undefined> {
    await reply.arrayBuffer().catch(() => undefined);
    return await rowOf(reply.headers.get("x-request-id") ?? "");
  }

  async function rowOf(id: string): Promise<Row | undefined> {
    return await waitFor(async () => {
      await requireRuntime().recorder.flush(5000);
      const [row] = await getSql()`select * from request_logs where id = ${id}`;
      return row;
    });
  }

  return {
    url: `http://127.0.0.1:${port}`,
    async addDeployment(fields) {
      const made = await createDeployment(ACTOR, deploymentCreate.parse(fields));
      return made.id;
    },
    async addKey(fields) {
      const input = apiKeyCreate.parse({ user_email: "dev@example.com", ...fields });
      const made = await createApiKey(ACTOR, input);
      keyIds.set(made.key, made.id);
      return made.key;
    },
    async open(body, key) {
      const cut = new AbortController();
      const headers = new Map([
        ["authorization", `Bearer ${key}`],
        ["content-type", "application/json"],
      ]);
      const exchange = {
        ...openExchange(),
        header: (name: string) => headers.get(name),
        readBody: async () => Buffer.from(JSON.stringify(body)),
        ip: "127.0.0.1",
        cut,
        signal: cut.signal,
      };
      const reply = await routeRequest("POST", "/v1/chat/completions", exchange);
      if (typeof reply.body === "string" || reply.body instanceof Uint8Array) {
        throw new Error(`The reply is no stream: ${reply.body}`);
      }
      return { id: exchange.id, body: reply.body };
    },
    rowOf,
    rowOfSession: (session) =>
      waitFor(async () => {
        await requireRuntime().recorder.flush(5000);
        const [row] = await getSql()`select * from request_logs where session = ${session}`;
        return row;
      }),
    async row(reply) {
      const row = await findRow(reply);
      if (row === undefined) {
        throw new Error("The request left no log row.");
      }
      return row;
    },
    findRow,
    async attempts(reply) {
      await findRow(reply);
      return await getSql()`
        select * from request_attempts where request_id = ${reply.headers.get("x-request-id") ?? ""}
        order by position`;
    },
    async countRows(modelAsked) {
      await requireRuntime().recorder.flush(5000);
      const [row] = await getSql()`
        select count(*)::int as n from request_logs where model_asked = ${modelAsked}`;
      return Number(row?.["n"]);
    },
    addTeam: async (name) => (await createTeam(ACTOR, { name })).id,
    async setBudget(of, limitNanos) {
      await (limitNanos === null
        ? removeBudget(ACTOR, of)
        : setBudget(ACTOR, {
            ...of,
            budget_limit_usd: limitNanos,
            budget_period: "total",
            soft_limit_percent: null,
          }));
    },
    budgetOf,
    async ownerOf(key) {
      const keyId = keyIds.get(key) ?? "";
      const [row] = await getSql()`select user_id from api_keys where id = ${keyId}`;
      return { keyId, userId: String(row?.["user_id"]) };
    },
    spentNanos: async (key) => (await budgetOfKey(key)).spentNanos,
    reservedNanos: async (key) => (await budgetOfKey(key)).reservedNanos,
    resetHealth: () => dropSingleton("routing.health"),
    async settled(read) {
      let last = -1;
      while (read() !== last) {
        last = read();
        await sleep(300);
      }
    },
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await started.stop();
      await postgres?.stop();
    },
  };
}

/** Asks again for up to a second: an ending that follows a hang-up has no reply to wait for. */
async function waitFor(read: () => Promise<Row | undefined>): Promise<Row | undefined> {
  for (let round = 0; round < 20; round += 1) {
    const row = await read();
    if (row !== undefined) {
      return row;
    }
    await sleep(50);
  }
  return undefined;
}
