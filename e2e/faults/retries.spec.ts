import OpenAI, { APIError } from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FakeRequest, Reply } from "#lib/testing/fake-upstream.ts";
import { type FaultProxy, startFaultProxy } from "#lib/testing/fault-proxy.ts";
import { chatReply, chunkEvent, EVENT_STREAM, errorReply } from "#lib/testing/openai-replies.ts";
import { fault, threat } from "#lib/testing/reliability-rows.ts";
import { byTier, recordFigure } from "#lib/testing/tier.ts";
import { ask, errorOf, type Outcome } from "./client.ts";
import { allRows, expectInvariants, type LogRow } from "./invariants.ts";
import { holdCall } from "./raw-client.ts";
import { until } from "./until.ts";
import { type FaultWorld, type Store, startFaultWorld, storesToTest } from "./world.ts";

/** What a model's name makes the upstream do. */
const REPLIES: Readonly<Record<string, () => Reply>> = {
  failing: () => errorReply(500, { message: "down" }),
  endless: () => ({ headers: EVENT_STREAM, steps: endlessSteps() }),
};

function endlessSteps() {
  const event = chunkEvent({ content: "on and on " }, null);
  return [
    chunkEvent({ role: "assistant", content: "" }, null),
    ...Array.from({ length: 3000 }, () => [event, { waitMs: 20 }]).flat(),
  ];
}

function modelOf(asked: FakeRequest): string {
  return (asked.json() as { model: string }).model;
}

