import { readdirSync, readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { type FakeUpstream, startFakeUpstream } from "#lib/testing/fake-upstream.ts";
import { type Gateway, startGateway } from "#lib/testing/gateway.ts";
import { chatReply } from "#lib/testing/openai-replies.ts";
import type { ServerOptions } from "#lib/testing/process.ts";
import { fault, threat } from "#lib/testing/reliability-rows.ts";
import { byTier, recordFigure, tier } from "#lib/testing/tier.ts";
import { ask, type Outcome } from "./client.ts";
import { holdStreams, type IdleStream, openStream } from "./held-streams.ts";
import { allRows, expectInvariants, metric } from "./invariants.ts";
import { probe, until } from "./until.ts";
import { CANARY, type FaultWorld, startFaultWorld } from "./world.ts";

const MODEL = "patient";
const KIB = 1024;
const IDLE_STREAMS = byTier({ quick: 500, all: 9_500 });
const MOST_IDLE_MIB = 250;

/** What the child does to itself when it is told to; a module from a URL needs no file. */
const mischief = (signal: string, deed: string): string =>
  `--import=data:text/javascript,process.on(${JSON.stringify(signal)},()=>{${deed}})`;
const BUSY = "const until=Date.now()+2500;while(Date.now()<until);";

let world: FaultWorld | undefined;
const cleanups: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) {
    await clean();
  }
  await world?.close();
  world = undefined;
});

describe(`${fault("F44")}; ${threat("T28")}`, () => {
  it(`${IDLE_STREAMS} idle streams take little memory, hinder no probe, and give everything back`, async () => {
    const held = holdStreams();
    world = await startFaultWorld({ store: "embedded", handler: held.handler });
    const { gateway } = world;
    await expectNothingToExploit(gateway);
    await world.addModel(MODEL);
    const { key } = await gateway.addKey();
    // The first streams pay for what all of them share.
    const warm = await openAll(gateway, key, 50);
    hangUp(warm);
    await until("they are gone", () => noneOpen(gateway));
    const before = { rssMib: await restingMib(gateway.pid), files: openFiles(gateway.pid) };

    const streams = await openAll(gateway, key, IDLE_STREAMS);
    expect(streams.filter(({ status }) => status !== 200)).toEqual([]);
    const atFullMib = (await restingMib(gateway.pid)) - before.rssMib;
    const probesMs: number[] = [];
    for (let count = 0; count < 100; count += 1) {
      const askedAt = performance.now();
      expect((await probe(gateway.url, "/livez")).status).toBe(200);
      probesMs.push(performance.now() - askedAt);
    }
    probesMs.sort((left, right) => left - right);
    hangUp(streams);
    await until("they are gone", () => noneOpen(gateway));
    // Connections to the provider are kept for ten seconds in case somebody asks again.
    await until("descriptors are back", () => openFiles(gateway.pid) <= before.files + 10);
    recordFigure({
      figure: "S17",
      value: `${atFullMib.toFixed(0)} MiB`,
      met: atFullMib <= MOST_IDLE_MIB && IDLE_STREAMS >= 9_000,
      how: `${IDLE_STREAMS} idle streams above the idle process, embedded database; a probe beside them took ${probesMs[50]?.toFixed(1)} ms (median), ${probesMs[98]?.toFixed(1)} ms (p99)`,
    });
    expect(atFullMib).toBeLessThanOrEqual(MOST_IDLE_MIB);
  }, 600_000);
});

describe(fault("F45"), () => {
  it.runIf(tier() === "all")(
    "new streams are refused with 503, whole answers and records go on, and streams come back",
    async () => {
      const held = holdStreams();
      world = await startFaultWorld({
        store: "embedded",
        handler: held.handler,
        nodeFlags: ["--max-old-space-size=256"],
      });
      const { gateway } = world;
      await world.addModel(MODEL);
      await gateway.admin("PATCH", "/settings/retention", { payload_storage: "full" });
      const { key } = await gateway.addKey({ budget_limit_usd: "1000" });
      const open: IdleStream[] = [];
      let refused: IdleStream | undefined;
      for (let count = 0; count < 400 && refused === undefined; count += 1) {
        const content = `${count} ${"x".repeat(1024 * KIB)}`;
        const fields = { messages: [{ role: "user", content }] };
        const next = await openStream({ url: gateway.url, key, model: MODEL, fields });
        if (next.status === 503) {
          refused = next;
        } else {
          open.push(next);
        }
      }
      expect(refused?.text()).toContain("server_overloaded");
      expect(refused?.headers["retry-after"]).toBe("2");
      expect((await probe(gateway.url, "/readyz")).body["degraded"]).toEqual(["memory"]);
      const dropped = (await metric(gateway, "conduit_payloads_dropped")) ?? 0;
      const whole = await ask({ url: gateway.url, key, model: MODEL });
      expect(whole.status).toBe(200);
      expect(await metric(gateway, "conduit_payloads_dropped")).toBeGreaterThan(dropped);

      hangUp(open);
      await until("streams are taken again", async () => {
        const next = await openStream({
          url: gateway.url,
          key,
          model: MODEL,
          fields: { user: "short" },
        });
        next.destroy();
        return next.status === 200;
      });
      await until("nothing is under way", () => noneOpen(gateway));
      await expectInvariants(world, { outcomes: [whole] });
      const rows = await allRows(gateway);
      expect(
        rows.filter((row) => row.error_code === "client_closed").length,
      ).toBeGreaterThanOrEqual(open.length);
    },
    180_000,
  );
});

