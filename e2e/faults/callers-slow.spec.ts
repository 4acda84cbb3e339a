import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FakeRequest, Reply } from "#lib/testing/fake-upstream.ts";
import {
  chatReply,
  chatStreamEvents,
  chunkEvent,
  EVENT_STREAM,
} from "#lib/testing/openai-replies.ts";
import { fault, threat } from "#lib/testing/reliability-rows.ts";
import { byTier, recordFigure } from "#lib/testing/tier.ts";
import { ask } from "./client.ts";
import { allRows, expectInvariants, metric } from "./invariants.ts";
import { type HeldCall, holdCall, openRaw, type RawSocket } from "./raw-client.ts";
import { until } from "./until.ts";
import { type Door, type FaultWorld, type Store, startFaultWorld, storesToTest } from "./world.ts";

const KIB = 1024;
/** More than the sockets between two processes hold, so that the gateway itself is filled. */
const OFFERED_KIB = 16 * KIB;
const READERS = byTier({ quick: 20, all: 500 });
/** Long enough for all of them to be measured first, on a busy machine too. */
const STALL_SECONDS = byTier({ quick: 600, all: 60 });

/** The process collects its garbage when it is told to, so that its figures are of what it holds. */
const COLLECT = "SIGUSR2";
const COLLECTING = [
  "--expose-gc",
  "--import",
  `data:text/javascript,process.on("${COLLECT}",()=>gc())`,
];

/** A long answer in events of 16 KiB, hardly any of it text; a whole one for those who ask for that. */
function reply(asked: FakeRequest): Reply {
  const { stream, user } = asked.json() as { stream?: boolean; user?: string };
  if (stream !== true) {
    return chatReply("all is well");
  }
  if (user === "short") {
    return { headers: EVENT_STREAM, steps: chatStreamEvents(["all", " is", " well"]) };
  }
  const event = chunkEvent({ content: ".", filler: "x".repeat(16 * KIB) }, null);
  return {
    headers: EVENT_STREAM,
    steps: [
      ...Array.from({ length: OFFERED_KIB / 16 }, () => event),
      ...chatStreamEvents([]).slice(1),
    ],
  };
}

const worlds: readonly (readonly [Store, Door])[] = [
  ...storesToTest().map((store) => [store, "fast"] as const),
  ...byTier<readonly (readonly [Store, Door])[]>({ quick: [], all: [["embedded", "next"]] }),
];

describe.each(worlds)("slow callers (%s, %s door)", (store, door) => {
  let world: FaultWorld;
  let key: string;

  beforeAll(async () => {
    world = await startFaultWorld({
      store,
      door,
      handler: reply,
      env: { CONDUIT_WRITE_STALL_SECONDS: String(STALL_SECONDS) },
      nodeFlags: COLLECTING,
    });
    await world.addModel("long");
    ({ key } = await world.gateway.addKey({ budget_limit_usd: "10" }));
  });

  afterAll(() => world?.close());

  it(`${fault("F19")}: the upstream waits, and little is held`, async () => {
    const before = await heldBytes(world);
    const calls = Array.from({ length: READERS }, () =>
      holdCall(world.gateway, key, { model: "long", stream: true }),
    );
    await Promise.all(calls.map(stallAtHead));
    const asked = world.upstream.requests.filter((one) => isLong(one));
    expect(asked).toHaveLength(READERS);
    await settled(() => asked.reduce((sum, one) => sum + one.sentBytes, 0));
    expect(
      asked.every((one) => one.sentBytes < OFFERED_KIB * KIB && one.ending === undefined),
    ).toBe(true);
    expect((await ask({ url: world.gateway.url, key, model: "long" })).status).toBe(200);
    const bound = byTier({ quick: 5 * 256 * KIB, all: 256 * KIB });
    const held = await leastHeld(world, before);
    expect(held).toBeLessThan(bound);
    recordFigure({
      figure: "S18",
      value: `${Math.round(held / KIB)} KiB`,
      met: held <= 256 * KIB,
      how: `growth of external memory for each of ${READERS} paused readers of ${OFFERED_KIB / KIB} MiB each; ${store}, ${door} door`,
    });
    byTier({ quick: () => hangUpAll(calls), all: () => undefined })();
    // In the longer tier nobody hangs up: the gateway finds out by itself that nobody reads.
    const endings = await Promise.all(asked.map((one) => one.ended));
    expect(endings.every(({ by }) => by === "client")).toBe(true);
    hangUpAll(calls);
    await expectInvariants(world, { outcomes: [] });
    const cancelled = async () =>
      (await allRows(world.gateway)).filter(({ outcome }) => outcome === "cancelled").length;
    await expect.poll(cancelled, { timeout: 30_000 }).toBe(READERS);
  }, 180_000);

  it(`${fault("F19")}: who reads on after a pause gets every byte`, async () => {
    const call = holdCall(world.gateway, key, { model: "long", stream: true });
    await stallAtHead(call);
    await settled(() => world.upstream.requests.at(-1)?.sentBytes ?? 0);
    call.resume();
    await call.whenEvents(Number.POSITIVE_INFINITY);
    expect(call.text().endsWith("data: [DONE]\n\n")).toBe(true);
    expect(call.text().match(/filler/g)).toHaveLength(OFFERED_KIB / 16);
    await expectInvariants(world, { outcomes: [] });
  });

  it(`${threat("T25")}: slow headers, bodies and readers cost those who come after nothing`, async () => {
    const count = byTier({ quick: 200, all: 2000 });
    const calmMs = await probeMs(world, key);
    const slow = await openSlow(world, key, count);
    const busyMs = await probeMs(world, key);
    expect(busyMs).toBeLessThan(Math.max(byTier({ quick: 5000, all: 1000 }), calmMs * 5));
    await byTier({ quick: async () => undefined, all: () => expectEnds(slow) })();
    for (const { socket } of [...slow.headers, ...slow.bodies]) {
      socket.destroy();
    }
    await expectInvariants(world, { outcomes: [] });
  }, 180_000);
});

