import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { threat } from "#lib/testing/reliability-rows.ts";
import { preparePage } from "./page-headers.ts";
import { dropSingleton } from "./singleton.ts";

const SETTINGS = ["CONDUIT_PUBLIC_URL", "CONDUIT_BASE_PATH", "CONDUIT_ENV", "NODE_ENV"] as const;
// Next's types make some of them read-only.
const environment: Record<string, string | undefined> = process.env;
const before = Object.fromEntries(SETTINGS.map((name) => [name, environment[name]]));

afterEach(() => {
  for (const name of SETTINGS) {
    if (before[name] === undefined) {
      delete environment[name];
    } else {
      environment[name] = before[name];
    }
  }
  dropSingleton("env");
});

function prepare(
  url: string,
  headers: Record<string, string> = {},
  settings: Partial<Record<(typeof SETTINGS)[number], string>> = {},
) {
  Object.assign(environment, settings);
  dropSingleton("env");
  const req = new IncomingMessage(new Socket());
  req.url = url;
  Object.assign(req.headers, headers);
  const res = new ServerResponse(req);
  preparePage(req, res);
  return { req, res };
}

test(`${threat("T22")}: the policy on the answer and on the request is the same one, with a nonce of its own`, () => {
  const first = prepare("/usage");
  const second = prepare("/usage");
  const policy = String(first.res.getHeader("content-security-policy"));
  expect(first.req.headers["content-security-policy"]).toBe(policy);
  expect(policy).toMatch(/script-src 'self' 'nonce-[A-Za-z0-9+/=]{24}' 'strict-dynamic';/);
  expect(policy).toContain("object-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/unsafe-eval|ws:|https?:/);
  expect(second.res.getHeader("content-security-policy")).not.toBe(policy);
});

test(`${threat("T22")}: a policy that a client sends is not the one that Next reads`, () => {
  const { req } = prepare("/", { "content-security-policy": "script-src 'nonce-of-mine'" });
  expect(req.headers["content-security-policy"]).not.toContain("nonce-of-mine");
});

test("only while pages are compiled as they are asked for may code be made from text", () => {
  const settings = { CONDUIT_ENV: "development", NODE_ENV: "development" } as const;
  const { res } = prepare("/", {}, settings);
  expect(res.getHeader("content-security-policy")).toMatch(/'unsafe-eval'.*connect-src 'self' ws:/);
});

test("browsers are bound to TLS where the public URL has it, and nowhere else", () => {
  expect(prepare("/").res.getHeader("strict-transport-security")).toBeUndefined();
  const { res } = prepare("/", {}, { CONDUIT_PUBLIC_URL: "https://llm.example.com" });
  expect(res.getHeader("strict-transport-security")).toContain("max-age=31536000");
});

test.each(["/docs", "/docs/", "/redoc?x=1", "/openapi.json"])("%s keeps its own policy", (url) => {
  expect(prepare(url).res.getHeader("content-security-policy")).toBeUndefined();
});

test("a page whose name begins like a document's has ours", () => {
  expect(prepare("/docs-of-mine").res.getHeader("content-security-policy")).toBeDefined();
});

test.each([
  ["/usage?from=1h", "/usage?from=1h"],
  ["/usage?_rsc=abc&from=1h", "/usage?from=1h"],
  ["/usage?from=1h&_rsc=abc", "/usage?from=1h"],
  ["/usage?_rsc=abc", "/usage"],
])("%s is the page %s", (url, path) => {
  expect(prepare(url).req.headers["x-conduit-path"]).toBe(path);
});

test("the path that a page is told has no base path, and is not the client's word", () => {
  const { req } = prepare(
    "/gateway/usage",
    { "x-conduit-path": "//evil.example" },
    { CONDUIT_BASE_PATH: "/gateway" },
  );
  expect(req.headers["x-conduit-path"]).toBe("/usage");
});

test("Next compares an origin with the host that was asked, unless it is the public URL's", () => {
  const evil = { origin: "https://evil.example", "x-forwarded-host": "evil.example" };
  expect(prepare("/", evil).req.headers["x-forwarded-host"]).toBeUndefined();
  const settings = { CONDUIT_PUBLIC_URL: "https://llm.example.com" };
  expect(prepare("/", evil, settings).req.headers["x-forwarded-host"]).toBeUndefined();
  const own = { origin: "https://llm.example.com", host: "10.0.0.5" };
  expect(prepare("/", own, settings).req.headers["x-forwarded-host"]).toBe("llm.example.com");
});
