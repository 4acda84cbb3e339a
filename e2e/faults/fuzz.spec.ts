import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { Pool } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bend, makeDice } from "#lib/testing/fuzz.ts";
import { threat } from "#lib/testing/reliability-rows.ts";
import { byTier, recordFigure } from "#lib/testing/tier.ts";
import { ask } from "./client.ts";
import { expectNothingReserved, metric } from "./invariants.ts";
import { type FaultWorld, startFaultWorld } from "./world.ts";

const RAW_INPUTS = byTier({ quick: 1_500, all: 160_000 });
const BODIES = byTier({ quick: 1_500, all: 260_000 });
const AT_ONCE = 32;
/** No input may hold a connection for longer, once its sender has said that nothing follows. */
const HANG_MS = 30_000;
const MODEL = "echo";
/** What the resident set may grow by under all of these inputs, first use of all code included. */
const MAX_GROWTH_MIB = 400;

let world: FaultWorld;
let key = "";
let startMib = 0;

beforeAll(async () => {
  // The heap as the launcher sets it, or its growth would say nothing.
  const nodeFlags = ["--max-semi-space-size=16", "--heap-growing-percent=30"];
  world = await startFaultWorld({ store: "embedded", nodeFlags });
  await world.gateway.addDeployment({ name: MODEL, provider: "mock", model_name: MODEL });
  ({ key } = await world.gateway.addKey({ budget_limit_usd: "1000" }));
  startMib = residentMib(world.gateway.pid);
});

afterAll(() => world.close());

describe(threat("T30"), () => {
  it("survives bent HTTP: each connection is answered or closed, and none takes others along", async () => {
    const dice = makeDice();
    const bodies = bodiesOf(MODEL);
    const statuses = await sendAll(RAW_INPUTS, async () => {
      const body = dice.pick(bodies);
      return await sendRaw(world.gateway.port, bend(requestOf(body.path, body.json), dice));
    });
    expect(statuses.filter((status) => status === "500" || status === "hangs")).toEqual([]);
    await expectHealthy();
    recordFigure({
      figure: "S1.http",
      value: `0 of ${RAW_INPUTS} HTTP requests`,
      met: true,
      how: "bent bytes on raw sockets",
    });
  }, 900_000);
});

describe(threat("T24"), () => {
  it("survives bent bodies: what is no request is refused in the API's own shape", async () => {
    const dice = makeDice(1);
    const pool = new Pool(world.gateway.url, { connections: AT_ONCE, pipelining: 1 });
    const bodies = bodiesOf(MODEL);
    const failures = await sendAll(BODIES, async () => {
      const { path, json } = dice.pick(bodies);
      const body = bend(Buffer.from(JSON.stringify(json)), dice);
      const reply = await pool.request({
        method: "POST",
        path,
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        body,
      });
      const text = await reply.body.text();
      return isProper(reply.statusCode, text) ? "" : `${reply.statusCode} ${text} to ${body}`;
    });
    await pool.close();
    expect(failures.filter((failure) => failure !== "")).toEqual([]);
    await expectHealthy();
    recordFigure({
      figure: "S1.json",
      value: `0 of ${BODIES} bodies`,
      met: true,
      how: "bent JSON to every inference route",
    });
  }, 900_000);
});

/** A valid request of every inference route, to be bent. */
function bodiesOf(model: string): { path: string; json: unknown }[] {
  const tool = { type: "function", function: { name: "f", parameters: { type: "object" } } };
  const messages = [
    { role: "system", content: "Be brief." },
    { role: "user", content: [{ type: "text", text: "Grüße" }] },
  ];
  return [
    { path: "/v1/chat/completions", json: { model, messages, max_tokens: 5, n: 1 } },
    { path: "/v1/chat/completions", json: { model, messages, stream: true, tools: [tool] } },
    { path: "/v1/embeddings", json: { model, input: ["a", "b"], dimensions: 8 } },
    { path: "/v1/moderations", json: { model, input: "a" } },
  ];
}

function requestOf(path: string, json: unknown): Buffer {
  const body = JSON.stringify(json);
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${key}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/** Sends that many inputs, some at once, and gives what came of each. */
async function sendAll(count: number, send: () => Promise<string>): Promise<string[]> {
  const results: string[] = [];
  let sent = 0;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (sent < count) {
        sent += 1;
        results.push(await send());
      }
    }),
  );
  return results;
}

/** Sends bytes and says that nothing follows; gives the first answer's status, `closed` or `hangs`. */
function sendRaw(port: number, bytes: Buffer): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    const socket = connect({ port, host: "127.0.0.1" });
    const timer = setTimeout(() => {
      socket.destroy();
      resolve("hangs");
    }, HANG_MS);
    socket.on("data", (chunk: Buffer) => {
      text += text.length < 64 ? chunk.toString("latin1") : "";
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      clearTimeout(timer);
      resolve(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? "closed");
    });
    socket.end(bytes);
  });
}

function isProper(status: number, text: string): boolean {
  if (status === 200) {
    return true;
  }
  return status !== 500 && /"error":\s*\{"message":".+"type":".+"param":.+"code":"/s.test(text);
}

/** The process that was there before still answers, and holds nothing of what it was sent. */
async function expectHealthy(): Promise<void> {
  const good = await ask({ url: world.gateway.url, key, model: MODEL });
  expect(good.status).toBe(200);
  expect(world.gateway.stderr()).not.toContain("uncaught");
  expect(await metric(world.gateway, "conduit_requests_open")).toBe(0);
  await expectNothingReserved(world.gateway);
  const grownMib = residentMib(world.gateway.pid) - startMib;
  expect(grownMib).toBeLessThan(MAX_GROWTH_MIB);
}

function residentMib(pid: number): number {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(line?.[1] ?? Number.NaN) / 1024;
}
