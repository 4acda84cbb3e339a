import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { TEST_SECRETS } from "#lib/testing/gateway.ts";
import { chatReply, chatStreamReply } from "#lib/testing/openai-replies.ts";
import { hasPostgres, startPostgres, type TestPostgres } from "#lib/testing/postgres.ts";
import { type ServerProcess, spawnServer } from "#lib/testing/process.ts";
import {
  findRedisServer,
  startRedis,
  startUpstashShim,
  type TestRedis,
  type UpstashShim,
} from "#lib/testing/redis.ts";
import { BYTES_MODEL, startWorld, type World } from "../sdk/world.ts";

const ASK = { model: BYTES_MODEL, messages: [{ role: "user" as const, content: "Hello?" }] };
/** A serverless host runs Next's own entry, which boots the gateway with the first request. */
const NEXT_START = [process.execPath, "node_modules/next/dist/bin/next", "start"] as const;
const HOSTS = [
  { host: "server.ts", command: undefined },
  { host: "next start", command: NEXT_START },
] as const;
const canRun = hasPostgres() && findRedisServer() !== undefined;

describe.skipIf(!canRun).each(HOSTS)("serverless under $host: Postgres and Upstash", (one) => {
  let postgres: TestPostgres;
  let redis: TestRedis;
  let upstash: UpstashShim;
  let world: World;

  beforeAll(async () => {
    postgres = await startPostgres();
    redis = await startRedis();
    upstash = await startUpstashShim(redis);
    world = await startWorld("next", {
      ...(one.command === undefined ? {} : { command: one.command }),
      env: {
        CONDUIT_JOURNAL: "off",
        DATABASE_URL: await postgres.createDatabase(),
        UPSTASH_REDIS_REST_URL: upstash.url,
        UPSTASH_REDIS_REST_TOKEN: upstash.token,
        ...TEST_SECRETS,
      },
    });
  });

  afterAll(async () => {
    await world?.close();
    await upstash?.stop();
    await redis?.stop();
    await postgres?.stop();
  });

  it("has written the row before a whole answer ends", async () => {
    world.script(() => chatReply("written", { prompt: 11, completion: 4 }));
    const answer = await world.client.chat.completions.create(ASK);
    const row = await world.gateway.admin("GET", `/logs/${answer._request_id}`);
    expect(row).toMatchObject({ outcome: "ok", stream: false });
    expect(row["tokens"]).toMatchObject({ input: 11, output: 4 });
  });

  it("has written the row before a streamed answer ends", async () => {
    world.script(() => chatStreamReply(["written ", "too"], { prompt: 12, completion: 5 }));
    const { data, request_id } = await world.client.chat.completions
      .create({ ...ASK, stream: true })
      .withResponse();
    let text = "";
    for await (const chunk of data) {
      text += chunk.choices[0]?.delta.content ?? "";
    }
    expect(text).toBe("written too");
    const row = await world.gateway.admin("GET", `/logs/${request_id}`);
    expect(row).toMatchObject({ outcome: "ok", stream: true });
    expect(row["tokens"]).toMatchObject({ input: 12, output: 5 });
  });

  it("has settled the money before the answer ends", async () => {
    world.script(() => chatReply("paid", { prompt: 1_000_000, completion: 0 }));
    await world.gateway.addDeployment({
      name: "priced",
      provider: "openai_compatible",
      model_name: "priced-model",
      api_base: `${world.bytes.url}/v1`,
      input_price_per_million_usd: "2.5",
      output_price_per_million_usd: "10",
    });
    const { key, id } = await world.gateway.addKey({ budget_limit_usd: "100" });
    const client = world.clientWith({ key });
    await client.chat.completions.create({ ...ASK, model: "priced-model", max_tokens: 10 });
    const info = await world.gateway.admin("GET", `/keys/${id}`);
    expect(Number(info["spend_usd"])).toBe(2.5);
    expect(Number(info["reserved_usd"])).toBe(0);
  });

  it("counts a key's requests in Upstash", async () => {
    world.script(() => chatReply("limited"));
    const { key } = await world.gateway.addKey({ rate_limit_rpm: 2 });
    const client = world.clientWith({ key });
    await client.chat.completions.create(ASK);
    await client.chat.completions.create(ASK);
    await expect(client.chat.completions.create(ASK, { maxRetries: 0 })).rejects.toMatchObject({
      status: 429,
      code: "rate_limit_exceeded",
    });
    expect(await redis.client.dbsize()).toBeGreaterThan(0);
    expect(world.bytes.requests).toHaveLength(2);
  });
});

describe("serverless without what it needs", () => {
  let server: ServerProcess | undefined;

  afterEach(async () => {
    await server?.close();
  });

  it("answers 503 naming the settings that are missing", async () => {
    server = await spawnServer({
      command: NEXT_START,
      env: { CONDUIT_JOURNAL: "off", ...TEST_SECRETS },
    });
    const reply = await firstAnswer(`${server.url}/v1/models`);
    expect(reply.status).toBe(503);
    expect(JSON.stringify(await reply.json())).toContain("DATABASE_URL");
  });

  it("does not start as a server of its own, and says why", async () => {
    server = await spawnServer({ env: { CONDUIT_JOURNAL: "off", ...TEST_SECRETS } });
    expect(await server.exited).toMatchObject({ code: 78 });
    expect(server.stderr()).toContain("DATABASE_URL");
  });
});

async function firstAnswer(url: string): Promise<Response> {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await sleep(50)) {
    try {
      return await fetch(url, { headers: { authorization: "Bearer none" } });
    } catch {
      // It does not listen yet.
    }
  }
  throw new Error(`${url} did not answer.`);
}
