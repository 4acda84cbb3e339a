import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { threat } from "#lib/testing/reliability-rows.ts";
import { admitPageRequest } from "./page-request.ts";

function headersAfter(headers: Record<string, string>, url = "/"): IncomingMessage["headers"] {
  // The function looks at these properties alone.
  const request = { url, headers: { ...headers }, socket: { remoteAddress: "203.0.113.9" } };
  admitPageRequest(request as unknown as IncomingMessage);
  return request.headers;
}

test(`${threat("T31")}: headers by which Next talks to itself do not come in from outside`, () => {
  const kept = headersAfter({
    "x-middleware-subrequest": "a",
    "x-nextjs-data": "1",
    accept: "*/*",
  });
  expect(Object.keys(kept)).toEqual(["accept", "x-conduit-client-ip", "x-conduit-own"]);
});

test(`${threat("T31")}: what a page's script asks with reaches pages and nothing else`, () => {
  const sent = { rsc: "1", "next-router-prefetch": "1", "next-url": "/", "next-action": "a" };
  expect(headersAfter(sent, "/keys?page=2")).toMatchObject(sent);
  for (const url of ["/admin/v1/keys", "/api/console/logs/recent", "/v1/models", "/v1"]) {
    expect(Object.keys(headersAfter(sent, url)), url).toEqual([
      "x-conduit-client-ip",
      "x-conduit-own",
    ]);
  }
});

test("an origin that is none counts as no origin, and a real one stays", () => {
  expect(headersAfter({ origin: "http://[broken" })["origin"]).toBeUndefined();
  expect(headersAfter({ origin: "null" })["origin"]).toBeUndefined();
  expect(headersAfter({ origin: "https://llm.example.com" })["origin"]).toBe(
    "https://llm.example.com",
  );
});

test("the client's address is the socket's, whatever the request says of it", () => {
  const kept = headersAfter({ "x-conduit-client-ip": "10.0.0.1", "x-forwarded-for": "10.0.0.2" });
  expect(kept["x-conduit-client-ip"]).toBe("203.0.113.9");
});
