import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type FakeUpstream, startFakeUpstream } from "#lib/testing/fake-upstream.ts";
import { type InProcessGateway, openGateway } from "#lib/testing/in-process-gateway.ts";
import {
  chatReply,
  chatStreamEvents,
  chatStreamReply,
  chunkEvent,
  EVENT_STREAM,
  errorReply,
} from "#lib/testing/openai-replies.ts";
import { threat } from "#lib/testing/reliability-rows.ts";

/** The story of a request through the fast door, on a real database, with scripted upstreams. */
let gateway: InProcessGateway;
let first: FakeUpstream;
let second: FakeUpstream;
let key: string;

beforeAll(async () => {
  gateway = await openGateway();
  first = await startFakeUpstream(() => chatReply("from first"));
  second = await startFakeUpstream(() => chatReply("from second"));
  const price = { input_price_per_million_usd: "1", output_price_per_million_usd: "10" };
  const common = {
    provider: "openai",
    model_name: "gpt-5.2",
    api_key: "sk-upstream-canary",
    ...price,
  };
  await gateway.addDeployment({
    ...common,
    name: "first",
    api_base: `${first.url}/v1`,
    priority: 1,
  });
  await gateway.addDeployment({
    ...common,
    name: "second",
    api_base: `${second.url}/v1`,
    priority: 2,
  });
  key = await gateway.addKey({});
});

afterAll(async () => {
  await gateway?.close();
  await Promise.all([first?.close(), second?.close()]);
});

beforeEach(() => {
  first.requests.length = 0;
  second.requests.length = 0;
  gateway.resetHealth();
});

const MESSAGES = [{ role: "user", content: "Hello!" }];