describe(fault("F46"), () => {
  const stalls = [
    { how: "the process is stopped", stop: (pid: number) => stopFor(pid, 2500) },
    {
      how: "one computation takes it",
      stop: (pid: number) => void process.kill(pid, "SIGUSR2"),
    },
  ];

  it("watchdogs count no time in which the process did not run", async () => {
    const gates: (() => void)[] = [];
    world = await startFaultWorld({
      store: "embedded",
      nodeFlags: [mischief("SIGUSR2", BUSY)],
      handler: async () => {
        await new Promise<void>((resolve) => gates.push(resolve));
        return chatReply("all is well");
      },
    });
    const { gateway, upstream } = world;
    await world.addModel(MODEL);
    const { key } = await gateway.addKey({ budget_limit_usd: "1000" });
    const outcomes: Outcome[] = [];
    for (const [round, { stop }] of stalls.entries()) {
      const asked = askWithin(gateway, key, 2000);
      await upstream.whenRequests(round + 1);
      await stop(gateway.pid);
      // It was asked in time, and its answer is there when the process looks again.
      gates[round]?.();
      outcomes.push(await asked);
      expect((await probe(gateway.url, "/livez")).body).toEqual({ status: "ok" });
    }
    expect(outcomes.map(({ status }) => status)).toEqual(outcomes.map(() => 200));
    await expectInvariants(world, { outcomes });
  }, 120_000);

  it.runIf(tier() === "all")(
    "a stop of more than ten seconds is told once, and forgotten",
    async () => {
      world = await startFaultWorld({ store: "embedded" });
      const { gateway } = world;
      const stopped = stopFor(gateway.pid, 11_500);
      const first = await probe(gateway.url, "/livez");
      await stopped;
      expect(first).toEqual({ status: 503, body: { status: "stalled" } });
      await until("it is well", async () => (await probe(gateway.url, "/livez")).status === 200);
    },
    120_000,
  );
});

describe(fault("F51"), () => {
  it("callers are refused before the last descriptor, probes are answered, and room comes back", async () => {
    const held = holdStreams();
    const { gateway, key } = await startSmall(held.handler, [
      "sh",
      "-c",
      `ulimit -n 512 && exec "${process.execPath}" server.ts`,
    ]);
    const open: IdleStream[] = [];
    let refused: IdleStream | undefined;
    while (refused === undefined && open.length < 600) {
      const next = await openStream({ url: gateway.url, key, model: MODEL });
      if (next.status === 200) {
        open.push(next);
      } else {
        refused = next;
      }
    }
    expect(open.length).toBeGreaterThan(50);
    expect(refused?.status).toBe(503);
    expect(refused?.text()).toContain("server_overloaded");
    expect(await probe(gateway.url, "/readyz")).toEqual({
      status: 200,
      body: { status: "ok", degraded: ["descriptors"] },
    });
    expect(gateway.stdout()).toContain("no file descriptor would be left");

    // A crowd that never says a word is not even let in.
    const crowd = await Promise.all(Array.from({ length: 600 }, () => dial(gateway.port)));
    cleanups.push(() => void crowd.map((socket) => socket.destroy()));
    await until("some were turned away", () => crowd.some((socket) => socket.closed));
    for (const socket of crowd) {
      socket.destroy();
    }
    hangUp(open);
    await until("there is room", async () => {
      const outcome = await ask({ url: gateway.url, key, model: MODEL });
      return outcome.status === 200;
    });
    expect(await metric(gateway, "conduit_callers_refused")).toBeGreaterThan(0);
    expect(await metric(gateway, "conduit_journal_write_failures")).toBe(0);
  }, 120_000);
});

