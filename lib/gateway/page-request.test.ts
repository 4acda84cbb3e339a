import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { admitPageRequest } from "./page-request.ts";

function headersAfter(headers: Record<string, string>): IncomingMessage["headers"] {
  // The function looks at these two properties alone.
  const request = { headers: { ...headers }, socket: { remoteAddress: "203.0.113.9" } };
  admitPageRequest(request as unknown as IncomingMessage);
  return request.headers;
}

test("headers by which Next talks to itself do not come in from outside", () => {
  const kept = headersAfter({
    "x-middleware-subrequest": "a",
    "x-nextjs-data": "1",
    accept: "*/*",
  });
  expect(Object.keys(kept)).toEqual(["accept", "x-conduit-client-ip", "x-conduit-own"]);
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
