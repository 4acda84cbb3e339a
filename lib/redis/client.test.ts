import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { captureLog } from "#lib/testing/limits.ts";
import {
  findRedisServer,
  startRedis,
  startUpstashShim,
  type TestRedis,
  type UpstashShim,
} from "#lib/testing/redis.ts";
import { isRedisUnavailable } from "./breaker.ts";
import { openRedis, type RedisClient } from "./client.ts";
import { adaptForRatelimit } from "./ratelimit-adapter.ts";
import { defineScript } from "./scripts/script.ts";

const EVENTUALLY = { timeout: 15_000, interval: 20 };
const ECHO = defineScript("return {KEYS[1], ARGV[1], tonumber(ARGV[2])}");

describe.skipIf(findRedisServer() === undefined)("a Redis client", () => {
  let redis: TestRedis;
  let shim: UpstashShim;
  let client: RedisClient;

  beforeAll(async () => {
    captureLog();
    redis = await startRedis();
    shim = await startUpstashShim(redis);
  });

  afterEach(() => {
    client.close();
  });

  afterAll(async () => {
    await shim.stop();
    await redis.stop();
  });

  async function open(kind: "redis" | "upstash", deadlineMs?: number): Promise<RedisClient> {
    const opened = openRedis({
      env:
        kind === "redis"
          ? { redisUrl: redis.url, upstash: undefined }
          : { redisUrl: undefined, upstash: shim },
      deadlineMs,
    });
    if (opened === undefined) {
      throw new Error("The settings name no Redis.");
    }
    client = opened;
    await client.started;
    return client;
  }

  describe.each(["redis", "upstash"] as const)("over %s", (kind) => {
    it("gives replies as they are", async () => {
      await open(kind, 5_000);
      expect(client.kind).toBe(kind);
      await client.send(["SET", "number", 9_007_199_254_740_993n.toString()]);
      expect(await client.send(["GET", "number"])).toBe("9007199254740993");
      expect(await client.send(["GET", "nothing"])).toBeNull();
      expect(await client.send(["INCRBY", "counter", 7])).toBe(7);
      await client.send(["DEL", "counter"]);
    });

    it("runs scripts that the server does not know yet, and no longer knows", async () => {
      await open(kind, 5_000);
      expect(await client.run(ECHO, ["key"], ["one", 2])).toEqual(["key", "one", 2]);
      await redis.client.script("FLUSH");
      expect(await client.run(ECHO, ["key"], ["one", 2])).toEqual(["key", "one", 2]);
    });

    it("runs scripts that begin with Upstash's flag, and finds them again by their SHA", async () => {
      await open(kind, 5_000);
      const adapter = adaptForRatelimit(client, () => 0);
      const lua = "#!lua flags=allow-key-locking\nreturn ARGV[1]";
      const { sha } = defineScript(lua);
      await expect(adapter.evalsha(sha, [], ["one"])).rejects.toThrow("NOSCRIPT");
      expect(await adapter.eval(lua, [], ["one"])).toBe("one");
      expect(await adapter.evalsha(sha, [], ["two"])).toBe("two");
    });

    it("moves the library's windows to the time that all replicas share", async () => {
      await open(kind, 5_000);
      const adapter = adaptForRatelimit(client, () => 7_230_000);
      const lua = "return {KEYS[1], KEYS[2], ARGV[1], ARGV[2], ARGV[3], ARGV[4]}";
      const asked = [
        ["limit:key:1:999", "limit:key:1:998"],
        [60, 59_940_001, 60_000, 1],
      ] as const;
      expect(await adapter.eval(lua, [...asked[0]], [...asked[1]])).toEqual([
        "limit:key:1:120",
        "limit:key:1:119",
        "60",
        "7230000",
        "60000",
        "1",
      ]);
    });

    it("stops asking a server that is frozen, and finds out when it is back", async () => {
      await open(kind);
      redis.pause();
      for (let attempt = 0; attempt < 5; attempt += 1) {
        const failure = await client.send(["PING"]).catch((error: unknown) => error);
        expect(isRedisUnavailable(failure)).toBe(true);
      }
      expect(client.isUp).toBe(false);
      const order: string[] = [];
      await client.eventually(async () => order.push("task"));
      client.onRecovery(async () => {
        order.push("hook");
        return () => order.push(`finished, up: ${client.isUp}`);
      });
      expect(order).toEqual([]);
      redis.resume();
      await expect.poll(() => client.isUp, EVENTUALLY).toBe(true);
      expect(order).toEqual(["task", "hook", "finished, up: true"]);
      expect(await client.send(["PING"])).toBe("PONG");
    });
  });

  it("does not take a busy process for a slow server", async () => {
    await open("redis");
    const pending = client.send(["PING"]);
    const until = Date.now() + 120;
    while (Date.now() < until) {
      // The reply waits in the socket, longer than a command may take.
    }
    expect(await pending).toBe("PONG");
  });

  it("stays away for as long as a hook fails", async () => {
    await open("redis");
    let failures = 2;
    let finished = 0;
    client.onRecovery(async () => () => {
      finished += 1;
    });
    client.onRecovery(async () => {
      failures -= 1;
      if (failures >= 0) {
        throw new Error("not yet");
      }
      return () => undefined;
    });
    redis.pause();
    await Promise.allSettled(Array.from({ length: 5 }, () => client.send(["PING"])));
    redis.resume();
    await expect.poll(() => client.isUp, EVENTUALLY).toBe(true);
    expect(failures).toBe(-1);
    expect(finished).toBe(3);
  });

  it("refuses a wrong token and answers pipelines, as Upstash does", async () => {
    await open("redis");
    const post = (path: string, body: unknown, token = shim.token) =>
      fetch(shim.url + path, {
        method: "POST",
        headers: { authorization: `Bearer ${token}` },
        body: JSON.stringify(body),
      });
    expect((await post("", ["PING"], "wrong")).status).toBe(401);
    expect((await post("", ["NO-SUCH"])).status).toBe(400);
    const commands = [["SET", "one", "1"], ["INCR", "one"], ["NO-SUCH"]];
    const replies = (await (await post("/pipeline", commands)).json()) as object[];
    expect(replies.slice(0, 2)).toEqual([{ result: "OK" }, { result: 2 }]);
    expect(replies[2]).toHaveProperty("error");
    const transaction = await post("/multi-exec", commands.slice(0, 2));
    expect(await transaction.json()).toEqual([{ result: "OK" }, { result: 2 }]);
  });
});

describe("without a Redis in the settings", () => {
  it("there is no client", () => {
    expect(openRedis({ env: { redisUrl: undefined, upstash: undefined } })).toBeUndefined();
  });
});