describe(fault("F52"), () => {
  it("the process says so, lets others end, and exits with 1; what was reserved is given back", async () => {
    const held = holdStreams();
    world = await startFaultWorld({
      store: "embedded",
      handler: held.handler,
      nodeFlags: [mischief("SIGUSR2", 'setImmediate(()=>{throw%20new%20Error("injected")})')],
    });
    const { gateway, upstream } = world;
    await world.addModel(MODEL);
    const { key } = await gateway.addKey({ budget_limit_usd: "1000" });
    const stream = (user: string) =>
      ask({ url: gateway.url, key, model: MODEL, stream: true, fields: { user } });
    const asked = [stream("short"), stream("endless")];
    await upstream.whenRequests(2);
    process.kill(gateway.pid, "SIGUSR2");
    await until("it is said", () => gateway.stdout().includes("uncaught exception"));
    expect(gateway.stdout()).toContain("injected");
    held.release();
    const short = await asked[0];
    // A signal ends the wait for the other one; that the exception began it is not forgotten.
    const exit = await gateway.kill("SIGTERM");
    const outcomes = await Promise.all(asked);
    expect(short?.ending).toBe("done");
    expect(outcomes.map(({ ending }) => ending)).toEqual(["done", "error_event"]);
    expect(exit).toEqual({ code: 1, signal: null });
    await world.startReplica(0);
    await expectInvariants(world, { outcomes });
  }, 120_000);

  it("one rejection that nobody waits for is counted, more than five in a minute end the process", async () => {
    const held = holdStreams();
    world = await startFaultWorld({
      store: "embedded",
      handler: held.handler,
      nodeFlags: [mischief("SIGUSR2", 'Promise.reject(new%20Error("nobody%20waits"))')],
    });
    const { gateway } = world;
    const reject = async (count: number) => {
      process.kill(gateway.pid, "SIGUSR2");
      const told = '"msg":"unhandled rejection"';
      await until("it is said", () => gateway.stdout().split(told).length > count);
    };
    await reject(1);
    expect((await probe(gateway.url, "/readyz")).status).toBe(200);
    expect(await metric(gateway, "conduit_unhandled_rejections")).toBe(1);
    for (let count = 2; count <= 6; count += 1) {
      await reject(count);
    }
    expect(await gateway.exited).toEqual({ code: 1, signal: null });
  }, 120_000);
});

/** There is no image optimizer, and probes tell strangers neither versions nor names. */
async function expectNothingToExploit(gateway: Gateway): Promise<void> {
  for (const query of ["", "?url=%2Ficon.png&w=64&q=75", "?url=http%3A%2F%2F127.0.0.1&w=64&q=1"]) {
    const reply = await fetch(`${gateway.url}/_next/image${query}`);
    expect(reply.status, query).toBe(404);
  }
  for (const path of ["/livez", "/readyz"]) {
    expect(await probe(gateway.url, path)).toEqual({ status: 200, body: { status: "ok" } });
    const { headers } = await fetch(`${gateway.url}${path}`);
    expect([headers.get("server"), headers.get("x-powered-by")]).toEqual([null, null]);
  }
}

async function askWithin(gateway: Gateway, key: string, timeoutMs: number): Promise<Outcome> {
  const reply = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${key}`,
      "content-type": "application/json",
      "x-conduit-timeout-ms": String(timeoutMs),
    },
    body: JSON.stringify({ model: MODEL, messages: [{ role: "user", content: "In time?" }] }),
  });
  const text = await reply.text();
  const id = reply.headers.get("x-request-id");
  return { status: reply.status, headers: reply.headers, id, text, ending: "json" };
}

async function stopFor(pid: number, ms: number): Promise<void> {
  process.kill(pid, "SIGSTOP");
  await sleep(ms);
  process.kill(pid, "SIGCONT");
}

/** A gateway by a command of its own, with an upstream and a key. */
async function startSmall(
  handler: Parameters<FakeUpstream["replyWith"]>[0],
  command: NonNullable<ServerOptions["command"]>,
): Promise<{ gateway: Gateway; key: string }> {
  const upstream = await startFakeUpstream(handler);
  cleanups.push(() => upstream.close());
  const gateway = await startGateway({ command });
  cleanups.push(() => gateway.close());
  await gateway.addDeployment({
    name: MODEL,
    provider: "openai_compatible",
    model_name: MODEL,
    api_base: `${upstream.url}/v1`,
    api_key: CANARY,
    input_price_per_million_usd: "1",
    output_price_per_million_usd: "2",
  });
  return { gateway, key: (await gateway.addKey()).key };
}

async function openAll(gateway: Gateway, key: string, count: number): Promise<IdleStream[]> {
  const streams: IdleStream[] = [];
  cleanups.push(() => hangUp(streams));
  while (streams.length < count) {
    const size = Math.min(100, count - streams.length);
    const batch = Array.from({ length: size }, () =>
      openStream({ url: gateway.url, key, model: MODEL }),
    );
    streams.push(...(await Promise.all(batch)));
  }
  return streams;
}

function hangUp(streams: readonly IdleStream[]): void {
  for (const stream of streams) {
    stream.destroy();
  }
}

async function noneOpen(gateway: Gateway): Promise<boolean> {
  return (await metric(gateway, "conduit_requests_open")) === 0;
}

function openFiles(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/** Resident memory, the least of a few looks, so that garbage that is about to go counts nothing. */
async function restingMib(pid: number): Promise<number> {
  const looks: number[] = [];
  for (let look = 0; look < byTier({ quick: 5, all: 60 }); look += 1) {
    const [, kib] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    looks.push(Number(kib) / KIB);
    await sleep(250);
  }
  return Math.min(...looks);
}

function dial(port: number): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => undefined);
    socket.on("data", () => undefined);
    socket.once("close", () => resolve(socket));
    socket.once("connect", () => resolve(socket));
  });
}
