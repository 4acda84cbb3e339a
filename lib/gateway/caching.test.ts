import OpenAI from "openai";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { flushEntries, retainListed } from "#lib/cache/store.ts";
import { deleteAllExactEntries } from "#lib/db/cache-entries.ts";
import { getDb, getSql } from "#lib/db/client.ts";
import { refreshSnapshot } from "#lib/db/snapshot.ts";
import { setCaches } from "#lib/testing/caches.ts";
import { type FakeUpstream, startFakeUpstream } from "#lib/testing/fake-upstream.ts";
import { type InProcessGateway, openGateway } from "#lib/testing/in-process-gateway.ts";
import {
  chatReply,
  chatStreamEvents,
  chatStreamReply,
  EVENT_STREAM,
  errorReply,
} from "#lib/testing/openai-replies.ts";
import { makeTeam } from "#lib/testing/people.ts";
import { threat } from "#lib/testing/reliability-rows.ts";

/** Stored answers through the fast door, on a real database, with a scripted upstream. */
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
  key = await gateway.addKey({});
});

afterAll(async () => {
  await gateway?.close();
  await upstream?.close();
});

beforeEach(async () => {
  upstream.requests.length = 0;
  gateway.resetHealth();
  await setCaches({ exact_enabled: true });
  await forgetAll();
});

async function forgetAll(): Promise<void> {
  await flushEntries();
  await deleteAllExactEntries(getDb());
  await retainListed();
}

const MESSAGES = [{ role: "user", content: "Hello!" }];

interface Options {
  key?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  path?: string;
}

function ask(body: Record<string, unknown> = {}, options: Options = {}): Promise<Response> {
  return fetch(`${gateway.url}/v1${options.path ?? "/chat/completions"}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${options.key ?? key}`,
      "content-type": "application/json",
      ...options.headers,
    },
    body: JSON.stringify({ model: "gpt-5.2", messages: MESSAGES, ...body }),
    ...(options.signal ? { signal: options.signal } : {}),
  });
}

/** Asks and reads to the end: a stream is kept once it is complete. */
async function read(body: Record<string, unknown> = {}, options: Options = {}) {
  const reply = await ask(body, options);
  return { reply, text: await reply.text(), cache: reply.headers.get("x-conduit-cache") };
}

describe("a request that was answered before", () => {
  it("gets the same bytes without another call, and its row tells what that saved", async () => {
    const text =
      '{"id":"x","object":"chat.completion",  "created":1,"model":"gpt-5.2","choices":[{"index":0,"message":{"role":"assistant","content":"é"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1003,"completion_tokens":107,"total_tokens":1110},"unknown":12345678901234567890}';
    upstream.replyWith(() => ({ body: text, headers: { "content-type": "application/json" } }));
    const first = await read();
    const second = await read();
    expect([first.cache, second.cache]).toEqual(["MISS", "HIT"]);
    expect(second.text).toBe(text);
    expect(upstream.requests).toHaveLength(1);
    expect(second.reply.headers.get("x-conduit-cost-usd")).toBe("0");
    expect(second.reply.headers.get("x-conduit-attempts")).toBe("0");
    expect(second.reply.headers.get("x-conduit-deployment")).toBe("main");
    const paid = await gateway.row(first.reply);
    expect(paid).toMatchObject({ outcome: "ok", cache_result: "MISS", saved_nanos: 0n });
    // 1,003 × $1 and 107 × $10 per million.
    expect(paid["cost_nanos"]).toBe(2_073_000n);
    expect(await gateway.row(second.reply)).toMatchObject({
      outcome: "cached",
      status: 200,
      cache_result: "HIT",
      cost_nanos: 0n,
      saved_nanos: 2_073_000n,
      cache_source_id: paid["id"],
      cache_similarity: null,
      input_tokens: 1003,
      output_tokens: 107,
      estimated: false,
      provider: "openai",
      model: "gpt-5.2",
      deployment_id: null,
      attempt_count: 0,
    });
  });

  it("finds it whatever the order of its fields", async () => {
    upstream.replyWith(() => chatReply("ordered"));
    await read({ temperature: 0.5, metadata: { b: "2", a: "1" } });
    const again = await read({ metadata: { a: "1", b: "2" }, temperature: 0.5 });
    expect(again.cache).toBe("HIT");
  });

  it.each([
    ["another text", { messages: [{ role: "user", content: "Hello?" }] }],
    ["another turn before", { messages: [{ role: "system", content: "Be brief." }, ...MESSAGES] }],
    ["a parameter", { temperature: 0.1 }],
    ["a tool", { tools: [{ type: "function", function: { name: "f" } }] }],
    ["a field nobody knows", { reasoning: { budget: 1 } }],
    ["an end user", { user: "someone" }],
    ["a token limit", { max_completion_tokens: 5 }],
    ["a number instead of its text", { metadata: { a: "1" }, seed: 1 }],
    ["a stream", { stream: true }],
  ])("is another one with %s", async (_what, fields) => {
    upstream.replyWith(({ json }) =>
      (json() as { stream?: boolean }).stream === true
        ? chatStreamReply(["other"])
        : chatReply("one"),
    );
    await read();
    expect((await read(fields)).cache).toBe("MISS");
    expect(upstream.requests).toHaveLength(2);
  });

  it("counts toward the savings of its key's usage, to the nano", async () => {
    upstream.replyWith(() => chatReply("sums", { prompt: 7, completion: 3 }));
    const owner = await gateway.addKey({});
    const rows = [];
    for (let round = 0; round < 5; round += 1) {
      rows.push(await gateway.row((await read({}, { key: owner })).reply));
    }
    const [sums] = await getSql()`
      select sum(saved_nanos)::bigint as saved, sum(cost_nanos)::bigint as cost,
        string_agg(distinct model_asked, ',') as asked
      from usage_rollup_15m where key_id = ${String(rows[0]?.["key_id"])}`;
    expect(sums).toEqual({ saved: 4n * 37_000n, cost: 37_000n, asked: "gpt-5.2" });
  });

  it("gets embeddings again as well", async () => {
    upstream.replyWith(() => ({
      json: {
        object: "list",
        model: "gpt-5.2",
        data: [{ object: "embedding", index: 0, embedding: [0.25, -1] }],
        usage: { prompt_tokens: 5, total_tokens: 5 },
      },
    }));
    const body = { input: "a text", messages: undefined };
    const first = await read(body, { path: "/embeddings" });
    const second = await read(body, { path: "/embeddings" });
    expect(second.cache).toBe("HIT");
    expect(second.text).toBe(first.text);
  });
});