function chat(
  body: Record<string, unknown> = {},
  options: { key?: string; headers?: Record<string, string>; signal?: AbortSignal } = {},
) {
  return fetch(`${gateway.url}/v1/chat/completions`, {
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

describe("a whole answer", () => {
  it("passes on byte for byte, priced, logged, and with the way it took in its headers", async () => {
    const text =
      '{"id":"x","object":"chat.completion",  "created":1,"model":"gpt-5.2","choices":[{"index":0,"message":{"role":"assistant","content":"é"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100},"unknown":12345678901234567890}';
    first.replyWith(() => ({ body: text, headers: { "content-type": "application/json" } }));
    const reply = await chat();
    expect(reply.status).toBe(200);
    expect(await reply.text()).toBe(text);
    expect(reply.headers.get("x-conduit-deployment")).toBe("first");
    expect(reply.headers.get("x-conduit-provider")).toBe("openai");
    expect(reply.headers.get("x-conduit-attempts")).toBe("1");
    // 1,000 × $1 and 100 × $10 per million.
    expect(reply.headers.get("x-conduit-cost-usd")).toBe("0.002");
    const row = await gateway.row(reply);
    expect(row).toMatchObject({
      outcome: "ok",
      status: 200,
      provider: "openai",
      deployment_name: "first",
      input_tokens: 1000,
      output_tokens: 100,
      cost_nanos: 2_000_000n,
      price_state: "priced",
      estimated: false,
      attempt_count: 1,
      stream: false,
    });
  });

  it("sends the upstream its own credential and none of the caller's headers", async () => {
    first.replyWith(() => chatReply("hi"));
    await chat(
      {},
      { headers: { "x-forwarded-for": "1.2.3.4", "api-key": "smuggled", cookie: "a=b" } },
    );
    const sent = first.requests[0]?.headers ?? {};
    expect(sent["authorization"]).toBe("Bearer sk-upstream-canary");
    expect(JSON.stringify(sent)).not.toContain(key);
    expect(Object.keys(sent).toSorted()).toEqual([
      "accept",
      "authorization",
      "connection",
      "content-length",
      "content-type",
      "host",
      "user-agent",
      "via",
    ]);
  });

  it("keeps unknown fields of the request and adds no key that the caller left out", async () => {
    first.replyWith(() => chatReply("hi"));
    await chat({ some_future_field: { a: [1, null] } });
    expect(first.requests[0]?.json()).toEqual({
      model: "gpt-5.2",
      messages: MESSAGES,
      some_future_field: { a: [1, null] },
    });
  });

  it("counts the tokens itself when the upstream tells none, and says so in the row", async () => {
    first.replyWith(() => ({
      json: {
        id: "x",
        object: "chat.completion",
        created: 1,
        model: "gpt-5.2",
        choices: [
          {
            index: 0,
            message: { role: "assistant", content: "one two three four" },
            finish_reason: "stop",
          },
        ],
      },
    }));
    const row = await gateway.row(await chat());
    expect(row).toMatchObject({ estimated: true, outcome: "ok" });
    expect(Number(row["output_tokens"])).toBeGreaterThan(2);
    expect(Number(row["cost_nanos"])).toBeGreaterThan(0);
  });
});

describe("a streamed answer", () => {
  it("arrives as the upstream wrote it, with usage only for those who ask", async () => {
    first.replyWith(() => chatStreamReply(["Hel", "lo"]));
    const plain = await (await chat({ stream: true })).text();
    expect(plain).not.toContain('"usage"');
    expect(plain.endsWith("data: [DONE]\n\n")).toBe(true);
    const asked = await (
      await chat({ stream: true, stream_options: { include_usage: true } })
    ).text();
    expect(asked).toBe(chatStreamEvents(["Hel", "lo"]).join(""));
  });

  it("is billed from its usage event although the caller did not ask for it", async () => {
    first.replyWith(() => chatStreamReply(["Hel", "lo"], { prompt: 1000, completion: 100 }));
    const reply = await chat({ stream: true });
    await reply.text();
    expect(await gateway.row(reply)).toMatchObject({
      outcome: "ok",
      stream: true,
      cost_nanos: 2_000_000n,
    });
  });

  it("carries its cost in the usage event for a caller who asks for extensions", async () => {
    first.replyWith(() => chatStreamReply(["Hi"], { prompt: 1000, completion: 100 }));
    const reply = await chat(
      { stream: true, stream_options: { include_usage: true } },
      { headers: { "x-conduit-extensions": "1" } },
    );
    expect(await reply.text()).toMatch(
      /"conduit":\{"cost_usd":"0\.002"\}\}\n\ndata: \[DONE\]\n\n$/,
    );
  });

  it("falls back when the upstream's first event is an error inside a 200", async () => {
    first.replyWith(() => ({
      headers: EVENT_STREAM,
      steps: [
        chunkEvent({ role: "assistant", content: "" }, null),
        'data: {"error":{"message":"overloaded","type":"server_error","code":"server_is_overloaded"}}\n\n',
      ],
    }));
    second.replyWith(() => chatStreamReply(["rescued"]));
    const reply = await chat({ stream: true });
    expect(reply.status).toBe(200);
    expect(reply.headers.get("x-conduit-deployment")).toBe("second");
    const text = await reply.text();
    expect(text).toContain("rescued");
    expect(text).not.toContain("overloaded");
    expect(await gateway.attempts(reply)).toMatchObject([{ ended: "overloaded" }, { ended: "ok" }]);
  });

  it("that breaks after its start ends with one error event and no [DONE], and is still billed", async () => {
    const events = chatStreamEvents(["one", " two", " three"]);
    first.replyWith(() => ({
      headers: EVENT_STREAM,
      steps: [...events.slice(0, 4), { reset: true }],
    }));
    const reply = await chat({ stream: true });
    const text = await reply.text();
    expect(text).toContain("three");
    expect(text).not.toContain("[DONE]");
    expect(text.match(/"error":/g)).toHaveLength(1);
    expect(second.requests).toHaveLength(0);
    const row = await gateway.row(reply);
    expect(row).toMatchObject({
      outcome: "partial",
      estimated: true,
      error_code: "upstream_unreachable",
    });
    expect(Number(row["cost_nanos"])).toBeGreaterThan(0);
  });

  it("that is cut without a finish is not passed off as complete", async () => {
    first.replyWith(() => ({ headers: EVENT_STREAM, steps: chatStreamEvents(["a"]).slice(0, 2) }));
    const reply = await chat({ stream: true });
    expect(await reply.text()).toContain("upstream_truncated");
    expect(await gateway.row(reply)).toMatchObject({ outcome: "partial" });
  });

  it("closes the upstream at a hang-up, and the hang-up is still billed", async () => {
    first.replyWith(() => ({
      headers: EVENT_STREAM,
      steps: [...chatStreamEvents(["one", " two"]).slice(0, 3), { hang: true }],
    }));
    const hangUp = new AbortController();
    const reply = await chat({ stream: true }, { signal: hangUp.signal });
    const reader = reply.body?.getReader();
    await reader?.read();
    hangUp.abort();
    const ending = await first.requests[0]?.ended;
    expect(ending?.by).toBe("client");
    const row = await gateway.row(reply);
    expect(row).toMatchObject({ outcome: "cancelled", status: 499 });
    expect(Number(row["output_tokens"])).toBeGreaterThan(0);
    expect(Number(row["cost_nanos"])).toBeGreaterThan(0);
  });

  it("stops reading from the upstream while the caller does not read", async () => {
    const filler = "x".repeat(64 * 1024);
    first.replyWith(() => ({
      headers: EVENT_STREAM,
      steps: [
        ...Array.from({ length: 400 }, () => chunkEvent({ content: filler }, null)),
        ...chatStreamEvents([]).slice(1),
      ],
    }));
    const hangUp = new AbortController();
    await chat({ stream: true }, { signal: hangUp.signal });
    await gateway.settled(() => first.requests[0]?.sentBytes ?? 0);
    // 25 MB are on offer; sockets and buffers on the way hold a few, and the rest waits.
    expect(first.requests[0]?.sentBytes).toBeLessThan(15_000_000);
    hangUp.abort();
    await first.requests[0]?.ended;
  });
});

describe("failures of upstreams", () => {
  it("fall back to the next target, with each try in the log", async () => {
    first.replyWith(() => errorReply(503, { message: "busy" }));
    second.replyWith(() => chatReply("rescued"));
    const reply = await chat();
    expect(await reply.json()).toMatchObject({ choices: [{ message: { content: "rescued" } }] });
    expect(reply.headers.get("x-conduit-attempts")).toBe("2");
    expect(await gateway.attempts(reply)).toMatchObject([
      { deployment_name: "first", status: 503, ended: "overloaded" },
      { deployment_name: "second", status: 200, ended: "ok" },
    ]);
  });

  it("of a credential fall back and are never retried on the same target", async () => {
    first.replyWith(() => errorReply(401, { message: "bad key sk-upstream-canary" }));
    second.replyWith(() => errorReply(401, { message: "bad key sk-upstream-canary" }));
    const reply = await chat();
    expect(reply.status).toBe(502);
    const text = await reply.text();
    expect(text).toContain("upstream_auth");
    expect(text).not.toContain("canary");
    expect([first.requests.length, second.requests.length]).toEqual([1, 1]);
    expect(reply.headers.get("x-should-retry")).toBe("false");
  });

  it("that are the caller's doing come back as they are and try nobody else", async () => {
    first.replyWith(() =>
      errorReply(400, {
        message: "temperature is too high",
        type: "invalid_request_error",
        param: "temperature",
        code: "invalid_value",
      }),
    );
    const reply = await chat({ temperature: 9 });
    expect(reply.status).toBe(400);
    expect(await reply.json()).toMatchObject({
      error: { message: "temperature is too high", param: "temperature" },
    });
    expect(second.requests).toHaveLength(0);
    expect(await gateway.row(reply)).toMatchObject({ outcome: "client_error" });
  });

  it("that ask to wait come with a truthful Retry-After when nobody else can answer", async () => {
    for (const upstream of [first, second]) {
      upstream.replyWith(() =>
        errorReply(
          429,
          { message: "slow down", code: "rate_limit_exceeded" },
          { "retry-after": "30" },
        ),
      );
    }
    const reply = await chat();
    expect(reply.status).toBe(429);
    expect(Number(reply.headers.get("retry-after"))).toBeGreaterThanOrEqual(29);
    expect(Number(reply.headers.get("retry-after"))).toBeLessThanOrEqual(31);
  });

  it("by redirect are not followed", async () => {
    const trap = await startFakeUpstream(() => chatReply("trapped"));
    for (const upstream of [first, second]) {
      upstream.replyWith(() => ({
        status: 307,
        headers: { location: `${trap.url}/v1/chat/completions` },
      }));
    }
    const reply = await chat();
    expect(await reply.json()).toMatchObject({ error: { code: "upstream_redirect" } });
    expect(trap.requests).toHaveLength(0);
    await trap.close();
  });
});

describe("money of answers that never came", () => {
  it("a caller who leaves while the prompt is read is billed for the prompt", async () => {
    first.replyWith(() => ({ steps: [{ hang: true }] }));
    const hangUp = new AbortController();
    const asked = chat(
      { messages: [{ role: "user", content: "words ".repeat(500) }] },
      { signal: hangUp.signal, headers: { "x-conduit-session": "left-early" } },
    ).catch(() => undefined);
    await first.whenRequests(1);
    hangUp.abort();
    await asked;
    await first.requests[0]?.ended;
    const row = await gateway.rowOfSession("left-early");
    expect(row).toMatchObject({ outcome: "cancelled", estimated: true, output_tokens: 0 });
    expect(Number(row?.["input_tokens"])).toBeGreaterThan(400);
    expect(Number(row?.["cost_nanos"])).toBeGreaterThan(0);
  });

  it("an answer that cannot be counted is still settled", async () => {
    const depth = 20_000;
    const nested = `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
    first.replyWith(() => ({
      headers: { "content-type": "application/json" },
      body: `{"id":"x","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"hi","function_call":${nested}},"finish_reason":"stop"}]}`,
    }));
    const single = await gateway.addKey({ max_parallel: 1, budget_limit_usd: "1" });
    const reply = await chat({}, { key: single });
    await gateway.row(reply);
    expect(await gateway.reservedNanos(single)).toBe(0n);
    first.replyWith(() => chatReply("next"));
    expect((await chat({}, { key: single })).status).toBe(200);
  });
});

