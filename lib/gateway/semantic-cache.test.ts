import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { flushLookups } from "#lib/cache/lookup-sample.ts";
import { describeSemantic, noteFailure } from "#lib/cache/semantic-space.ts";
import { getSql } from "#lib/db/client.ts";
import { checkVectorSupport } from "#lib/db/vector-support.ts";
import { setCaches } from "#lib/testing/caches.ts";
import { type FakeUpstream, startFakeUpstream } from "#lib/testing/fake-upstream.ts";
import { setRules } from "#lib/testing/guardrail-rules.ts";
import { type InProcessGateway, openGateway } from "#lib/testing/in-process-gateway.ts";
import { chatReply, chatStreamReply } from "#lib/testing/openai-replies.ts";
import { makeTeam } from "#lib/testing/people.ts";
import { threat } from "#lib/testing/reliability-rows.ts";

/** Questions of the same meaning through the fast door, on a real database with real vectors. */
let gateway: InProcessGateway;
let upstream: FakeUpstream;
let key: string;
let hasVectors: boolean;

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
  await gateway.addDeployment({ name: "vectors", provider: "mock", model_name: "vectors" });
  key = await gateway.addKey({});
  hasVectors = (await checkVectorSupport(getSql())).ready;
});

afterAll(async () => {
  await gateway?.close();
  await upstream?.close();
});

beforeEach(async () => {
  upstream.requests.length = 0;
  upstream.replyWith(() => chatReply(`Answer ${upstream.requests.length}`));
  gateway.resetHealth();
  noteFailure(undefined);
  await turnOn();
  await flushLookups();
  await getSql()`delete from cache_entries`;
  await getSql()`delete from cache_lookups`;
});

async function turnOn(fields: Record<string, unknown> = {}): Promise<void> {
  await setCaches({
    semantic_enabled: true,
    embedding_model: "vectors",
    sample_share: 0,
    ...fields,
  });
}

const QUESTION = "How do I reset my password in the customer portal?";
const REWORDED = "how can I reset my password in the customer portal";

interface Options {
  key?: string;
  headers?: Record<string, string>;
  before?: readonly Record<string, unknown>[];
  body?: Record<string, unknown>;
}