describe("a stream that was complete", () => {
  const events = [
    ...chatStreamEvents(["Hé", "llo", " 👋"]).slice(0, -2),
    `data: {"id":"chatcmpl-fake","object":"chat.completion.chunk","created":1,"model":"gpt-5.2","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12},"x_unknown":{"deep":[1,2]}}\n\n`,
    "data: [DONE]\n\n",
  ];

  it("comes again as the same stream", async () => {
    upstream.replyWith(() => ({ headers: EVENT_STREAM, steps: events }));
    const first = await read({ stream: true });
    const second = await read({ stream: true });
    expect([first.cache, second.cache]).toEqual(["MISS", "HIT"]);
    expect(second.reply.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(second.text).toBe(first.text);
    const row = await gateway.row(second.reply);
    expect(row).toMatchObject({ outcome: "cached", stream: true, output_tokens: 3 });
    expect(row["saved_nanos"]).toBe(39_000n);
  });

  it("tells its usage to a caller who asks for it, whoever asked first", async () => {
    upstream.replyWith(() => ({ headers: EVENT_STREAM, steps: events }));
    const plain = await read({ stream: true });
    const told = await read({ stream: true, stream_options: { include_usage: true } });
    expect(told.cache).toBe("HIT");
    expect(plain.text).not.toContain("prompt_tokens");
    expect(told.text).toContain('"x_unknown":{"deep":[1,2]}');
    expect(told.text.endsWith("data: [DONE]\n\n")).toBe(true);
  });

  it("gives the official client what it gave the first time: tools, two choices, logprobs", async () => {
    const frame = { id: "c", object: "chat.completion.chunk", created: 1, model: "gpt-5.2" };
    const line = (index: number, delta: object, finish: string | null, more: object = {}) =>
      `data: ${JSON.stringify({ ...frame, choices: [{ index, delta, finish_reason: finish, ...more }] })}\n\n`;
    const call = (fields: object) => ({ tool_calls: [{ index: 0, ...fields }] });
    const logprobs = { content: [{ token: "Hi", logprob: -0.25, bytes: [72, 105] }] };
    upstream.replyWith(() => ({
      headers: EVENT_STREAM,
      steps: [
        line(0, { role: "assistant", content: "Hi" }, null, { logprobs }),
        line(1, { role: "assistant", content: null }, null),
        line(
          1,
          call({ id: "call_1", type: "function", function: { name: "f", arguments: "" } }),
          null,
        ),
        line(1, call({ function: { arguments: '{"a":' } }), null),
        line(1, call({ function: { arguments: "1}" } }), null),
        line(0, {}, "stop", { extra: "kept" }),
        line(1, {}, "tool_calls"),
        "data: [DONE]\n\n",
      ],
    }));
    const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: key, maxRetries: 0 });
    const collect = async () => {
      const seen = [];
      const stream = await client.chat.completions.create({
        model: "gpt-5.2",
        messages: [{ role: "user", content: "twice" }],
        n: 2,
        logprobs: true,
        stream: true,
      });
      for await (const chunk of stream) {
        seen.push(chunk);
      }
      return seen;
    };
    const first = await collect();
    const second = await collect();
    expect(second).toEqual(first);
    expect(first).toHaveLength(7);
    expect(JSON.stringify(second)).toContain('"extra":"kept"');
    expect(upstream.requests).toHaveLength(1);
  });

  it("is left by its reader in the middle without harm", async () => {
    const many = chatStreamEvents(Array.from({ length: 500 }, (_, at) => `word ${at} `));
    upstream.replyWith(() => ({ headers: EVENT_STREAM, steps: many }));
    const whole = await read({ stream: true });
    const { id, body } = await gateway.open(
      { model: "gpt-5.2", messages: MESSAGES, stream: true },
      key,
    );
    for await (const _chunk of body) {
      break;
    }
    expect(await gateway.rowOf(id)).toMatchObject({ outcome: "cancelled", cost_nanos: 0n });
    expect((await read({ stream: true })).text).toBe(whole.text);
    expect(upstream.requests).toHaveLength(1);
  });
});

