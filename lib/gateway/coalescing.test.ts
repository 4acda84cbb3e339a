import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { flushEntries, retainListed } from "#lib/cache/store.ts";
import { deleteAllExactEntries } from "#lib/db/cache-entries.ts";
import { getDb } from "#lib/db/client.ts";
import { setCaches } from "#lib/testing/caches.ts";
import { type FakeUpstream, type Reply, startFakeUpstream } from "#lib/testing/fake-upstream.ts";
import { type InProcessGateway, openGateway } from "#lib/testing/in-process-gateway.ts";
import {
  chatReply,
  chatStreamEvents,
  EVENT_STREAM,
  errorReply,
} from "#lib/testing/openai-replies.ts";
import { threat } from "#lib/testing/reliability-rows.ts";
import { requireRuntime } from "./runtime.ts";

/** Identical requests at once, with an upstream that answers when the test lets it. */
let gateway: InProcessGateway;
let upstream: FakeUpstream;
let key: string;

beforeAll(async () => {
  gateway = await openGateway();
  upstream = await startFakeUpstream(() => chatReply("unset"));
  await gateway.addDeployment({
    name: "main",
    provider: "openai",
    model_name: "gpt-5.2",
    api_key: "sk-upstream-canary",
    api_base: `${upstream.url}/v1`,
    input_price_per_million_usd: "1",
    output_price_per_million_usd: "10",
  });
  key = await gateway.addKey({ coalesce: true, budget_limit_usd: "5", budget_period: "total" });
});

afterAll(async () => {
  await gateway?.close();
  await upstream?.close();
});

beforeEach(async () => {
  upstream.requests.length = 0;
  gateway.resetHealth();
  await setCaches({});
});

interface Options {
  key?: string;
  signal?: AbortSignal;
  headers?: Record<string, string>;
}

