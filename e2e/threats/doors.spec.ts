import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { threat } from "#lib/testing/reliability-rows.ts";
import { byTier } from "#lib/testing/tier.ts";
import { type Door, type FaultWorld, startFaultWorld } from "../faults/world.ts";
import { absoluteForms, hostsToTry, spellingsOfPath } from "./path-spellings.ts";
import { getRaw, type RawReply } from "./raw.ts";

/** Stands in names that only those may see who are let in. */
const CANARY = "canary-of-the-inside";

const app = fileURLToPath(new URL("../../app/", import.meta.url));

/** Routes that answer anybody, and why. */
const OPEN: Readonly<Record<string, string>> = {
  "/docs": "the API's description",
  "/redoc": "the API's description",
  "/openapi.json": "the API's description",
  "/livez": "a probe",
  "/readyz": "a probe",
  "/admin/v1/health/live": "a probe",
  "/admin/v1/health/ready": "a probe",
  "/api/auth/x": "the sign-in itself",
};

/** Every method of every route file, as a path without parameters. */
function routeTable(): { method: string; path: string }[] {
  const files = globSync("**/route.ts", { cwd: app }).toSorted();
  return files.flatMap((file) => {
    const path = `/${file.replace(/\/?route\.ts$/, "")}`
      .replace(/\/\[\[\.\.\.path\]\]$/, "/nothing")
      .replace(/\[\.{3}\w+\]/, "x")
      .replace(/\[\w+\]/g, "0198c0de-0000-7000-8000-000000000000");
    const text = readFileSync(`${app}${file}`, "utf8");
    const named = [...text.matchAll(/export (?:const|async function|function) (\w+)/g)];
    const listed = [...text.matchAll(/export const \{([^}]*)\}/g)];
    const methods = [...named, ...listed].flatMap(([, names = ""]) =>
      names.match(/\b(?:GET|POST|PUT|PATCH|DELETE)\b/g),
    );
    return methods.filter((method) => method !== null).map((method) => ({ method, path }));
  });
}

/** The routes of the gateway itself, which the fast door answers without Next. */
const GATEWAY = [
  { method: "POST", path: "/v1/chat/completions" },
  { method: "POST", path: "/v1/embeddings" },
  { method: "POST", path: "/v1/moderations" },
  { method: "GET", path: "/v1/models" },
  { method: "GET", path: "/v1/models/anything" },
  { method: "POST", path: "/v1/proxy/chat/completions" },
];

/** How many kinds of wrong credentials each route is asked with. */
const KINDS = byTier({ quick: 2, all: 4 });

const PAGES = ["/overview", "/keys", "/logs", "/settings", "/audit", "/members"];
const PROTECTED = ["/admin/v1/keys", "/admin/v1/models/deployments", "/v1/models", "/overview"];