describe("what is never kept", () => {
  it("an error", async () => {
    upstream.replyWith((_request, index) =>
      index === 0
        ? errorReply(400, { message: "no", type: "invalid_request_error" })
        : chatReply("yes"),
    );
    expect((await read()).reply.status).toBe(400);
    expect((await read()).cache).toBe("MISS");
    expect((await read()).cache).toBe("HIT");
  });

  it("a stream that the upstream broke off", async () => {
    const events = chatStreamEvents(["one", "two"]);
    upstream.replyWith((_request, index) =>
      index === 0
        ? { headers: EVENT_STREAM, steps: [...events.slice(0, 2), { reset: true }] }
        : { headers: EVENT_STREAM, steps: events },
    );
    expect((await read({ stream: true })).text).toContain('"error"');
    expect((await read({ stream: true })).cache).toBe("MISS");
    expect((await read({ stream: true })).cache).toBe("HIT");
  });

  it("a stream that its caller broke off", async () => {
    const events = chatStreamEvents(["one", "two"]);
    const release = Promise.withResolvers<void>();
    upstream.replyWith((_request, index) => ({
      headers: EVENT_STREAM,
      steps:
        index === 0
          ? [...events.slice(0, 2), { until: release.promise }, ...events.slice(2)]
          : events,
    }));
    const { id, body } = await gateway.open(
      { model: "gpt-5.2", messages: MESSAGES, stream: true },
      key,
    );
    for await (const _chunk of body) {
      break;
    }
    release.resolve();
    expect(await gateway.rowOf(id)).toMatchObject({ outcome: "cancelled" });
    expect((await read({ stream: true })).cache).toBe("MISS");
  });

  it("an answer larger than the settings allow, whole or streamed", async () => {
    await setCaches({ exact_enabled: true, max_entry_kib: 1 });
    const long = "x".repeat(1100);
    upstream.replyWith(({ json }) =>
      (json() as { stream?: boolean }).stream === true ? chatStreamReply([long]) : chatReply(long),
    );
    for (const stream of [false, true]) {
      expect((await read({ stream })).cache).toBe("MISS");
      expect((await read({ stream })).cache).toBe("MISS");
    }
  });

  it("an answer of an excluded model, which is not even looked up", async () => {
    await setCaches({ exact_enabled: true, excluded_models: ["gpt-5.2"] });
    upstream.replyWith(() => chatReply("fresh"));
    await read();
    expect((await read()).cache).toBe("BYPASS");
    expect(upstream.requests).toHaveLength(2);
  });

  it("anything while the cache is off", async () => {
    await setCaches({});
    upstream.replyWith(() => chatReply("fresh"));
    await read();
    expect((await read()).cache).toBe("BYPASS");
    await setCaches({ exact_enabled: true });
    expect((await read()).cache).toBe("MISS");
  });
});