function ask(body: Record<string, unknown>, options: Options = {}): Promise<Response> {
  return fetch(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${options.key ?? key}`,
      "content-type": "application/json",
      ...options.headers,
    },
    body: JSON.stringify({
      model: "gpt-5.2",
      messages: [{ role: "user", content: "Hello" }],
      ...body,
    }),
    ...(options.signal ? { signal: options.signal } : {}),
  });
}

/** An answer that waits, and what lets it go. */
function held(make: (release: Promise<void>) => Reply): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  upstream.replyWith(() => make(promise));
  return resolve;
}

const heldAnswer = () =>
  held((release) => ({
    headers: { "content-type": "application/json" },
    steps: [{ until: release }, JSON.stringify(chatReply("one answer").json)],
  }));

/** Waits until so many requests have been admitted; they are looked up in the same turn. */
async function underWay(count: number): Promise<void> {
  await expect.poll(() => requireRuntime().active.size, { timeout: 10_000 }).toBe(count);
  await sleep(50);
}

/** Waits until the gateway has noticed a hang-up, of which nothing can be seen while others wait. */
const noticed = () => sleep(400);

describe("identical requests at once", () => {
  it("are one call that the first pays for, and the others save what it cost", async () => {
    const release = heldAnswer();
    const before = await gateway.spentNanos(key);
    const replies = Array.from({ length: 12 }, () => ask({}));
    await upstream.whenRequests(1);
    await underWay(12);
    release();
    const answered = await Promise.all(replies);
    const texts = await Promise.all(answered.map((reply) => reply.clone().text()));
    expect(new Set(texts).size).toBe(1);
    expect(texts[0]).toContain("one answer");
    expect(upstream.requests).toHaveLength(1);
    const rows = await Promise.all(answered.map((reply) => gateway.row(reply)));
    const paid = rows.filter((row) => row["outcome"] === "ok");
    const saved = rows.filter((row) => row["outcome"] === "cached");
    expect([paid.length, saved.length]).toEqual([1, 11]);
    // 9 × $1 and 3 × $10 per million.
    expect(paid[0]).toMatchObject({ cost_nanos: 39_000n, saved_nanos: 0n });
    for (const row of saved) {
      expect(row).toMatchObject({
        cost_nanos: 0n,
        saved_nanos: 39_000n,
        cache_result: "HIT",
        cache_source_id: paid[0]?.["id"],
        input_tokens: 9,
        output_tokens: 3,
        model: "gpt-5.2",
      });
    }
    expect((await gateway.spentNanos(key)) - before).toBe(39_000n);
    await expect.poll(() => gateway.reservedNanos(key)).toBe(0n);
  });

  it("are as many calls as requests unless their key allows it", async () => {
    const own = await gateway.addKey({});
    const release = heldAnswer();
    const replies = [ask({}, { key: own }), ask({}, { key: own })];
    await upstream.whenRequests(2);
    release();
    const answered = await Promise.all(replies);
    expect(answered.map((reply) => reply.headers.get("x-conduit-cache"))).toEqual([
      "BYPASS",
      "BYPASS",
    ]);
  });

  it(`${threat("T35")}: of two keys never share a call`, async () => {
    const other = await gateway.addKey({ coalesce: true });
    const release = heldAnswer();
    const replies = [ask({}), ask({}, { key: other })];
    await upstream.whenRequests(2);
    release();
    await Promise.all(replies);
    expect(upstream.requests).toHaveLength(2);
  });

  it.each([
    ["other parameters", { temperature: 0.5 }, {}],
    ["no-cache", {}, { "x-conduit-cache": "no-cache" }],
    ["a time limit of its own", {}, { "x-conduit-timeout-ms": "20000" }],
  ])("are not identical with %s", async (_what, body, headers) => {
    const release = heldAnswer();
    const replies = [ask({}), ask(body, { headers })];
    await upstream.whenRequests(2);
    release();
    await Promise.all(replies);
  });

  it("are told an upstream's failure together", async () => {
    const release = held((go) => ({
      ...errorReply(400, { message: "too odd", type: "invalid_request_error" }),
      json: undefined,
      headers: { "content-type": "application/json" },
      steps: [{ until: go }, '{"error":{"message":"too odd","type":"invalid_request_error"}}'],
    }));
    const replies = [ask({}), ask({}), ask({})];
    await upstream.whenRequests(1);
    await underWay(3);
    release();
    const answered = await Promise.all(replies);
    expect(answered.map(({ status }) => status)).toEqual([400, 400, 400]);
    expect(upstream.requests).toHaveLength(1);
    for (const reply of answered) {
      expect(await gateway.row(reply)).toMatchObject({ outcome: "client_error", saved_nanos: 0n });
    }
  });

  it("are answered from the cache afterwards, where it is on", async () => {
    await setCaches({ exact_enabled: true });
    const release = heldAnswer();
    const replies = [ask({}), ask({})];
    await upstream.whenRequests(1);
    await underWay(2);
    release();
    await Promise.all((await Promise.all(replies)).map((reply) => reply.text()));
    expect((await ask({})).headers.get("x-conduit-cache")).toBe("HIT");
    expect(upstream.requests).toHaveLength(1);
    await flushEntries();
    await deleteAllExactEntries(getDb());
    await retainListed();
  });
});

describe("a leader that hangs up", () => {
  it("before the answer leaves it to the others, and pays for it", async () => {
    const release = heldAnswer();
    const leader = new AbortController();
    const session = { "x-conduit-session": "leader-1" };
    const gone = ask({}, { signal: leader.signal, headers: session }).catch(() => undefined);
    await upstream.whenRequests(1);
    const other = ask({});
    await underWay(2);
    leader.abort();
    await gone;
    await noticed();
    release();
    const reply = await other;
    expect(await reply.clone().text()).toContain("one answer");
    expect(upstream.requests).toHaveLength(1);
    expect(await gateway.row(reply)).toMatchObject({ outcome: "cached", saved_nanos: 39_000n });
    expect(await gateway.rowOfSession("leader-1")).toMatchObject({
      outcome: "cancelled",
      status: 499,
      cost_nanos: 39_000n,
      estimated: false,
    });
  });

  it("alone still cuts its call", async () => {
    heldAnswer();
    const leader = new AbortController();
    const gone = ask({}, { signal: leader.signal }).catch(() => undefined);
    await upstream.whenRequests(1);
    leader.abort();
    await gone;
    expect(await upstream.requests[0]?.ended).toMatchObject({ by: "client" });
  });

  it("cuts its call once the last of the others has gone too", async () => {
    heldAnswer();
    const [leader, other] = [new AbortController(), new AbortController()];
    const first = ask({}, { signal: leader.signal }).catch(() => undefined);
    await upstream.whenRequests(1);
    const second = ask({}, { signal: other.signal }).catch(() => undefined);
    await underWay(2);
    leader.abort();
    await first;
    await noticed();
    expect(upstream.requests[0]?.ending).toBeUndefined();
    other.abort();
    await second;
    expect(await upstream.requests[0]?.ended).toMatchObject({ by: "client" });
  });
});

describe("a stream that several want", () => {
  const events = chatStreamEvents(["one ", "two ", "three"]);

  /** The first words come at once, the rest when it is let go. */
  const heldStream = () =>
    held((release) => ({
      headers: EVENT_STREAM,
      steps: [...events.slice(0, 2), { until: release }, ...events.slice(2)],
    }));

  async function begin(options: Options = {}) {
    const reply = await ask({ stream: true }, options);
    const reader = (reply.body as ReadableStream<Uint8Array>).getReader();
    let text = "";
    return {
      reply,
      async until(wanted: string) {
        while (!text.includes(wanted)) {
          const { done, value } = await reader.read();
          if (done) {
            break;
          }
          text += Buffer.from(value).toString();
        }
        return text;
      },
    };
  }

  it("comes to each from its beginning while it comes", async () => {
    const release = heldStream();
    const first = await begin();
    expect(await first.until("one ")).toContain("one ");
    const second = await begin();
    expect(await second.until("one ")).not.toContain("two ");
    release();
    const texts = [await first.until("[DONE]"), await second.until("[DONE]")];
    expect(texts[1]).toBe(texts[0]);
    expect(texts[0]).toContain("three");
    expect(upstream.requests).toHaveLength(1);
    const row = await gateway.rowOf(second.reply.headers.get("x-request-id") ?? "");
    expect(row).toMatchObject({ outcome: "cached", stream: true, saved_nanos: 39_000n });
  });

  it("goes on for the others when its leader hangs up in the middle, fully charged", async () => {
    const release = heldStream();
    const leader = new AbortController();
    const headers = { "x-conduit-session": "leader-2" };
    const first = await begin({ signal: leader.signal, headers });
    await first.until("one ");
    const second = await begin();
    await second.until("one ");
    leader.abort();
    await noticed();
    release();
    expect(await second.until("[DONE]")).toContain("three");
    expect(upstream.requests).toHaveLength(1);
    expect(await gateway.rowOfSession("leader-2")).toMatchObject({
      outcome: "cancelled",
      cost_nanos: 39_000n,
    });
    expect(await gateway.rowOf(second.reply.headers.get("x-request-id") ?? "")).toMatchObject({
      outcome: "cached",
      saved_nanos: 39_000n,
    });
  });

  it("is cut when all have gone, and one that left early costs the others nothing", async () => {
    heldStream();
    const cuts = [new AbortController(), new AbortController(), new AbortController()];
    for (const cut of cuts) {
      const stream = await begin({ signal: cut.signal });
      await stream.until("one ");
    }
    for (const cut of cuts) {
      expect(upstream.requests[0]?.ending).toBeUndefined();
      cut.abort();
      await noticed();
    }
    expect(await upstream.requests[0]?.ended).toMatchObject({ by: "client" });
    await expect.poll(() => gateway.reservedNanos(key)).toBe(0n);
  });

  it("that breaks off breaks off for everybody, as an error event", async () => {
    const release = held((go) => ({
      headers: EVENT_STREAM,
      steps: [...events.slice(0, 2), { until: go }, { reset: true }],
    }));
    const streams = [await begin(), await begin()];
    release();
    for (const { until, reply } of streams) {
      expect(await until("[DONE]")).toContain('"error"');
      const row = await gateway.rowOf(reply.headers.get("x-request-id") ?? "");
      expect(row).toMatchObject({ outcome: "partial" });
    }
  });
});