interface SlowCrowd {
  headers: RawSocket[];
  bodies: RawSocket[];
  sinceMs: number;
}

/** Half of them never finish their headers, half never finish a body. */
async function openSlow(world: FaultWorld, key: string, count: number): Promise<SlowCrowd> {
  const head = `POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${key}\r\n`;
  const crowd: SlowCrowd = { headers: [], bodies: [], sinceMs: performance.now() };
  for (let at = 0; at < count / 2; at += 1) {
    const [headers, body] = await Promise.all([
      openRaw(world.gateway.port),
      openRaw(world.gateway.port),
    ]);
    headers.send(head);
    body.send(`${head}content-type: application/json\r\ncontent-length: 100000\r\n\r\n{`);
    crowd.headers.push(headers);
    crowd.bodies.push(body);
  }
  return crowd;
}

/** Slow headers are closed within twenty seconds, and slow bodies too, each with a word. */
async function expectEnds(slow: SlowCrowd): Promise<void> {
  const drip = setInterval(() => {
    for (const one of [...slow.headers, ...slow.bodies]) {
      if (!one.socket.destroyed) {
        one.send(" ");
      }
    }
  }, 1000);
  const last = slow.headers.at(-1);
  const openedMs = performance.now();
  await last?.closed;
  const closedMs = performance.now() - openedMs;
  const words = await Promise.all(slow.bodies.map(({ closed }) => closed));
  const bodiesMs = performance.now() - openedMs;
  clearInterval(drip);
  expect(words.every((text) => text.startsWith("HTTP/1.1 408"))).toBe(true);
  expect(closedMs).toBeLessThan(25_000);
  expect(bodiesMs).toBeLessThan(25_000);
  recordFigure({
    figure: "S29",
    value: `${(closedMs / 1000).toFixed(1)} s`,
    met: closedMs <= 20_000,
    how: `the last of ${slow.headers.length} connections whose headers came at a byte a second`,
  });
}

function isLong(asked: FakeRequest): boolean {
  return (asked.json() as { stream?: boolean }).stream === true;
}

function hangUpAll(calls: readonly HeldCall[]): void {
  for (const call of calls) {
    call.hangUp();
  }
}

async function stallAtHead(call: HeldCall): Promise<void> {
  await call.head;
  call.pause();
}

/** Bytes of buffers in the gateway; what they hold is neither on the heap nor in the sockets. */
async function heldBytes(world: FaultWorld): Promise<number> {
  process.kill(world.gateway.pid, COLLECT);
  // It is told on the next turn of its loop, which an answered probe has seen.
  await fetch(`${world.gateway.url}/livez`);
  return (await metric(world.gateway, "nodejs_external_memory_bytes")) ?? Number.NaN;
}

/** What each reader costs, once what is no longer held was collected; the least of ten seconds. */
async function leastHeld(world: FaultWorld, before: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  const giveUpAt = performance.now() + 10_000;
  while (least > 256 * KIB && performance.now() < giveUpAt) {
    least = Math.min(least, ((await heldBytes(world)) - before) / READERS);
    await sleep(200);
  }
  return least;
}

/** The median time of a short question, in milliseconds. */
async function probeMs(world: FaultWorld, key: string): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 15; round += 1) {
    const from = performance.now();
    const { status } = await ask({ url: world.gateway.url, key, model: "long" });
    expect(status).toBe(200);
    times.push(performance.now() - from);
  }
  return times.toSorted((one, other) => one - other)[7] ?? Number.NaN;
}

/** Waits until a figure has stopped growing for half a second. */
async function settled(read: () => number): Promise<void> {
  let last = -1;
  let sinceMs = performance.now();
  await until("it stands still", () => {
    const now = read();
    if (now !== last) {
      last = now;
      sinceMs = performance.now();
    }
    return performance.now() - sinceMs > 500;
  });
}