describe.each(storesToTest())("tries, circuits and loops (%s)", (store: Store) => {
  let world: FaultWorld;
  let key: string;
  let dead: FaultProxy;

  beforeAll(async () => {
    world = await startFaultWorld({
      store,
      handler: (asked) => REPLIES[modelOf(asked)]?.() ?? chatReply("all is well"),
    });
    dead = await startFaultProxy({ port: world.upstream.port });
    await world.addModel("failing");
    await world.addModel("endless");
    await world.addModel("refusing", { api_base: `http://127.0.0.1:${dead.port}/v1` });
    const silent = {
      model_name: "silent",
      api_base: `http://127.0.0.1:${dead.port}/v1`,
    };
    await world.addModel("silent-1", { ...silent, priority: 1 });
    await world.addModel("silent-2", { ...silent, priority: 2 });
    ({ key } = await world.gateway.addKey({ budget_limit_usd: "10" }));
  });

  afterAll(async () => {
    await world?.close();
    await dead?.close();
  });

  const asksOf = (model: string) =>
    world.upstream.requests.filter((one) => modelOf(one) === model).length;

  it(`${fault("F48")}: an SDK that retries by itself adds nothing to a provider that fails`, async () => {
    const count = byTier({ quick: 120, all: 2000 });
    const client = new OpenAI({ apiKey: key, baseURL: `${world.gateway.url}/v1` });
    const question = { model: "failing", messages: [{ role: "user" as const, content: "Hello!" }] };
    const errors: unknown[] = [];
    const worker = async (): Promise<void> => {
      while (errors.length < count) {
        errors.push(
          await client.chat.completions.create(question).catch((error: unknown) => error),
        );
      }
    };
    await Promise.all(Array.from({ length: 20 }, worker));
    expect(errors.every((error) => error instanceof APIError && error.status === 502)).toBe(true);
    const told = errors.map(
      (error) => error instanceof APIError && error.headers?.get("x-should-retry"),
    );
    expect(new Set(told)).toEqual(new Set(["false"]));
    await until(
      "all have a row",
      async () => (await rowsOf(world, "failing")).length >= errors.length,
    );
    // One row for each call of the SDK: it did not come back by itself.
    expect(await rowsOf(world, "failing")).toHaveLength(errors.length);
    const amplification = asksOf("failing") / errors.length;
    expect(amplification).toBeGreaterThanOrEqual(1);
    expect(amplification).toBeLessThanOrEqual(1.2);
    recordFigure({
      figure: "S28",
      value: `${amplification.toFixed(3)}x`,
      met: amplification <= 1.2,
      how: `${errors.length} calls of openai-node, 20 at a time, its own retries on, every answer a 500; ${store}`,
    });
    await expectInvariants(world, { outcomes: [] });
  }, 120_000);

  it(`${fault("F48")}: one caller at a time who meets a dead provider is told so, and soon asks once`, async () => {
    dead.set({ refuse: true });
    const outcomes: Outcome[] = [];
    for (let round = 0; round < 30; round += 1) {
      outcomes.push(await ask({ url: world.gateway.url, key, model: "refusing" }));
    }
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set([502]));
    expect(new Set(outcomes.map(({ headers }) => headers.get("x-should-retry")))).toEqual(
      new Set(["false"]),
    );
    const attempts = outcomes.reduce(
      (sum, { headers }) => sum + Number(headers.get("x-conduit-attempts")),
      0,
    );
    expect(attempts / outcomes.length).toBeLessThanOrEqual(1.2);
    dead.set({ refuse: false });
    expect((await ask({ url: world.gateway.url, key, model: "refusing" })).status).toBe(200);
    await expectInvariants(world, { outcomes });
  });

  it(`${fault("F49")}: with every circuit open one caller tries and the others are told when to come`, async () => {
    dead.set({ refuse: true });
    const from = performance.now();
    const one = () => ask({ url: world.gateway.url, key, model: "silent" });
    const openers = await Promise.all(Array.from({ length: 6 }, one));
    expect(new Set(openers.map(({ status }) => status))).toEqual(new Set([502]));
    const openedMs = performance.now();
    dead.set({ refuse: false, blackHole: true });
    // One probes each target; whoever else comes is not made to wait for them.
    const connections = dead.accepted();
    const probing = [1, 2].map(() => holdCall(world.gateway, key, { model: "silent" }));
    await until("both are probed", () => dead.accepted() >= connections + 2);
    const refused: (Outcome & { tookMs: number; atMs: number })[] = [];
    for (let round = 0; round < 20; round += 1) {
      const atMs = performance.now();
      const outcome = await one();
      refused.push({ ...outcome, atMs, tookMs: performance.now() - atMs });
    }
    for (const { status, headers, text, atMs } of refused) {
      expect([status, text.includes("no_healthy_upstream")]).toEqual([503, true]);
      // Ten seconds from the opening, a fifth more or less; the first opened before the second.
      const after = Number(headers.get("retry-after"));
      expect(after).toBeGreaterThanOrEqual(1);
      expect(after).toBeLessThanOrEqual(Math.max(1, Math.ceil(12 - (atMs - openedMs) / 1000)));
      const soonestMs = Number(headers.get("retry-after-ms"));
      expect(soonestMs).toBeGreaterThanOrEqual(Math.min(1000, 8000 - (atMs - from)));
    }
    const times = refused.map(({ tookMs }) => tookMs).toSorted((a, b) => a - b);
    // The probes would be waited for a minute.
    expect(times[10]).toBeLessThan(2000);
    for (const probe of probing) {
      probe.hangUp();
    }
    dead.set({ blackHole: false });
    dead.resetAll();
    expect((await one()).status).toBe(200);
    await expectInvariants(world, { outcomes: [...openers, ...refused] });
  });

  it(`${threat("T41")}: a gateway that is its own provider answers 508 after two rounds`, async () => {
    const inner = await world.gateway.addKey();
    await world.addModel("loop", { api_base: `${world.gateway.url}/v1`, api_key: inner.key });
    const outcome = await ask({ url: world.gateway.url, key, model: "loop" });
    expect(outcome.status).toBe(508);
    expect(errorOf(outcome)?.code).toBe("loop_detected");
    expect(outcome.headers.get("x-should-retry")).toBe("false");
    expect(outcome.headers.get("x-conduit-attempts")).toBe("1");
    // The caller's round and the second one; the third is refused before anybody is known.
    await until("both have a row", async () => (await rowsOf(world, "loop")).length >= 2);
    expect(await rowsOf(world, "loop")).toHaveLength(2);
    await expectInvariants(world, { outcomes: [outcome] });
  });

  it(`${threat("T41")}: an endless stream ends when the request's time is up`, async () => {
    const call = holdCall(
      world.gateway,
      key,
      { model: "endless", stream: true },
      { "x-conduit-timeout-ms": "1000" },
    );
    await call.whenEvents(3);
    await call.closed;
    expect(call.text()).toContain("upstream_timeout");
    expect(call.text()).not.toContain("[DONE]");
    const asked = world.upstream.requests.findLast((one) => modelOf(one) === "endless");
    expect((await asked?.ended)?.by).toBe("client");
    await expectInvariants(world, { outcomes: [] });
  });

  it(`${threat("T41")}: a key has only so many requests under way`, async () => {
    const narrow = await world.gateway.addKey({ max_parallel: 2 });
    const held = [1, 2].map(() =>
      holdCall(world.gateway, narrow.key, { model: "endless", stream: true }),
    );
    await Promise.all(held.map((call) => call.whenEvents(1)));
    const third = await ask({ url: world.gateway.url, key: narrow.key, model: "failing" });
    expect(third.status).toBe(429);
    for (const call of held) {
      call.hangUp();
    }
    await expectInvariants(world, { outcomes: [third] });
  });

  it(`${fault("F40")}: a request keeps the prices and the target that it began with`, async () => {
    const gate = Promise.withResolvers<void>();
    REPLAY.gate = gate.promise;
    world.upstream.replyWith(() => REPLAY.reply());
    const id = await world.addModel("changing");
    const call = holdCall(
      world.gateway,
      key,
      { model: "changing", stream: true },
      { "x-conduit-session": "changing" },
    );
    await call.whenEvents(1);
    await world.gateway.admin("PATCH", `/models/deployments/${id}`, {
      input_price_per_million_usd: "1000",
      output_price_per_million_usd: "1000",
      is_active: false,
    });
    const refused = await ask({ url: world.gateway.url, key, model: "changing" });
    expect(refused.status).toBe(503);
    gate.resolve();
    await call.closed;
    expect(call.text()).toContain("[DONE]");
    const [row] = await sessionRows(world, "changing");
    // 9 tokens at 1 USD and 3 at 2 USD per million.
    expect(row).toMatchObject({ outcome: "ok", cost_usd: "0.000015" });
    await expectInvariants(world, { outcomes: [refused] });
  });

  it.each([
    ["revoked", (id: string) => ["DELETE", `/keys/${id}`, undefined] as const],
    ["switched off", (id: string) => ["PATCH", `/keys/${id}`, { is_active: false }] as const],
  ])(
    `${fault("F40")}: a key that is %s ends what it has under way, and nobody else's`,
    async (how, change) => {
      world.upstream.replyWith(() => ({ headers: EVENT_STREAM, steps: endlessSteps() }));
      const [ending, staying] = [await world.gateway.addKey(), await world.gateway.addKey()];
      const session = `key-${how.length}`;
      const cut = holdCall(
        world.gateway,
        ending.key,
        { model: "endless", stream: true },
        { "x-conduit-session": session },
      );
      const kept = holdCall(world.gateway, staying.key, { model: "endless", stream: true });
      await Promise.all([cut.whenEvents(1), kept.whenEvents(1)]);
      const [method, path, body] = change(ending.id);
      await world.gateway.admin(method, path, body);
      await cut.closed;
      expect(cut.text()).toContain("api_key_revoked");
      const [row] = await sessionRows(world, session);
      expect(row).toMatchObject({ outcome: "partial", error_code: "api_key_revoked" });
      expect(Number(row?.cost_usd)).toBeGreaterThan(0);
      const read = kept.text().length;
      await until("the other one goes on", () => kept.text().length > read);
      kept.hangUp();
      await expectInvariants(world, { outcomes: [] });
    },
  );
});

/** A stream that waits in its middle for the test. */
const REPLAY = {
  gate: Promise.resolve(),
  reply(): Reply {
    const usage = { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 };
    const frame = { id: "x", object: "chat.completion.chunk", created: 1, model: "m" };
    return {
      headers: EVENT_STREAM,
      steps: [
        chunkEvent({ role: "assistant", content: "" }, null),
        chunkEvent({ content: "one" }, null),
        { until: REPLAY.gate },
        chunkEvent({ content: " two" }, null),
        chunkEvent({}, "stop"),
        `data: ${JSON.stringify({ ...frame, choices: [], usage })}\n\n`,
        "data: [DONE]\n\n",
      ],
    };
  },
};

async function rowsOf(world: FaultWorld, model: string): Promise<LogRow[]> {
  const rows = (await allRows(world.gateway)) as (LogRow & { model_asked: string })[];
  return rows.filter((row) => row.model_asked === model);
}

async function sessionRows(world: FaultWorld, session: string): Promise<LogRow[]> {
  let rows: LogRow[] = [];
  await until(`there is a row of ${session}`, async () => {
    rows = (await world.gateway.admin("GET", `/logs?session=${session}`))["logs"] as LogRow[];
    return rows.length > 0;
  });
  return rows;
}
