import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type FakeUpstream, startFakeUpstream } from "#lib/testing/fake-upstream.ts";
import { setRules } from "#lib/testing/guardrail-rules.ts";
import { type InProcessGateway, openGateway } from "#lib/testing/in-process-gateway.ts";

/** `POST /v1/moderations`, from the door to the log row. */
let gateway: InProcessGateway;
let upstream: FakeUpstream;
let key: string;

const RESULT = {
  flagged: true,
  categories: { violence: true, hate: false },
  category_scores: { violence: 0.91, hate: 0.02 },
};

beforeAll(async () => {
  gateway = await openGateway();
  upstream = await startFakeUpstream(() => ({ json: {} }));
  const common = { api_key: "sk-upstream-canary", api_base: `${upstream.url}/v1` };
  await gateway.addDeployment({
    ...common,
    name: "openai-moderation",
    provider: "openai",
    model_name: "omni-moderation-latest",
    input_price_per_million_usd: "0",
    output_price_per_million_usd: "0",
  });
  await gateway.addDeployment({
    ...common,
    name: "mistral-moderation",
    provider: "mistral",
    model_name: "mistral-moderation-latest",
    input_price_per_million_usd: "0.1",
    output_price_per_million_usd: "0",
  });
  await gateway.addDeployment({ name: "mock", provider: "mock", model_name: "mock-moderation" });
  await gateway.addDeployment({
    ...common,
    name: "local",
    provider: "ollama",
    model_name: "llama-guard",
  });
  key = await gateway.addKey({});
});

afterAll(async () => {
  await gateway?.close();
  await upstream?.close();
});

beforeEach(async () => {
  upstream.requests.length = 0;
  upstream.replyWith(() => ({
    json: { id: "modr-1", model: "omni-moderation-latest", results: [RESULT] },
  }));
  await setRules();
});

function moderate(body: Record<string, unknown>, withKey = key) {
  return fetch(`${gateway.url}/v1/moderations`, {
    method: "POST",
    headers: { authorization: `Bearer ${withKey}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

describe("a request", () => {
  it("without a model is judged by the one that the API names, and is logged", async () => {
    const reply = await moderate({ input: "I will hurt you" });
    expect(await reply.clone().json()).toEqual({
      id: "modr-1",
      model: "omni-moderation-latest",
      results: [RESULT],
    });
    expect(upstream.requests[0]).toMatchObject({ method: "POST", path: "/v1/moderations" });
    expect(upstream.requests[0]?.json()).toEqual({
      model: "omni-moderation-latest",
      input: "I will hurt you",
    });
    expect(await gateway.row(reply)).toMatchObject({
      endpoint: "moderations",
      model_asked: "omni-moderation-latest",
      deployment_name: "openai-moderation",
      outcome: "ok",
    });
  });

  it("of a provider that tells no flag gets one, and is charged for what it used", async () => {
    const { flagged: _, ...bare } = RESULT;
    upstream.replyWith(() => ({
      json: {
        id: "m",
        model: "mistral-moderation-latest",
        usage: { prompt_tokens: 1000, total_tokens: 1000, completion_tokens: 0 },
        results: [bare, { ...bare, categories: { violence: false, hate: false } }],
      },
    }));
    const model = "mistral-moderation-latest";
    const reply = await moderate({ model, input: ["one", "two"] });
    const { results } = (await reply.clone().json()) as { results: { flagged: boolean }[] };
    expect(results.map(({ flagged }) => flagged)).toEqual([true, false]);
    expect(await gateway.row(reply)).toMatchObject({ cost_nanos: 100_000n, input_tokens: 1000 });
  });

  it("with pictures is refused by name where a provider reads none", async () => {
    const picture = { type: "image_url", image_url: { url: "https://example.com/a.png" } };
    const model = "mistral-moderation-latest";
    const reply = await moderate({ model, input: [picture] });
    expect(reply.status).toBe(400);
    expect(await reply.json()).toMatchObject({ error: { param: "input" } });
    expect(upstream.requests).toHaveLength(0);
  });

  it("for a provider without the endpoint is refused, and never sent", async () => {
    const reply = await moderate({ model: "llama-guard", input: "x" });
    expect(reply.status).toBe(400);
    expect(await reply.json()).toMatchObject({ error: { param: "model" } });
    expect(upstream.requests).toHaveLength(0);
  });

  it.each([
    [{ input: 4 }, "input"],
    [{ input: [] }, "input"],
    [{ input: [{ type: "audio" }] }, "input"],
    [{}, "input"],
  ])("that is wrong names the field: %j", async (body, param) => {
    const reply = await moderate(body);
    expect(reply.status).toBe(400);
    const { error } = (await reply.json()) as { error: { param: string } };
    expect(error.param).toContain(param);
  });

  it("needs a key, and a key that may use the model", async () => {
    expect((await moderate({ input: "x" }, "sk-none")).status).toBe(401);
    const narrow = await gateway.addKey({ allowed_models: ["mock-moderation"] });
    expect((await moderate({ input: "x" }, narrow)).status).toBe(404);
    expect((await moderate({ model: "mock-moderation", input: "x" }, narrow)).status).toBe(200);
  });
});

it("an answer without categories is the provider's fault, and no verdict", async () => {
  upstream.replyWith(() => ({ json: { results: [{ flagged: false }] } }));
  const reply = await moderate({ input: "x" });
  expect(reply.status).toBe(502);
});

it("the mock judges every text by its words", async () => {
  const reply = await moderate({ model: "mock-moderation", input: ["a bomb", "a bath"] });
  const { results } = (await reply.json()) as {
    results: { flagged: boolean; categories: Record<string, boolean> }[];
  };
  expect(results.map(({ flagged }) => flagged)).toEqual([true, false]);
  expect(results[0]?.categories["illicit/violent"]).toBe(true);
});

it("guardrails read what is to be judged", async () => {
  await setRules({ name: "No addresses", config: { kinds: ["email"] } });
  const reply = await moderate({
    model: "mock-moderation",
    input: [{ type: "text", text: "ann.lee@example.com" }],
  });
  expect(reply.status).toBe(400);
  expect(await reply.json()).toMatchObject({ error: { code: "content_blocked" } });
});