describe.each(byTier<Door[]>({ quick: ["fast"], all: ["fast", "next"] }))("the %s door", (door) => {
  let world: FaultWorld;
  let virtualKey: string;
  beforeAll(async () => {
    world = await startFaultWorld({ store: "embedded", door });
    await world.addModel(CANARY);
    virtualKey = (await world.gateway.addKey({ alias: CANARY, allowed_models: [] })).key;
  });
  afterAll(() => world?.close());

  const credentials = (): Record<string, Record<string, string>> => ({
    none: {},
    "of another kind": { authorization: `Bearer ${virtualKey}`, "x-api-key": virtualKey },
    wrong: { authorization: "Bearer cnd_ad_0000000000000000000000000000000000000000000000000" },
    "in a cookie": { cookie: `conduit.sid=${virtualKey}; next-auth.session-token=${virtualKey}` },
  });

  it(`${threat("T6")}: every route of the table refuses who has no right to it`, async () => {
    const table = routeTable();
    expect(table.length).toBeGreaterThan(90);
    const closed = [...table, ...GATEWAY].filter(({ path }) => OPEN[path] === undefined);
    const opened: string[] = [];
    for (const route of closed) {
      for (const kind of Object.keys(credentials()).slice(0, KINDS)) {
        opened.push(...(await openingOf(route, kind)));
      }
    }
    expect(opened).toEqual([]);
  });

  /** What a route answers to a kind of key that it has to refuse; nothing when it does. */
  async function openingOf(
    { method, path }: { method: string; path: string },
    kind: string,
  ): Promise<string[]> {
    if (kind === "of another kind" && path.startsWith("/v1/")) {
      return [];
    }
    const reply = await fetch(`${world.gateway.url}${path}`, {
      method,
      headers: { "content-type": "application/json", ...credentials()[kind] },
      redirect: "manual",
      ...(method === "GET" || method === "DELETE" ? {} : { body: "{}" }),
    });
    const text = await reply.text();
    const isRefused = [401, 403, 404, 405].includes(reply.status) && !text.includes(CANARY);
    return isRefused ? [] : [`${method} ${path} with a key that is ${kind}: ${reply.status}`];
  }

  it(`${threat("T10")}: no spelling of a path or a host opens what its plain one does not`, async () => {
    const { port } = world.gateway;
    const targets = PROTECTED.flatMap((path) => [
      ...spellingsOfPath(path).map((target) => ({ target, headers: hostsToTry(port)[0] ?? [] })),
      ...absoluteForms(path, port).map((target) => ({ target, headers: ["host: evil.example"] })),
      ...hostsToTry(port).map((headers) => ({ target: path, headers })),
    ]);
    expect(targets.length).toBeGreaterThanOrEqual(300);
    const opened: string[] = [];
    const keys = [[], [`authorization: Bearer ${virtualKey}`]];
    for (const [at, { target, headers }] of targets.entries()) {
      for (const key of byTier({ quick: [keys[at % 2] ?? []], all: keys })) {
        const reply = await getRaw(port, target, [...headers, ...key]);
        if (leaks(reply)) {
          opened.push(`${target} ${headers.join(" ")}: ${reply.status} ${reply.text.slice(-200)}`);
        }
      }
    }
    expect(opened).toEqual([]);
  });

  it(`${threat("T10")}: the canary is where it is looked for`, async () => {
    const admin = `authorization: Bearer ${world.gateway.adminKey}`;
    const { port } = world.gateway;
    const reply = await getRaw(port, "/admin/v1/keys", [`host: 127.0.0.1:${port}`, admin]);
    expect(reply.status).toBe(200);
    expect(leaks(reply)).toBe(true);
  });

  it(`${threat("T31")}: the framework's own headers change nothing of who is let in`, async () => {
    const paths = byTier({
      quick: ["/admin/v1/keys", "/api/console/logs/recent", "/overview", "/v1/models"],
      all: [...new Set([...routeTable().map(({ path }) => path), ...PAGES, "/v1/models"])],
    });
    const { port } = world.gateway;
    const differing: string[] = [];
    for (const path of paths) {
      const own = [`host: 127.0.0.1:${port}`];
      const plain = await getRaw(port, path, own);
      for (const headers of INTERNAL) {
        const reply = await getRaw(port, path, [...own, ...headers]);
        // What a page answers to its own script may be another status; it never holds more.
        const isSame = reply.status === plain.status || (reply.status < 400 && plain.status < 400);
        if (!isSame || leaks(reply)) {
          differing.push(`${path} ${headers.join(" ")}: ${plain.status} became ${reply.status}`);
        }
      }
    }
    expect(differing).toEqual([]);
  });
});

const SOCKET_KEY = `sec-websocket-key: ${Buffer.from("a key of 16 byte").toString("base64")}`;

const INTERNAL = [
  ["x-middleware-subrequest: middleware:middleware:middleware:middleware:middleware"],
  ["x-middleware-subrequest: src/middleware", "x-middleware-next: 1"],
  ["x-middleware-rewrite: /docs"],
  ["x-middleware-override-headers: authorization", "x-middleware-request-authorization: x"],
  ["x-middleware-set-cookie: conduit.sid=x"],
  ["next-resume: 1"],
  ["next-resume: 1", "x-matched-path: /docs"],
  ["x-nextjs-data: 1"],
  ["x-nextjs-rewrite: /docs", "x-nextjs-matched-path: /docs"],
  ["x-next-cache-tags: x", "x-next-revalidated-tags: x", "x-next-revalidate-tag-token: x"],
  ["x-matched-path: /docs", "x-now-route-matches: 1=docs"],
  ["x-invoke-path: /docs", "x-invoke-status: 200", "x-invoke-output: /docs"],
  ["x-prerender-revalidate: 1", "x-prerender-bypass: 1"],
  ["rsc: 1"],
  ["rsc: 1", "next-router-prefetch: 1", "next-url: /docs"],
  ["rsc: 1", "next-router-state-tree: %5B%22%22%5D"],
  ["next-action: 0000000000000000000000000000000000000000"],
  ["x-action-redirected: 1", "x-action-forwarded: 1", "x-action-revalidated: 1"],
  ["upgrade: websocket", "connection: upgrade", "sec-websocket-version: 13", SOCKET_KEY],
  ["upgrade: h2c", "connection: upgrade, http2-settings", "http2-settings: AAMAAABkAAQAAP__"],
];

/** What is behind the doors is seen, or a connection was turned into something else. */
function leaks({ status, text }: RawReply): boolean {
  return text.includes(CANARY) || status === 101;
}