describe("x-conduit-cache", () => {
  const control = (value: string) => ({ headers: { "x-conduit-cache": value } });

  it("no-cache asks anew and keeps the fresh answer", async () => {
    upstream.replyWith((_request, index) => chatReply(`answer ${index}`));
    await read();
    const fresh = await read({}, control("no-cache"));
    expect(fresh.cache).toBe("BYPASS");
    expect(fresh.text).toContain("answer 1");
    expect((await read()).text).toContain("answer 1");
  });

  it("no-store keeps nothing, and still takes what is there", async () => {
    upstream.replyWith(() => chatReply("answer"));
    expect((await read({}, control("no-store"))).cache).toBe("MISS");
    expect((await read()).cache).toBe("MISS");
    expect((await read({}, control("no-store"))).cache).toBe("HIT");
  });

  it("only-if-cached never asks an upstream", async () => {
    upstream.replyWith(() => chatReply("answer"));
    const none = await read({}, control("only-if-cached"));
    expect(none.reply.status).toBe(504);
    expect(none.reply.headers.get("x-should-retry")).toBe("false");
    expect(JSON.parse(none.text)).toMatchObject({
      error: { code: "cache_miss", param: "x-conduit-cache" },
    });
    expect(await gateway.row(none.reply)).toMatchObject({
      outcome: "client_error",
      error_code: "cache_miss",
      cost_nanos: 0n,
    });
    expect(upstream.requests).toHaveLength(0);
    await read();
    expect((await read({}, control("Only-If-Cached"))).cache).toBe("HIT");
    await setCaches({});
    expect((await read({}, control("only-if-cached"))).reply.status).toBe(504);
  });

  it("ttl bounds the age of what is given and of what is kept", async () => {
    upstream.replyWith(() => chatReply("answer"));
    await read({}, control("ttl=7"));
    await flushEntries();
    const [entry] = await getSql()`
      select extract(epoch from expires_at - created_at)::int as seconds from cache_entries`;
    expect(entry?.["seconds"]).toBe(7);
    expect((await read({}, control("ttl=3600"))).cache).toBe("HIT");
  });

  it.each(["ttl=0", "ttl=x", "ttl=604801", "ttl=1, ttl=2", "maybe", "no-cache, only-if-cached"])(
    "is refused by name for %s, also while the cache is off",
    async (value) => {
      for (const exact_enabled of [true, false]) {
        await setCaches({ exact_enabled });
        const { reply, text } = await read({}, control(value));
        expect(reply.status).toBe(400);
        expect(JSON.parse(text)).toMatchObject({
          error: { code: "invalid_value", param: "x-conduit-cache" },
        });
      }
      expect(upstream.requests).toHaveLength(0);
    },
  );
});

describe("the list of what is kept", () => {
  it("names whose it is and what it cost, and a newer answer takes the place of an older", async () => {
    upstream.replyWith(() => chatReply("answer"));
    const first = await read();
    const again = await read({}, { headers: { "x-conduit-cache": "no-cache" } });
    await flushEntries();
    const rows = await getSql()`select * from cache_entries`;
    expect(rows).toHaveLength(1);
    const row = await gateway.row(first.reply);
    expect(rows[0]).toMatchObject({
      kind: "exact",
      scope_kind: "key",
      scope_id: row["key_id"],
      key_id: row["key_id"],
      user_id: row["user_id"],
      endpoint: "chat",
      model_asked: "gpt-5.2",
      deployment_name: "main",
      source_request_id: again.reply.headers.get("x-request-id"),
      cost_nanos: row["cost_nanos"],
      box: null,
    });
  });

  it("loses what is struck off, here and wherever the change is heard of", async () => {
    upstream.replyWith(() => chatReply("answer"));
    const { reply } = await read();
    await read({ user: "other" });
    await flushEntries();
    await getSql()`
      delete from cache_entries where source_request_id = ${reply.headers.get("x-request-id") ?? ""}`;
    await retainListed();
    expect((await read()).cache).toBe("MISS");
    expect((await read({ user: "other" })).cache).toBe("HIT");
  });
});

