import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Dispatcher } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isConduitError } from "#lib/errors.ts";
import { dropSingleton, singleton } from "#lib/singleton.ts";
import { type DnsStub, startDnsStub } from "#lib/testing/dns-stub.ts";
import { threat } from "#lib/testing/reliability-rows.ts";
import { byTier, recordFigure } from "#lib/testing/tier.ts";
import { readBody } from "./byte-stream.ts";
import { closeEgress, publicDispatcher, watchedDispatcher } from "./egress.ts";
import { send } from "./transport.ts";

const ROUNDS = byTier({ quick: 20, all: 200 });
/** Stands for the open Internet: it answers, and is the one address here that may be called. */
const OUTSIDE = "127.0.0.2";
const INSIDE = "127.0.0.1";

/** What the name server says, one list an answer. */
let script: (index: number) => readonly string[] = () => [OUTSIDE];
let dns: DnsStub;
let outside: Server;
let inside: Server;
let port = 0;
let hits = 0;

beforeAll(async () => {
  process.env["CONDUIT_EGRESS_ALLOW"] = OUTSIDE;
  for (const name of [
    "env",
    "egress.policy",
    "egress.upstream",
    "egress.public",
    "egress.lookup",
  ]) {
    dropSingleton(name);
  }
  dns = await startDnsStub((index) => script(index));
  singleton("egress.lookup", () => dns.lookup);
  inside = createServer((_, res) => res.end("inside"));
  inside.on("connection", () => {
    hits += 1;
  });
  await new Promise<void>((resolve) => inside.listen(0, INSIDE, resolve));
  port = (inside.address() as AddressInfo).port;
  outside = createServer((_, res) => res.end("outside"));
  await new Promise<void>((resolve) => outside.listen(port, OUTSIDE, resolve));
});

afterAll(async () => {
  dropSingleton("egress.lookup");
  await closeEgress();
  await dns.close();
  inside.close();
  outside.close();
});

/** What becomes of a call on a connection of its own, as each is whose name has a TTL of 0. */
async function call(): Promise<string> {
  const dispatcher = watchedDispatcher({ onResolved: noted, onConnected: noted });
  if (dispatcher === undefined) {
    throw new Error("There is no proxy in this test.");
  }
  const outcome = await outcomeOf(dispatcher);
  await dispatcher.destroy();
  return outcome;
}

const noted = (): void => undefined;

async function outcomeOf(dispatcher: Dispatcher): Promise<string> {
  try {
    const reply = await send({
      dispatcher,
      method: "GET",
      url: new URL(`http://rebind.example:${port}/`),
      headers: {},
      firstByteMs: 5000,
      idleMs: 5000,
      signal: new AbortController().signal,
    });
    return new TextDecoder().decode(await readBody(reply.body, 100, "refuse"));
  } catch (error) {
    return isConduitError(error) ? error.code : String(error);
  }
}

describe(threat("T2"), () => {
  it("a name that answers with the inside in turns never connects there", async () => {
    const first = dns.answered();
    script = (index) => [(index - first) % 2 === 0 ? OUTSIDE : INSIDE];
    const outcomes: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      outcomes.push(await call());
    }
    // A guard that asked a second time, after it had judged, would be out of step and inside.
    expect(dns.answered() - first, "one question a connection").toBe(ROUNDS);
    expect(outcomes.filter((one) => one === "outside")).toHaveLength(ROUNDS / 2);
    expect(outcomes.filter((one) => one === "upstream_refused_address")).toHaveLength(ROUNDS / 2);
    recordFigure({
      figure: "S21.rebind",
      value: `${hits} of ${ROUNDS}`,
      met: hits === 0 && ROUNDS >= 200,
      how: "A name server that answers in turns with TTL 0; a listener on loopback counts",
    });
    expect(hits).toBe(0);
  });

  it("a name with one address of the inside among others is refused whole", async () => {
    for (const addresses of [
      [OUTSIDE, INSIDE],
      [INSIDE, OUTSIDE],
      [OUTSIDE, "169.254.169.254"],
      [OUTSIDE, "10.0.0.1"],
    ]) {
      script = () => addresses;
      expect(await call(), addresses.join()).toBe("upstream_refused_address");
    }
    expect(hits).toBe(0);
  });

  it("an address that callers name gets no use of what upstreams are allowed", async () => {
    script = () => [OUTSIDE];
    expect(await call()).toBe("outside");
    expect(await outcomeOf(publicDispatcher())).toBe("upstream_refused_address");
  });
});
