import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { loadSecrets } from "#lib/auth/bootstrap.ts";
import type { RouteHandler } from "#lib/console/define-route.ts";
import { databaseKind, getSql } from "#lib/db/client.ts";
import { watchChanges } from "#lib/db/config-version.ts";
import { configureSnapshots, refreshSnapshot } from "#lib/db/snapshot.ts";
import { getEnv } from "#lib/env.ts";
import { takeOver } from "#lib/gateway/changes.ts";
import { compilePrice } from "#lib/ledger/price.ts";
import { closeLimits, configureLimits } from "#lib/limits/configure.ts";
import { dropSingleton } from "#lib/singleton.ts";
import { openTestDatabase } from "./database.ts";
import { TEST_SECRETS } from "./gateway.ts";

/** What a route answered. */
export interface AdminReply {
  status: number;
  headers: Headers;
  /** The parsed body; `undefined` for none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read whatever field they are about.
  body: any;
}

export interface AdminCall {
  body?: unknown;
  /** The credential; the admin key when left out, none when `null`. */
  token?: string | null;
  headers?: Record<string, string>;
}

/** The admin API's route files over a database of the test's own, called without a server. */
export interface AdminApi {
  call(method: string, path: string, call?: AdminCall): Promise<AdminReply>;
  /** `call` that fails unless the answer is a success; gives its body. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read whatever field they are about.
  ok(method: string, path: string, body?: unknown): Promise<any>;
  /** The number of audit events and the configuration's version, which every write raises by one. */
  marks(): Promise<{ events: number; version: number }>;
  close(): Promise<void>;
}

const TEST_ADMIN_KEY = "an-admin-key-of-the-tests-0a1b2c3d4e5f";

const APP = join(import.meta.dirname, "../../app");

/** Opens the API. `env` adds settings to those of the test. */
export async function openAdminApi(env: Record<string, string> = {}): Promise<AdminApi> {
  Object.assign(process.env, {
    ...TEST_SECRETS,
    CONDUIT_ADMIN_KEY: TEST_ADMIN_KEY,
    CONDUIT_LOG_LEVEL: "fatal",
    ...env,
  });
  dropSingleton("env");
  const database = await openTestDatabase();
  const secrets = await loadSecrets({ ...getEnv(), dataDir: database.dataDir });
  configureSnapshots({ masterKeys: secrets.masterKeys, compilePrice });
  configureLimits({ env: getEnv(), databaseKind: databaseKind() });
  await refreshSnapshot();
  const watcher = await watchChanges({ onChange: takeOver, onlyWhenAsked: true });
  return {
    call,
    ok: async (method, path, body) => {
      const reply = await call(method, path, { body });
      if (reply.status >= 300) {
        throw new Error(`${method} ${path} answered ${JSON.stringify(reply.body)}`);
      }
      return reply.body;
    },
    marks,
    close: async () => {
      await watcher.stop();
      await closeLimits();
      await database.close();
    },
  };
}

async function marks(): Promise<{ events: number; version: number }> {
  const [row] = await getSql()<{ events: number; version: number }[]>`
    select (select count(*)::int from audit_events) as events,
      (select version::int from config_version) as version`;
  return row ?? { events: 0, version: 0 };
}

async function call(method: string, path: string, options: AdminCall = {}): Promise<AdminReply> {
  const { body, token = TEST_ADMIN_KEY, headers } = options;
  const url = new URL(`http://conduit.test/admin/v1${path}`);
  const { file, params } = findRoute(url.pathname);
  const route = (await import(pathToFileURL(file).href)) as Record<string, RouteHandler>;
  const request = new Request(url, {
    method,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const handler = route[method];
  if (handler === undefined) {
    throw new Error(`${file} exports no ${method}.`);
  }
  const reply = await handler(request, { params: Promise.resolve(params) });
  const text = await reply.text();
  return {
    status: reply.status,
    headers: reply.headers,
    body: text === "" ? undefined : JSON.parse(text),
  };
}

const ROUTES = readdirSync(join(APP, "admin"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith("route.ts"))
  .map((name) => join(APP, "admin", name));

/** The addresses of all route files below `app/admin`, and the methods that each answers. */
export async function listAdminRoutes(): Promise<{ address: string; methods: string[] }[]> {
  const routes: { address: string; methods: string[] }[] = [];
  for (const file of ROUTES.filter((name) => !name.includes("[["))) {
    const methods: string[] = [];
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"]) {
      const url = `http://conduit.test/${method}`;
      const route = (await import(pathToFileURL(file).href)) as Record<string, RouteHandler>;
      const reply = await route[method]?.(new Request(url, { method }), {
        params: Promise.resolve({}),
      });
      if (reply?.status !== 405) {
        methods.push(method);
      }
    }
    routes.push({ address: addressOf(file), methods });
  }
  return routes;
}

/** The address of a route file, with its parameters in braces: `/admin/v1/keys/{id}`. */
function addressOf(file: string): string {
  return `/${relative(APP, file).replace(/\/route\.ts$/, "")}`.replace(/\[(\w+)\]/g, "{$1}");
}

function findRoute(pathname: string): { file: string; params: Record<string, string> } {
  const segments = pathname.replace(/\/$/, "").split("/");
  const matches = ROUTES.map((file) => ({
    file,
    params: matchSegments(addressOf(file).split("/"), segments),
  }))
    .filter((match) => match.params !== undefined)
    // A fixed segment stands before a parameter, as in Next.
    .sort((a, b) => Object.keys(a.params ?? {}).length - Object.keys(b.params ?? {}).length);
  const [best] = matches;
  return best?.params === undefined
    ? { file: join(APP, "admin/v1/[[...path]]/route.ts"), params: {} }
    : { file: best.file, params: best.params };
}

function matchSegments(
  pattern: readonly string[],
  segments: readonly string[],
): Record<string, string> | undefined {
  if (pattern.length !== segments.length) {
    return undefined;
  }
  const params: Record<string, string> = {};
  for (const [at, part] of pattern.entries()) {
    const segment = segments[at] ?? "";
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name !== undefined) {
      // Next hands parameters over decoded.
      params[name] = decodeURIComponent(segment);
    } else if (part !== segment) {
      return undefined;
    }
  }
  return params;
}