describe("what a target is not to blame for", () => {
  it("a caller's own short time-out does not open its breaker", async () => {
    for (const upstream of [first, second]) {
      upstream.replyWith(() => ({ ...chatReply("late"), delayMs: 2000 }));
    }
    for (let round = 0; round < 6; round += 1) {
      const late = await chat({}, { headers: { "x-conduit-timeout-ms": "1" } });
      expect(late.status).toBe(504);
    }
    first.replyWith(() => chatReply("well"));
    const reply = await chat();
    expect(reply.headers.get("x-conduit-deployment")).toBe("first");
  });

  it("a reply that nobody begins to read is settled as a hang-up", async () => {
    first.replyWith(() => chatStreamReply(["never", " read"]));
    const { body, id } = await gateway.open(
      { model: "gpt-5.2", messages: MESSAGES, stream: true },
      key,
    );
    await body[Symbol.asyncIterator]().return?.();
    expect(await gateway.rowOf(id)).toMatchObject({ outcome: "cancelled", status: 499 });
  });
});

describe("bad input", () => {
  const cases: [string, string | Buffer, number, string, string | null][] = [
    ["broken JSON", "{", 400, "invalid_json", null],
    ["no messages", '{"model":"gpt-5.2"}', 400, "missing_required_parameter", "messages"],
    ["empty messages", '{"model":"gpt-5.2","messages":[]}', 400, "invalid_value", "messages"],
    ["a wrong type", '{"model":"gpt-5.2","messages":"hi"}', 400, "invalid_type", "messages"],
    [
      "no model",
      '{"messages":[{"role":"user","content":"x"}]}',
      400,
      "missing_required_parameter",
      "model",
    ],
    [
      "an unknown role",
      '{"model":"gpt-5.2","messages":[{"role":"wizard","content":"x"}]}',
      400,
      "invalid_value",
      "messages[0].role",
    ],
    [
      "a nested wrong type",
      '{"model":"gpt-5.2","messages":[{"role":"user","content":[{"type":"text","text":1}]}]}',
      400,
      "invalid_type",
      "messages[0].content[0].text",
    ],
    [
      "an unknown model",
      '{"model":"nope","messages":[{"role":"user","content":"x"}]}',
      404,
      "model_not_found",
      "model",
    ],
    [
      "deep nesting",
      `{"model":"gpt-5.2","x":${"[".repeat(70)}${"]".repeat(70)}}`,
      400,
      "body_too_deep",
      null,
    ],
    [
      "millions of elements",
      `{"model":"gpt-5.2","messages":[${"0,".repeat(600_000)}0]}`,
      400,
      "body_too_deep",
      null,
    ],
    [
      "a list of absurd length",
      `{"model":"gpt-5.2","messages":[${"0,".repeat(30_000)}0]}`,
      400,
      "invalid_value",
      "messages",
    ],
    ["too many bytes", Buffer.alloc(33 * 1024 * 1024, 32), 413, "request_too_large", null],
  ];
  for (const [name, body, status, code, param] of cases) {
    it(`${name}: ${status} ${code}, no upstream call, one row, nothing held`, async () => {
      const budgeted = await gateway.addKey({ budget_limit_usd: "1" });
      const reply = await fetch(`${gateway.url}/v1/chat/completions`, {
        method: "POST",
        headers: { authorization: `Bearer ${budgeted}`, "content-type": "application/json" },
        body: typeof body === "string" ? body : new Uint8Array(body),
      });
      expect(reply.status).toBe(status);
      const { error } = (await reply.json()) as { error: Record<string, unknown> };
      expect(error).toMatchObject({ code, param, type: "invalid_request_error" });
      expect(JSON.stringify(error)).not.toMatch(/\bat .+:\d+/);
      expect(first.requests).toHaveLength(0);
      expect(await gateway.row(reply)).toMatchObject({
        outcome: "client_error",
        status,
        cost_nanos: 0n,
      });
      expect(await gateway.reservedNanos(budgeted)).toBe(0n);
    });
  }

  it("of another content type is refused by name", async () => {
    const reply = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "text/plain" },
      body: "{}",
    });
    expect(reply.status).toBe(415);
  });

  it("without a good key is a 401 that leaves no row", async () => {
    for (const bad of [
      "",
      "cnd_sk_wrong",
      `${key.slice(0, -1)}!`,
      "x".repeat(5000),
      "' or 1=1 --",
    ]) {
      const reply = await chat({}, { key: bad });
      expect(reply.status, bad.slice(0, 20)).toBe(401);
      expect(await reply.json()).toMatchObject({ error: { code: "invalid_api_key" } });
      expect(await gateway.findRow(reply)).toBeUndefined();
    }
    expect(first.requests).toHaveLength(0);
  });

  it("with a key that has expired is a 401 that its owner finds in the log", async () => {
    const expired = await gateway.addKey({ expires_at: new Date(Date.now() + 300).toISOString() });
    await new Promise((resolve) => setTimeout(resolve, 400));
    const reply = await chat({}, { key: expired });
    expect(reply.status).toBe(401);
    expect(await gateway.row(reply)).toMatchObject({
      outcome: "client_error",
      error_code: "api_key_expired",
      status: 401,
    });
  });

  it("at an unknown path or with a wrong method is told so in OpenAI's shape", async () => {
    const unknown = await fetch(`${gateway.url}/v1/nothing`, { method: "POST" });
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toMatchObject({ error: { code: "unknown_url" } });
    const wrong = await fetch(`${gateway.url}/v1/chat/completions`);
    expect(wrong.status).toBe(405);
  });
});