async function ask(content: unknown, options: Options = {}) {
  const reply = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${options.key ?? key}`,
      "content-type": "application/json",
      ...options.headers,
    },
    body: JSON.stringify({
      model: "gpt-5.2",
      messages: [...(options.before ?? []), { role: "user", content }],
      ...options.body,
    }),
  });
  return { reply, text: await reply.text(), cache: reply.headers.get("x-conduit-cache") };
}

/** Asks, and waits until the answer is kept, which nobody who asks does. */
async function askAndKeep(content: unknown, options: Options = {}) {
  const before = await countEntries();
  const asked = await ask(content, options);
  await vi.waitFor(async () => expect(await countEntries()).toBe(before + 1), 10_000);
  return asked;
}

async function countEntries(): Promise<number> {
  const [row] = await getSql()`select count(*)::int as n from cache_entries`;
  return Number(row?.["n"]);
}

async function lookups() {
  await flushLookups();
  return await getSql()`select * from cache_lookups order by created_at, id`;
}

describe("a question of the same meaning", () => {
  beforeEach(({ skip }) => skip(!hasVectors, "the database has no pgvector"));

  it("gets the stored answer, and its row tells how near it was and what that saved", async () => {
    const first = await askAndKeep(QUESTION);
    const second = await ask(REWORDED);
    expect([first.cache, second.cache]).toEqual(["MISS", "SEMANTIC"]);
    expect(second.text).toBe(first.text);
    expect(upstream.requests).toHaveLength(1);
    const paid = await gateway.row(first.reply);
    const row = await gateway.row(second.reply);
    expect(row).toMatchObject({
      outcome: "cached",
      cache_result: "SEMANTIC",
      cost_nanos: 0n,
      saved_nanos: paid["cost_nanos"],
      cache_source_id: paid["id"],
    });
    expect(Number(row["cache_similarity"])).toBeGreaterThanOrEqual(0.95);
    expect(Number(row["cache_similarity"])).toBeLessThanOrEqual(1);
    expect(await describeSemantic()).toEqual({ state: "ready", dimensions: 256 });
  });

  it("is looked up through an embedding that is routed, logged and tagged", async () => {
    const { reply } = await askAndKeep(QUESTION);
    await gateway.row(reply);
    const rows = await getSql()`
      select endpoint, model_asked, status, tags from request_logs
      where endpoint = 'embeddings' order by id desc limit 1`;
    expect(rows[0]).toMatchObject({
      model_asked: "vectors",
      status: 200,
      tags: { "conduit.purpose": "semantic_cache" },
    });
  });

  it("is sent to no embedding model and noted nowhere when a guardrail could not read it", async () => {
    await setRules({
      type: "webhook",
      config: { url: "http://127.0.0.1:1/check" },
      secret: "a-signing-secret",
      action: "mask",
      fail: "open",
    });
    const embedded = async () =>
      await getSql()`select count(*)::int as n from request_logs where endpoint = 'embeddings'`;
    const before = await embedded();
    const { reply, cache } = await ask(QUESTION);
    await setRules();
    expect([reply.status, cache]).toEqual([200, "MISS"]);
    await gateway.row(reply);
    expect(await embedded()).toEqual(before);
    expect(await lookups()).toEqual([]);
    expect(await countEntries()).toBe(0);
  });

  it.each([
    [
      "a number",
      "List 5 ideas for a birthday party at home",
      "List 8 ideas for a birthday party at home",
      "number",
    ],
    [
      "a negation",
      "Which breakfast cereals contain gluten today?",
      "Which breakfast cereals do not contain gluten today?",
      "negation",
    ],
    [
      "what is asked",
      "How is the encryption password stored internally?",
      "Why is the encryption password stored internally?",
      "asked",
    ],
  ])("never is one with another %s, however near it lies", async (_what, stored, asked, guard) => {
    await askAndKeep(stored);
    const { cache } = await ask(asked);
    expect(cache).toBe("MISS");
    const [, row] = await lookups();
    expect(row).toMatchObject({ hit: false, guard });
    expect(Number(row?.["best_similarity"])).toBeGreaterThanOrEqual(0.95);
  });

  it("below the threshold is asked anew, and noted with how near it was", async () => {
    await turnOn({ threshold: 1 });
    await askAndKeep(QUESTION);
    expect((await ask(REWORDED)).cache).toBe("MISS");
    const [first, second] = await lookups();
    expect(first).toMatchObject({ hit: false, best_similarity: null, entry_id: null });
    expect(second).toMatchObject({ hit: false, guard: null });
    expect(Number(second?.["best_similarity"])).toBeGreaterThan(0.9);
  });

  const SYSTEM = { role: "system", content: "Be brief." };
  const TURNS = [
    { role: "user", content: "Hello" },
    { role: "assistant", content: "Hello!" },
  ];
  const TOOL = { type: "function", function: { name: "look_up", parameters: {} } };
  it.each<[string, Options, Options]>([
    [
      "another system prompt",
      { before: [SYSTEM] },
      { before: [{ ...SYSTEM, content: "Be brief!" }] },
    ],
    ["no system prompt", { before: [SYSTEM] }, {}],
    ["another earlier turn", { before: TURNS }, { before: [...TURNS, ...TURNS] }],
    ["another temperature", { body: { temperature: 0 } }, { body: { temperature: 0.1 } }],
    ["another tool", { body: { tools: [TOOL] } }, {}],
    ["another form of answer", {}, { body: { response_format: { type: "json_object" } } }],
    ["another end user", { body: { user: "a" } }, { body: { user: "b" } }],
    ["another name of the model", {}, { body: { model: "main" } }],
    ["a stream", {}, { body: { stream: true } }],
  ])("is another question with %s", async (_what, one, other) => {
    upstream.replyWith(({ json }) =>
      (json() as { stream?: boolean }).stream === true
        ? chatStreamReply(["other"])
        : chatReply("one"),
    );
    await askAndKeep(QUESTION, one);
    expect((await ask(REWORDED, other)).cache).toBe("MISS");
    expect((await ask(REWORDED, one)).cache).toBe("SEMANTIC");
  });

  it(`${threat("T34")}: of another key is another question`, async () => {
    await askAndKeep(QUESTION);
    const other = await gateway.addKey({});
    expect((await ask(QUESTION, { key: other })).cache).toBe("MISS");
  });

  it(`${threat("T34")}: of the same team is the same where the team shares its answers, and never of another`, async () => {
    const [ours, theirs] = [await makeTeam(), await makeTeam()];
    await getSql()`update teams set share_cache = true`;
    const addKey = (team: { id: string }) => gateway.addKey({ team_id: team.id });
    await askAndKeep(QUESTION, { key: await addKey(ours) });
    expect((await ask(REWORDED, { key: await addKey(ours) })).cache).toBe("SEMANTIC");
    expect((await ask(QUESTION, { key: await addKey(theirs) })).cache).toBe("MISS");
    await getSql()`update teams set share_cache = false`;
  });

  it("is answered as a stream where a stream was asked for", async () => {
    upstream.replyWith(() => chatStreamReply(["Click ", "here."]));
    const body = { stream: true };
    const first = await askAndKeep(QUESTION, { body });
    const second = await ask(REWORDED, { body });
    expect(second.cache).toBe("SEMANTIC");
    expect(second.reply.headers.get("content-type")).toContain("text/event-stream");
    expect(second.text).toBe(first.text);
    expect(upstream.requests).toHaveLength(1);
  });

  it("is asked anew where the caller wants no stored answer, or none so old", async () => {
    await askAndKeep(QUESTION);
    const fresh = await askAndKeep(REWORDED, { headers: { "x-conduit-cache": "no-cache" } });
    expect(fresh.text).toContain("Answer 2");
    await getSql()`delete from cache_entries`;
    await askAndKeep(QUESTION);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect((await ask(REWORDED, { headers: { "x-conduit-cache": "ttl=1" } })).cache).toBe("MISS");
  });

  it("whose entry was cleared is asked anew", async () => {
    await askAndKeep(QUESTION);
    await getSql()`delete from cache_entries`;
    expect((await ask(REWORDED)).cache).toBe("MISS");
  });

  it("has a share of its hits asked upstream too, and the answers compared", async () => {
    await turnOn({ sample_share: 1 });
    upstream.replyWith(() => chatReply("Open the settings and choose reset."));
    await askAndKeep(QUESTION);
    expect((await ask(REWORDED)).cache).toBe("SEMANTIC");
    const rows = await lookups();
    expect(rows.map(({ hit, agreement }) => [hit, agreement])).toEqual([
      [false, null],
      [true, 1],
    ]);
    expect(upstream.requests).toHaveLength(2);
    upstream.replyWith(() => chatReply("Bananas ripen faster inside paper bags."));
    await ask(REWORDED);
    const third = (await lookups()).at(-1);
    expect(Number(third?.["agreement"])).toBeLessThan(0.5);
  });

  it("leaves its words nowhere but under seal, and nowhere at all where none are to be kept", async () => {
    await askAndKeep(QUESTION);
    await ask(REWORDED);
    const rows = await lookups();
    expect(rows.every(({ box }) => box === null)).toBe(true);
    const [entry] = await getSql()`select box, model_asked, endpoint from cache_entries`;
    expect(Buffer.from(entry?.["box"]).includes("password")).toBe(false);
  });
});

describe("what cannot be like another question", () => {
  beforeEach(({ skip }) => skip(!hasVectors, "the database has no pgvector"));

  const CALL = { id: "call_1", type: "function", function: { name: "look_up", arguments: "{}" } };
  it.each<[string, unknown, Options]>([
    [
      "a conversation in which a tool was called",
      QUESTION,
      {
        before: [
          { role: "user", content: "Look it up" },
          { role: "assistant", content: null, tool_calls: [CALL] },
          { role: "tool", tool_call_id: "call_1", content: "Found." },
        ],
      },
    ],
    [
      "a text with a picture",
      [
        { type: "text", text: QUESTION },
        { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
      ],
      {},
    ],
    ["a text that is too short", "And then?", {}],
  ])("%s is not looked up", async (_what, content, options) => {
    await ask(content, options);
    await ask(content, options);
    expect(upstream.requests).toHaveLength(2);
    expect(await lookups()).toHaveLength(0);
    expect(await countEntries()).toBe(0);
  });

  it("an answer that calls a tool, or that was cut for its length, is not kept", async () => {
    const message = { role: "assistant", content: null, tool_calls: [CALL] };
    const reply = (choice: Record<string, unknown>) => {
      const { json } = chatReply("cut") as { json: { choices: Record<string, unknown>[] } };
      return { json: { ...json, choices: [{ ...json.choices[0], ...choice }] } };
    };
    upstream.replyWith(() => reply({ message, finish_reason: "tool_calls" }));
    await ask(QUESTION, { body: { seed: 1 } });
    upstream.replyWith(() => reply({ finish_reason: "length" }));
    await ask(QUESTION, { body: { seed: 2 } });
    // What is kept in turn behind them shows that they were passed over.
    upstream.replyWith(() => chatReply("kept"));
    await askAndKeep(QUESTION, { body: { seed: 3 } });
    expect(await countEntries()).toBe(1);
  });
});

describe("without what it needs", () => {
  it("an embedding model that fails is a miss, and the reason is told", async () => {
    await gateway.addDeployment({
      name: "broken",
      provider: "mock",
      model_name: "broken",
      settings: { error_rate: "1" },
    });
    await turnOn({ embedding_model: "broken" });
    const { reply, cache } = await ask(QUESTION);
    expect([reply.status, cache]).toEqual([200, "MISS"]);
    const status = await describeSemantic();
    expect(status.state).toBe("unavailable");
    expect(JSON.stringify(status)).toContain("could not be asked");
  });

  it("a caller who may not pay for a vector turns look-ups off for nobody else", async ({
    skip,
  }) => {
    skip(!hasVectors, "the database has no pgvector");
    await gateway.addDeployment({
      name: "dear-vectors",
      provider: "openai",
      model_name: "dear",
      api_key: "sk-upstream-canary",
      api_base: `${upstream.url}/v1`,
      input_price_per_million_usd: "1000000",
    });
    await turnOn({ embedding_model: "dear-vectors" });
    const poor = await gateway.addKey({ budget_limit_usd: "0.5", budget_period: "total" });
    expect((await ask(QUESTION, { key: poor })).reply.status).toBe(200);
    await turnOn();
    expect((await describeSemantic()).state).not.toBe("unavailable");
    await askAndKeep(QUESTION);
    expect((await ask(REWORDED)).cache).toBe("SEMANTIC");
  });

  it("a database that cannot search vectors answers as before, and says why", async ({ skip }) => {
    skip(hasVectors, "the database has pgvector");
    const { reply, cache } = await ask(QUESTION);
    expect([reply.status, cache]).toEqual([200, "MISS"]);
    expect((await ask(REWORDED)).reply.status).toBe(200);
    expect(await describeSemantic()).toEqual({
      state: "unavailable",
      reason: expect.stringContaining("pgvector"),
    });
  });
});
