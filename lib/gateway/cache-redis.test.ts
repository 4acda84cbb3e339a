import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { setCaches } from "#lib/testing/caches.ts";
import { type FakeUpstream, startFakeUpstream } from "#lib/testing/fake-upstream.ts";
import { type InProcessGateway, openGateway } from "#lib/testing/in-process-gateway.ts";
import { captureLog } from "#lib/testing/limits.ts";
import { chatReply, chatStreamReply } from "#lib/testing/openai-replies.ts";
import {
  findRedisServer,
  startRedis,
  startUpstashShim,
  type TestRedis,
  type UpstashShim,
} from "#lib/testing/redis.ts";

const EVENTUALLY = { timeout: 15_000, interval: 50 };

/** Over REST, which is the slower and stranger of the two ways to a Redis; the room tests both. */
describe.skipIf(findRedisServer() === undefined)("stored answers of a gateway with a Redis", () => {
  let redis: TestRedis;
  let shim: UpstashShim;
  let gateway: InProcessGateway;
  let upstream: FakeUpstream;
  let key: string;

  beforeAll(async () => {
    captureLog();
    redis = await startRedis();
    shim = await startUpstashShim(redis);
    gateway = await openGateway({
      UPSTASH_REDIS_REST_URL: shim.url,
      UPSTASH_REDIS_REST_TOKEN: shim.token,
    });
    upstream = await startFakeUpstream(() => chatReply("unset"));
    await gateway.addDeployment({
      name: "main",
      provider: "openai",
      model_name: "gpt-5.2",
      api_key: "sk-upstream-canary",
      api_base: `${upstream.url}/v1`,
    });
    key = await gateway.addKey({});
    await setCaches({ exact_enabled: true });
  });

  afterAll(async () => {
    await gateway?.close();
    await upstream?.close();
    await shim?.stop();
    await redis?.stop();
  });

  async function read(body: Record<string, unknown> = {}) {
    const reply = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({
        model: "gpt-5.2",
        messages: [{ role: "user", content: "Hello" }],
        ...body,
      }),
    });
    const text = await reply.text();
    return { status: reply.status, text, cache: reply.headers.get("x-conduit-cache") };
  }

  it.each([false, true])("come again as they were (stream: %s)", async (stream) => {
    upstream.replyWith(() => (stream ? chatStreamReply(["one ", "two"]) : chatReply("one two")));
    const first = await read({ stream });
    expect(first).toMatchObject({ status: 200, cache: "MISS" });
    await expect.poll(async () => (await read({ stream })).cache, EVENTUALLY).toBe("HIT");
    expect((await read({ stream })).text).toBe(first.text);
  });

  it("are a miss while it is frozen, and are there again afterwards", async () => {
    upstream.replyWith(() => chatReply("one two"));
    await expect.poll(async () => (await read()).cache, EVENTUALLY).toBe("HIT");
    redis.pause();
    const frozen = await read();
    redis.resume();
    expect(frozen).toMatchObject({ status: 200, cache: "MISS" });
    await expect.poll(async () => (await read()).cache, EVENTUALLY).toBe("HIT");
  });
});
