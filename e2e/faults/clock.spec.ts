import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Gateway } from "#lib/testing/gateway.ts";
import { fault } from "#lib/testing/reliability-rows.ts";
import { byTier } from "#lib/testing/tier.ts";
import { ask, errorOf, type Outcome } from "./client.ts";
import { expectInvariants } from "./invariants.ts";
import { type FaultWorld, hasStores, startFaultWorld } from "./world.ts";

const TEN_MINUTES_MS = 600_000;
const LIMIT = 12;
const TOLD = "this machine's clock differs from the database's";
const CLOCKS = byTier({
  quick: [`shift=${TEN_MINUTES_MS}&after=6000&then=${-TEN_MINUTES_MS}`],
  all: [
    `shift=${TEN_MINUTES_MS}`,
    `shift=${-TEN_MINUTES_MS}`,
    // It steps back while it serves.
    `shift=${TEN_MINUTES_MS}&after=6000&then=${-TEN_MINUTES_MS}`,
  ],
});

describe.skipIf(!hasStores()).each(CLOCKS)(`${fault("F38")}: one of two replicas, %s`, (clock) => {
  let world: FaultWorld;
  let wrong: Gateway;
  const outcomes: Outcome[] = [];

  beforeAll(async () => {
    world = await startFaultWorld({ store: "stores", replicas: 2 });
    await world.addModel("steady");
    await world.gateways[1]?.close();
    const shifted = new URL(`./shifted-clock.ts?${clock}`, import.meta.url);
    wrong = await world.startReplica(1, { NODE_OPTIONS: `--import ${shifted.href}` });
  });

  afterAll(() => world.close());

  async function send(gateway: Gateway, key: string): Promise<Outcome> {
    const outcome = await ask({ url: gateway.url, key, model: "steady" });
    outcomes.push(outcome);
    return outcome;
  }

  it("says so once, and both count in one window", async () => {
    expect(wrong.stderr() + wrong.stdout()).toContain(TOLD);
    await whenMinuteIsYoung();
    const { key } = await world.gateway.addKey({ rate_limit_rpm: LIMIT });
    const both = [wrong, world.gateway];
    const asked = Array.from({ length: LIMIT * 2 }, (_, at) => send(both[at % 2] ?? wrong, key));
    const passed = (await Promise.all(asked)).filter(({ status }) => status === 200);
    expect(passed).toHaveLength(LIMIT);
    // And whoever is refused is told of the same minute by both.
    for (const { status, headers } of await Promise.all(both.map((one) => send(one, key)))) {
      expect(status).toBe(429);
      expect(Number(headers.get("retry-after"))).toBeLessThanOrEqual(61);
    }
  });

  it("a key ends for both at the same time, and not ten minutes off", async () => {
    const endsMs = Date.now() + 3_000;
    const expires_at = new Date(endsMs).toISOString();
    const { key } = await world.gateway.addKey({ expires_at });
    expect((await send(wrong, key)).status).toBe(200);
    expect((await send(world.gateway, key)).status).toBe(200);
    await sleep(endsMs + 500 - Date.now());
    for (const gateway of [wrong, world.gateway]) {
      const outcome = await send(gateway, key);
      expect({ status: outcome.status, code: errorOf(outcome)?.code }).toEqual({
        status: 401,
        code: "api_key_expired",
      });
    }
  });

  it("a budget of the day is one, and everything adds up", async () => {
    const { key } = await world.gateway.addKey({ budget_limit_usd: "1", budget_period: "day" });
    const asked = [wrong, world.gateway, wrong].map((gateway) => send(gateway, key));
    const answered = await Promise.all(asked);
    expect(answered.map(({ status }) => status)).toEqual([200, 200, 200]);
    await expectInvariants(world, { outcomes });
  });
});

/** Waits until a minute has long to go, so that none ends in the middle of what is counted. */
async function whenMinuteIsYoung(): Promise<void> {
  const intoMs = Date.now() % 60_000;
  if (intoMs > 45_000) {
    await sleep(60_000 - intoMs + 100);
  }
}