describe("money", () => {
  it("a spent budget refuses with the level, the amount and no retry, and calls nobody", async () => {
    const poor = await gateway.addKey({ alias: "poor", budget_limit_usd: "0.000001" });
    const reply = await chat({ max_tokens: 100 }, { key: poor });
    expect(reply.status).toBe(429);
    expect(reply.headers.get("x-should-retry")).toBe("false");
    const { error } = (await reply.json()) as {
      error: { message: string; type: string; code: string };
    };
    expect(error).toMatchObject({ type: "insufficient_quota", code: "budget_exceeded" });
    expect(error.message).toContain("poor");
    expect(first.requests).toHaveLength(0);
    expect(await gateway.row(reply)).toMatchObject({
      outcome: "limited",
      error_code: "budget_exceeded",
    });
    expect(await gateway.reservedNanos(poor)).toBe(0n);
  });

  it("an unpriced model under a budget is refused by name, and passes without one", async () => {
    const upstream = await startFakeUpstream(() => chatReply("hi"));
    await gateway.addDeployment({
      name: "secret-sauce",
      provider: "openai_compatible",
      model_name: "unheard-of",
      api_base: `${upstream.url}/v1`,
      api_key: "k",
    });
    const budgeted = await gateway.addKey({ budget_limit_usd: "5" });
    const refused = await chat({ model: "unheard-of" }, { key: budgeted });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ error: { code: "model_unpriced" } });
    const passed = await chat({ model: "unheard-of" });
    expect(passed.status).toBe(200);
    expect(await gateway.row(passed)).toMatchObject({ price_state: "unpriced", cost_nanos: 0n });
    await upstream.close();
  });

  it("what a request cost is what its budget has spent, and nothing stays reserved", async () => {
    first.replyWith(() => chatReply("hi", { prompt: 1000, completion: 100 }));
    const budgeted = await gateway.addKey({ budget_limit_usd: "1" });
    await (await chat({ max_tokens: 500 }, { key: budgeted })).text();
    await (await chat({ max_tokens: 500 }, { key: budgeted })).text();
    expect(await gateway.spentNanos(budgeted)).toBe(4_000_000n);
    expect(await gateway.reservedNanos(budgeted)).toBe(0n);
  });

  it("an answer that outgrows its budget is cut with a named error and billed", async () => {
    const long = Array.from({ length: 400 }, () => "many words that cost money ".repeat(8));
    first.replyWith(() => chatStreamReply(long, { prompt: 10, completion: 20_000 }));
    // Enough for the estimate of 4,096 tokens of output at $10 per million, and little more.
    const budgeted = await gateway.addKey({ budget_limit_usd: "0.042" });
    const reply = await chat({ stream: true }, { key: budgeted });
    const text = await reply.text();
    expect(text).toContain("budget_exceeded");
    expect(text).not.toContain("[DONE]");
    expect(await gateway.row(reply)).toMatchObject({
      outcome: "partial",
      error_code: "budget_exceeded",
    });
    expect(await gateway.reservedNanos(budgeted)).toBe(0n);
  });
});

