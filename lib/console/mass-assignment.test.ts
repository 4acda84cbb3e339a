import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { getTableColumns, getTableName } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { tables } from "#drizzle/tables.ts";
import { ADMIN_OPERATIONS } from "#lib/contract/openapi-admin.ts";
import { getSql } from "#lib/db/client.ts";
import { type AdminApi, openAdminApi } from "#lib/testing/admin-api.ts";
import { threat } from "#lib/testing/reliability-rows.ts";

const ROOT = join(import.meta.dirname, "../..");

/** Every column of every table, by its name in SQL and in code. */
const COLUMNS = [
  ...new Set(
    Object.values(tables).flatMap((table) =>
      Object.entries(getTableColumns(table)).flatMap(([name, column]) => [name, column.name]),
    ),
  ),
];

let api: AdminApi;
beforeAll(async () => {
  api = await openAdminApi();
});
afterAll(() => api.close());

/** The object that an input is, below what is checked of it or made from it. */
function objectOf(schema: z.core.$ZodType): z.ZodObject | undefined {
  if (schema instanceof z.ZodObject) {
    return schema;
  }
  if (schema instanceof z.ZodPipe) {
    return objectOf(schema.in);
  }
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault
    ? objectOf(schema.unwrap())
    : undefined;
}

/** The fields of an input. */
function documented(schema: z.ZodType): ReadonlySet<string> {
  return new Set(Object.keys(objectOf(schema)?.shape ?? {}));
}

/** Those of the fields of which an input says that it does not know them. */
function refused(schema: z.ZodType, fields: readonly string[]): ReadonlySet<string> {
  const { error } = schema.safeParse(Object.fromEntries(fields.map((field) => [field, 1])));
  return new Set(
    (error?.issues ?? []).flatMap((issue) =>
      issue.code === "unrecognized_keys" && issue.path.length === 0 ? issue.keys : [],
    ),
  );
}

const BODIES = ADMIN_OPERATIONS.flatMap(({ method, path, body }) =>
  body === undefined || objectOf(body) === undefined ? [] : [[`${method} ${path}`, body] as const],
);

describe(threat("T8"), () => {
  it.each(BODIES)("%s takes no column that it does not document", (_, body) => {
    const allowed = documented(body);
    const strange = COLUMNS.filter((name) => !allowed.has(name));
    expect(strange.length).toBeGreaterThan(150);
    const told = refused(body, strange);
    expect(strange.filter((name) => !told.has(name))).toEqual([]);
  });

  it("every form of the console takes the fields that it names and no others", async () => {
    const schemas = await inputsOfActions();
    expect(schemas.size).toBeGreaterThan(30);
    // A form's unknown fields are refused or dropped; an input that lets them through has a catch-all.
    const loose = [...schemas].filter(([, schema]) => {
      const { catchall } = objectOf(schema)?.def ?? {};
      return catchall !== undefined && !(catchall instanceof z.ZodNever);
    });
    expect(loose.map(([name]) => name)).toEqual([]);
    expect(BODIES.length).toBeGreaterThan(20);
  });

  it("a refused column leaves the row as it was, whoever asks", async () => {
    for (const thing of THINGS) {
      const { path, table, body } = thing;
      const made = await api.ok("POST", path, body);
      const token = await scopedToken(path);
      const before = await rowsOf(table);
      for (const { name: column } of Object.values(getTableColumns(tableNamed(table)))) {
        await expectRefused(thing, { id: made.id, column, token });
      }
      expect(await rowsOf(table)).toEqual(before);
    }
  });
});

async function expectRefused(
  { path, body, edit }: Thing,
  { id, column, token }: { id: string; column: string; token: string },
): Promise<void> {
  const writes = [
    ["POST", path, body],
    ["PATCH", `${path}/${id}`, edit],
  ] as const;
  for (const [method, at, given] of writes) {
    if (given !== undefined && !isDocumented(method, path, column)) {
      const reply = await api.call(method, at, { body: { ...given, [column]: 1 }, token });
      const told = [reply.status, reply.body.error.param];
      expect(told, `${method} ${at} ${column}`).toEqual([400, column]);
    }
  }
}

interface Thing {
  path: string;
  table: string;
  body: Record<string, unknown>;
  edit?: Record<string, unknown>;
}

const THINGS: readonly Thing[] = [
  { path: "/keys", table: "api_keys", body: { user_email: "a@example.com" }, edit: { alias: "a" } },
  { path: "/teams", table: "teams", body: { name: "Team" }, edit: { name: "Renamed" } },
  { path: "/users", table: "users", body: { email: "b@example.com" }, edit: { name: "B" } },
  {
    path: "/models/deployments",
    table: "deployments",
    body: { name: "d", provider: "mock", model_name: "echo" },
    edit: { model_name: "echo" },
  },
  { path: "/tokens", table: "admin_tokens", body: { name: "t", scopes: ["key.read"] } },
  {
    path: "/guardrails/rules",
    table: "guardrail_rules",
    body: { name: "r", type: "pii", stage: "pre", action: "block", mode: "off", config: {} },
    edit: { name: "r" },
  },
];

function tableNamed(name: string) {
  const found = Object.values(tables).find((table) => getTableName(table) === name);
  if (found === undefined) {
    throw new Error(`There is no table ${name}.`);
  }
  return found;
}

function isDocumented(method: string, path: string, field: string): boolean {
  const whole = `/admin/v1${path}`;
  return ADMIN_OPERATIONS.some(
    (one) =>
      one.method === method.toLowerCase() &&
      (one.path === whole || one.path.startsWith(`${whole}/{`)) &&
      one.body !== undefined &&
      documented(one.body).has(field),
  );
}

async function rowsOf(table: string): Promise<unknown[]> {
  const rows = await getSql()`select * from ${getSql()(table)} order by 1`;
  // When a token was used last is written by using it.
  return rows.map((row) => ({ ...row, last_used_at: null }));
}

/** A token that may do all of this one thing and nothing else. */
async function scopedToken(path: string): Promise<string> {
  const scopes = ADMIN_OPERATIONS.flatMap((one) =>
    one.path.startsWith(`/admin/v1${path}`) && one.scope != null ? [one.scope] : [],
  );
  const made = await api.ok("POST", "/tokens", { name: "scoped", scopes: [...new Set(scopes)] });
  return made.token;
}

/** The schemas behind the console's server actions, by name, as far as the contract has them. */
async function inputsOfActions(): Promise<Map<string, z.ZodType>> {
  const named = new Set(
    globSync("app/**/actions.ts", { cwd: ROOT }).flatMap((file) =>
      [...readFileSync(join(ROOT, file), "utf8").matchAll(/\binput: (\w+)/g)].map(
        ([, name = ""]) => name,
      ),
    ),
  );
  const found = new Map<string, z.ZodType>();
  for (const file of globSync("lib/contract/**/*.ts", { cwd: ROOT })) {
    if (file.endsWith(".test.ts")) {
      continue;
    }
    const module: Record<string, unknown> = await import(pathToFileURL(join(ROOT, file)).href);
    for (const [name, value] of Object.entries(module)) {
      if (named.has(name) && value instanceof z.ZodType) {
        found.set(name, value);
      }
    }
  }
  return found;
}
