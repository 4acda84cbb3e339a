import { globSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { authenticateKey } from "#lib/auth/api-key.ts";
import { ADMIN_OPERATIONS } from "#lib/contract/openapi-admin.ts";
import { getSql } from "#lib/db/client.ts";
import { refreshSettings } from "#lib/db/settings.ts";
import { newId } from "#lib/ids.ts";
import { type AdminApi, openAdminApi } from "#lib/testing/admin-api.ts";
import { openFakeBrowser } from "#lib/testing/fake-browser.ts";
import { INJECTION_MARK, INJECTIONS } from "#lib/testing/injections.ts";
import { makePerson } from "#lib/testing/people.ts";
import { threat } from "#lib/testing/reliability-rows.ts";
import { recordStatements, type Statements } from "#lib/testing/statements.ts";
import { byTier, seed } from "#lib/testing/tier.ts";
import type { RouteHandler } from "./define-route.ts";

vi.mock("next/headers", async () => (await import("#lib/testing/fake-browser.ts")).nextHeaders);

const PER_PARAMETER = byTier({ quick: 4, all: INJECTIONS.length });
const PER_ISLAND = byTier({ quick: 2, all: 100 });
/** One of so many parameters is tried alone; all of them together are, each time. */
const EVERY = byTier({ quick: 15, all: 1 });
const ROOT = join(import.meta.dirname, "../..");

let api: AdminApi;
let statements: Statements;
let before: string;

beforeAll(async () => {
  api = await openAdminApi();
  await refreshSettings();
  await api.ok("POST", "/keys", { user_email: "somebody@example.com", alias: "theirs" });
  const admin = await makePerson({ role: "admin" });
  await openFakeBrowser().signIn(admin);
  before = await inventory();
  statements = recordStatements();
});
afterAll(() => api.close());

/** Every table with the number of its rows. What reading is noted in may grow. */
async function inventory(): Promise<string> {
  const tables = await getSql()<{ name: string }[]>`
    select relname as name from pg_class
    where relkind in ('r', 'p', 'v', 'f') and relnamespace = 'public'::regnamespace order by 1`;
  const lines = [];
  for (const { name } of tables) {
    const [row] = NOTED.has(name)
      ? [{ rows: "some" }]
      : await getSql()`select count(*)::int as rows from ${getSql()(name)}`;
    lines.push(`${name} ${row?.["rows"]}`);
  }
  return lines.join("\n");
}

const NOTED = new Set(["audit_events"]);

let next = seed();

/** The next of the payloads; over all parameters each gets its turn. */
function payloads(count: number): string[] {
  return Array.from({ length: count }, () => {
    next += 7;
    return INJECTIONS[next % INJECTIONS.length] ?? "";
  });
}

function expectOnlyOurs(): void {
  const foreign = [...statements.texts].filter((text) => text.includes(INJECTION_MARK));
  expect(foreign).toEqual([]);
}

const concrete = (path: string) =>
  path
    .replace("/admin/v1", "")
    .replace("{name}", "nothing")
    .replace(/\{\w+\}/g, () => newId());

const QUERIES = ADMIN_OPERATIONS.flatMap((operation) =>
  Object.keys(operation.query?.shape ?? {}).map((name) => ({ operation, name })),
);

describe(threat("T12"), () => {
  it("what stands in place of a key reaches no statement, and no database at all", async () => {
    await api.call("GET", "/keys");
    const sent = statements.count();
    for (const payload of payloads(byTier({ quick: 100, all: INJECTIONS.length }))) {
      for (const token of [payload, `cnd_ad_${payload}`, `cnd_sk_${payload}`]) {
        const calls = [{ authorization: `Bearer ${token}` }, { "x-api-key": token }];
        for (const headers of calls.map(asciiOnly)) {
          const reply = await api.call("GET", "/keys", { token: null, headers });
          expect(reply.status).toBe(401);
        }
        const call = { authorization: `Bearer ${token}`, apiKey: token, ip: null };
        await expect(authenticateKey(call)).rejects.toMatchObject({ status: 401 });
      }
    }
    expect(statements.count()).toBe(sent);
  });

  it("no parameter of the admin API becomes part of a statement", async () => {
    expect(QUERIES.length).toBeGreaterThan(60);
    const failed: string[] = [];
    for (const { operation, name } of QUERIES) {
      for (const payload of payloads(PER_PARAMETER)) {
        const query = new URLSearchParams({ [name]: payload.toWellFormed() });
        const path = `${concrete(operation.path)}?${query}`;
        const reply = await api.call(operation.method.toUpperCase(), path);
        if (reply.status >= 500) {
          failed.push(`${operation.path} ${name}=${payload}: ${reply.status}`);
        }
      }
    }
    expect(failed).toEqual([]);
    expect(statements.texts.size).toBeGreaterThan(20);
    expectOnlyOurs();
  });

  it("no part of a path becomes part of a statement", async () => {
    const answers: string[] = [];
    for (const { path, method, body } of ADMIN_OPERATIONS.filter((one) => one.params)) {
      const options = body === undefined ? {} : { body: {} };
      for (const payload of payloads(PER_PARAMETER)) {
        const text = encodeURIComponent(payload.toWellFormed());
        const named = path.replace("/admin/v1", "").replace(/\{\w+\}/g, () => text);
        const { status } = await api.call(method.toUpperCase(), named, options);
        answers.push(`${status} ${method} ${named}`);
      }
    }
    expect(answers.filter((answer) => !answer.startsWith("4"))).toEqual([]);
    expectOnlyOurs();
  });

  it("no parameter of the console's own endpoints becomes part of a statement", async () => {
    const names = await parameterNames();
    expect(names.length).toBeGreaterThan(60);
    const statuses: number[] = [];
    for (const file of globSync("app/api/console/**/route.ts", { cwd: ROOT })) {
      const { GET } = (await import(pathToFileURL(join(ROOT, file)).href)) as {
        GET?: RouteHandler;
      };
      for (const payload of GET === undefined ? [] : payloads(PER_ISLAND)) {
        statuses.push(...(await askIsland(GET, names, payload.toWellFormed())));
      }
    }
    expect(statuses.filter((status) => status >= 500)).toEqual([]);
    expect(statuses).toContain(200);
    expectOnlyOurs();
  }, 300_000);

  it("afterwards every table is there with the rows that it had", async () => {
    statements.stop();
    expect(await inventory()).toBe(before);
  });
});

/** One endpoint with a text in all parameters together, and in some of them alone. */
async function askIsland(
  GET: RouteHandler | undefined,
  names: readonly string[],
  text: string,
): Promise<number[]> {
  const queries = [
    names.map((name): [string, string] => [name, text]),
    ...names.filter((_, at) => at % EVERY === next % EVERY).map((name) => [[name, text]]),
  ] as [string, string][][];
  const statuses: number[] = [];
  for (const query of queries) {
    const stop = new AbortController();
    const url = `http://console.example:8000/x?${new URLSearchParams(query)}`;
    const request = new Request(url, { signal: stop.signal });
    const reply = await GET?.(request, { params: Promise.resolve({ id: text, type: "keys" }) });
    statuses.push(reply?.status ?? 0);
    await reply?.body?.cancel();
    stop.abort();
  }
  return statuses;
}

/** The names of all fields in all queries of the contract: whatever an endpoint could have. */
async function parameterNames(): Promise<string[]> {
  const files = globSync("lib/contract/*.ts", { cwd: ROOT }).filter((file) => !/test/.test(file));
  const modules = await Promise.all(
    files.map((file) => import(pathToFileURL(join(ROOT, file)).href) as Promise<object>),
  );
  const fields = modules
    .flatMap(Object.entries)
    .flatMap(([name, schema]) =>
      schema instanceof z.ZodObject && /query/i.test(name) ? Object.keys(schema.shape) : [],
    );
  return [...new Set(["q", "search", "sort", "order", "dir", "filter", "cursor", ...fields])];
}

/** A header takes bytes alone: the rest is sent as what a client would make of it. */
function asciiOnly(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, value.replace(/[^\x20-\x7e]/g, "?")]),
  );
}