describe("embeddings", () => {
  it("come as base64 when the caller asks for it, whatever the upstream sends", async () => {
    first.replyWith(() => ({
      json: {
        object: "list",
        model: "gpt-5.2",
        data: [{ object: "embedding", index: 0, embedding: [0.5, -1] }],
        usage: { prompt_tokens: 2, total_tokens: 2 },
      },
    }));
    const reply = await fetch(`${gateway.url}/v1/embeddings`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({ model: "gpt-5.2", input: "text", encoding_format: "base64" }),
    });
    const body = (await reply.json()) as { data: { embedding: string }[] };
    const bytes = Buffer.from(body.data[0]?.embedding ?? "", "base64");
    expect([bytes.readFloatLE(0), bytes.readFloatLE(4)]).toEqual([0.5, -1]);
    expect(await gateway.row(reply)).toMatchObject({
      endpoint: "embeddings",
      input_tokens: 2,
      output_tokens: 0,
    });
  });
});

it(`${threat("T41")}: a gateway that is its own upstream stops after two rounds`, async () => {
  const itself = await gateway.addKey({});
  await gateway.addDeployment({
    name: "loop",
    provider: "openai_compatible",
    model_name: "loop",
    api_base: `${gateway.url}/v1`,
    api_key: itself,
  });
  const reply = await chat({ model: "loop" });
  expect(reply.status).toBe(508);
  expect(await reply.json()).toMatchObject({ error: { code: "loop_detected" } });
  expect(await gateway.countRows("loop")).toBe(2);
});

it("models lists what the key may use and nothing else", async () => {
  const limited = await gateway.addKey({ allowed_models: ["gpt-5.2"] });
  const list = async (token: string) =>
    (await (
      await fetch(`${gateway.url}/v1/models`, { headers: { authorization: `Bearer ${token}` } })
    ).json()) as { data: { id: string }[] };
  expect((await list(limited)).data.map((model) => model.id)).toEqual(["gpt-5.2"]);
  expect((await list(key)).data.length).toBeGreaterThan(1);
});
