import OpenAI from "openai";
import { beforeAll, describe, expect, it } from "vitest";
import {
  chatReply,
  chatStreamEvents,
  chunkEvent,
  EVENT_STREAM,
} from "#lib/testing/openai-replies.ts";
import { sharedWorld } from "./shared-world.ts";
import {
  BYTES_MODEL,
  CHAT_MODELS,
  DOORS,
  HELLO,
  MISTRAL_BYTES_MODEL,
  VENDORS,
  type World,
} from "./world.ts";

/** What the mock says that it counted. */
const USAGE = { prompt_tokens: 12, completion_tokens: 8, total_tokens: 20 };
const SAY_HELLO = [{ role: "user" as const, content: "Please say hello." }];

describe.each(DOORS)("chat through the %s door, with the official Node SDK", (door) => {
  let world: World;

  beforeAll(async () => {
    world = await sharedWorld(door);
  });

  describe.each(VENDORS)("%s", (vendor) => {
    const model = CHAT_MODELS[vendor];

    it("answers whole, with usage and the gateway's headers", async () => {
      const { data, response, request_id } = await world.client.chat.completions
        .create({ model, messages: SAY_HELLO })
        .withResponse();
      expect(data.object).toBe("chat.completion");
      expect(data.choices[0]?.message).toMatchObject({ role: "assistant", content: HELLO });
      expect(data.choices[0]?.finish_reason).toBe("stop");
      expect(data.usage).toMatchObject(USAGE);
      expect(request_id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
      expect(response.headers.get("x-conduit-request-id")).toBe(request_id);
      expect(response.headers.get("x-conduit-provider")).toBe(vendor);
      expect(response.headers.get("x-conduit-deployment")).toBe(`${vendor}-chat`);
      expect(response.headers.get("x-conduit-attempts")).toBe("1");
    });

    it("streams the same text, and usage only when asked", async () => {
      const asked = await collect(world, { model, usage: true });
      expect(asked.text).toBe(HELLO);
      expect(asked.texts).toBeGreaterThan(1);
      expect(asked.finish).toEqual(["stop"]);
      if (vendor !== "mistral") {
        // The mock tells usage only to those who ask; Mistral tells it unasked (see below).
        expect(asked.usages).toHaveLength(1);
        expect(asked.usages[0]).toMatchObject(USAGE);
      }
      const unasked = await collect(world, { model, usage: false });
      expect(unasked.text).toBe(HELLO);
      expect(unasked.usages).toEqual([]);
    });

    it("feeds the SDK's stream helper", async () => {
      const stream = world.client.chat.completions.stream({ model, messages: SAY_HELLO });
      let text = "";
      stream.on("content", (delta) => {
        text += delta;
      });
      const completion = await stream.finalChatCompletion();
      expect(completion.choices[0]?.message.content).toBe(HELLO);
      expect(completion.choices[0]?.finish_reason).toBe("stop");
      expect(text).toBe(HELLO);
    });
  });

  it("passes a stream on whole however the network cuts it", async () => {
    const texts = ["Grüße, ", "世界 ", "🦊", "\n\ndata: [DONE]\n", ' "quoted" \\ end'];
    world.script(() => ({
      headers: EVENT_STREAM,
      steps: chatStreamEvents(texts, { prompt: 7, completion: 5 }),
      splitBytes: 1,
    }));
    const answer = await collect(world, { model: BYTES_MODEL, usage: true });
    expect(answer.text).toBe(texts.join(""));
    expect(answer.usages[0]).toMatchObject({ prompt_tokens: 7, completion_tokens: 5 });
  });

  it("passes on the usage that Mistral tells with the last choice", async () => {
    const last = JSON.stringify({
      id: "cmpl-1",
      object: "chat.completion.chunk",
      created: 1_800_000_000,
      model: MISTRAL_BYTES_MODEL,
      choices: [{ index: 0, delta: { content: "" }, finish_reason: "stop" }],
      usage: USAGE,
    });
    world.script(() => ({
      headers: EVENT_STREAM,
      steps: [chunkEvent({ content: "Salut" }, null), `data: ${last}\n\n`, "data: [DONE]\n\n"],
    }));
    const asked = await collect(world, { model: MISTRAL_BYTES_MODEL, usage: true });
    expect(asked).toMatchObject({ text: "Salut", finish: ["stop"] });
    expect(asked.usages).toHaveLength(1);
    expect(asked.usages[0]).toMatchObject(USAGE);
    expect(world.bytes.requests[0]?.json()).not.toHaveProperty("stream_options");
    const unasked = await collect(world, { model: MISTRAL_BYTES_MODEL, usage: false });
    expect(unasked.usages).toEqual([]);
  });

  it("sends the upstream the deployment's key and never the caller's", async () => {
    world.script(() => chatReply("noted"));
    await world.client.chat.completions.create(
      { model: BYTES_MODEL, messages: SAY_HELLO, user: "someone" },
      { headers: { "x-forwarded-for": "10.0.0.1", "api-key": "canary", cookie: "canary=1" } },
    );
    const [request] = world.bytes.requests;
    expect(request?.headers.authorization).toBe("Bearer key-of-the-mock");
    expect(request?.rawHeaders.join("\n")).not.toContain("canary");
    expect(request?.rawHeaders.join("\n")).not.toContain(world.key);
    expect(request?.json()).toMatchObject({ model: BYTES_MODEL, user: "someone" });
  });

  it("keeps fields that it does not know", async () => {
    world.script(() => chatReply("noted"));
    const body = { model: BYTES_MODEL, messages: SAY_HELLO, a_field_of_tomorrow: { deep: [1] } };
    await world.client.chat.completions.create(body);
    expect(world.bytes.requests[0]?.json()).toMatchObject({ a_field_of_tomorrow: { deep: [1] } });
  });

  it("hangs up on the upstream when the client does", async () => {
    world.script(() => ({
      headers: EVENT_STREAM,
      steps: [chunkEvent({ role: "assistant", content: "wait" }, null), { hang: true }],
    }));
    const stream = await world.client.chat.completions.create({
      model: BYTES_MODEL,
      messages: SAY_HELLO,
      stream: true,
    });
    for await (const chunk of stream) {
      expect(chunk.choices[0]?.delta.content).toBe("wait");
      stream.controller.abort();
    }
    expect((await world.bytes.requests[0]?.ended)?.by).toBe("client");
  });

  it("turns a stream that breaks into the SDK's error, and keeps what came before", async () => {
    world.script(() => ({
      headers: EVENT_STREAM,
      steps: [chunkEvent({ role: "assistant", content: "half" }, null), { reset: true }],
    }));
    const stream = await world.client.chat.completions.create({
      model: BYTES_MODEL,
      messages: SAY_HELLO,
      stream: true,
    });
    let text = "";
    const reading = (async () => {
      for await (const chunk of stream) {
        text += chunk.choices[0]?.delta.content ?? "";
      }
    })();
    await expect(reading).rejects.toThrow(OpenAI.APIError);
    expect(text).toBe("half");
    expect(world.bytes.requests).toHaveLength(1);
  });
});

async function collect(world: World, options: { model: string; usage: boolean }) {
  const stream = await world.client.chat.completions.create({
    model: options.model,
    messages: SAY_HELLO,
    stream: true,
    ...(options.usage ? { stream_options: { include_usage: true } } : {}),
  });
  const usages: OpenAI.CompletionUsage[] = [];
  const finish: string[] = [];
  let text = "";
  let texts = 0;
  for await (const chunk of stream) {
    const choice = chunk.choices[0];
    text += choice?.delta.content ?? "";
    texts += choice?.delta.content ? 1 : 0;
    if (choice?.finish_reason) {
      finish.push(choice.finish_reason);
    }
    if (chunk.usage) {
      usages.push(chunk.usage);
    }
  }
  return { text, texts, finish, usages };
}