describe("a stored answer", () => {
  it(`${threat("T33")}: is never given to another key or team, whoever asks at the same time`, async () => {
    const teams = [await makeTeam(), await makeTeam()];
    await getSql()`update teams set share_cache = true`;
    const keys = await Promise.all(
      [null, null, teams[0], teams[0], teams[1], teams[1]].map(async (team, at) => ({
        scope: team?.id ?? `key ${at}`,
        key: await gateway.addKey(team == null ? {} : { team_id: team.id }),
      })),
    );
    let count = 0;
    upstream.replyWith(() => {
      count += 1;
      return chatReply(`canary ${count}`);
    });
    // Who was first given each canary; a hit must come from the same scope.
    const owners = new Map<string, string>();
    const hits: { scope: string; text: string }[] = [];
    const requests = Array.from({ length: 600 }, (_, at) => at);
    const worker = async (): Promise<void> => {
      for (let at = requests.shift(); at !== undefined; at = requests.shift()) {
        const { scope, key: own } = keys[Math.floor(Math.random() * keys.length)] ?? {
          scope: "",
          key: "",
        };
        const messages = [{ role: "user", content: `question ${at % 5}` }];
        const { text, cache } = await read({ messages }, { key: own });
        if (cache === "HIT") {
          hits.push({ scope, text });
        } else {
          owners.set(text, scope);
        }
      }
    };
    await Promise.all(Array.from({ length: 12 }, worker));
    expect(hits.length).toBeGreaterThan(300);
    for (const { scope, text } of hits) {
      expect(owners.get(text)).toBe(scope);
    }
    // Two keys that share nothing, and two teams that share among their own: no scope is left out.
    expect(new Set(hits.map(({ scope }) => scope)).size).toBe(4);
  });

  it(`${threat("T35")}: of another key leaves no trace in what a request is told or in whether it is asked`, async () => {
    upstream.replyWith(() => chatReply("canary"));
    const [known, probe, control] = await Promise.all([1, 2, 3].map(() => gateway.addKey({})));
    const tell = async (who: string | undefined, content: string) => {
      const messages = [{ role: "user", content }];
      const { reply } = await read({ messages }, { key: who ?? "" });
      const asked = upstream.requests.length;
      upstream.requests.length = 0;
      const told = ["x-conduit-cache", "x-conduit-attempts", "x-conduit-cost-usd"];
      return {
        asked,
        names: [...reply.headers.keys()],
        told: told.map((name) => reply.headers.get(name)),
      };
    };
    await tell(known, "the secret question");
    expect((await tell(known, "the secret question")).told[0]).toBe("HIT");
    const probed = await tell(probe, "the secret question");
    expect(probed.told[0]).toBe("MISS");
    expect(probed).toEqual(await tell(control, "a question that nobody has asked"));
  });

  it("is not given once its deployment serves another model, or has another neighbour", async () => {
    upstream.replyWith(() => chatReply("answer"));
    const id = await gateway.addDeployment({
      name: "moved",
      provider: "openai",
      model_name: "gpt-moved",
      api_key: "sk-upstream-canary",
      api_base: `${upstream.url}/v1`,
      input_price_per_million_usd: "1",
      output_price_per_million_usd: "10",
    });
    const body = { model: "moved" };
    await read(body);
    await getSql()`update deployments set weight = 7, max_rpm = 1000 where id = ${id}`;
    await refreshSnapshot();
    expect((await read(body)).cache).toBe("HIT");
    await getSql()`update deployments set model_name = 'gpt-elsewhere' where id = ${id}`;
    await refreshSnapshot();
    expect((await read(body)).cache).toBe("MISS");
  });
});

describe("a stored answer and the limits of its key", () => {
  it("takes a request of the minute, and no tokens and no money", async () => {
    upstream.replyWith(() => chatReply("answer", { prompt: 40, completion: 40 }));
    const own = await gateway.addKey({
      rate_limit_rpm: 100,
      rate_limit_tpm: 10_000,
      budget_limit_usd: "5",
      budget_period: "total",
    });
    const body = { max_completion_tokens: 50 };
    await read(body, { key: own });
    const spent = await gateway.spentNanos(own);
    const first = await read(body, { key: own });
    const second = await read(body, { key: own });
    expect(second.cache).toBe("HIT");
    const left = ({ reply }: typeof first, what: string) =>
      Number(reply.headers.get(`x-ratelimit-remaining-${what}`));
    expect(left(first, "requests") - left(second, "requests")).toBe(1);
    expect(left(second, "tokens")).toBeGreaterThanOrEqual(left(first, "tokens"));
    expect(await gateway.spentNanos(own)).toBe(spent);
    await expect.poll(() => gateway.reservedNanos(own)).toBe(0n);
  });
});
