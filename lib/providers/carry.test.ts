import { afterEach, describe, expect, it } from "vitest";
import { closeCarry, configureCarry, keepFor, openCarry } from "./carry.ts";

const SIGNED = { thoughtSignature: "EpE=" };
const THOUGHT = { thinkingBlocks: [{ type: "thinking", thinking: "Hm", signature: "S=" }] };

/** A Redis of two commands that counts what it is asked. */
function fakeRedis() {
  const values = new Map<string, string>();
  const commands: (readonly (string | number)[])[] = [];
  return {
    values,
    commands,
    send: (command: readonly (string | number)[]): Promise<unknown> => {
      commands.push(command);
      const [name, key, value] = command.map(String);
      if (name === "SET") {
        values.set(key ?? "", value ?? "");
      }
      return Promise.resolve(name === "GET" ? (values.get(key ?? "") ?? null) : "OK");
    },
  };
}

async function read(keyId: string, ...toolCallIds: string[]) {
  const carried = await openCarry({ keyId, toolCallIds });
  return toolCallIds.map((id) => carried.get(id));
}

afterEach(() => {
  closeCarry();
});

describe("carried state", () => {
  it("comes back for the tool call that it was kept for, and for no other", async () => {
    keepFor("key-1")("call_1", SIGNED);
    expect(await read("key-1", "call_1", "call_2")).toEqual([SIGNED, undefined]);
    const carried = await openCarry({ keyId: "key-1", toolCallIds: [] });
    expect(carried.get("call_1")).toBeUndefined();
  });

  it("is never shown to another key, also when it guesses the id", async () => {
    configureCarry({ redis: fakeRedis() });
    keepFor("key-1")("call_1", SIGNED);
    expect(await read("key-2", "call_1")).toEqual([undefined]);
  });

  it("is found by another replica through Redis, for one hour", async () => {
    const redis = fakeRedis();
    configureCarry({ redis });
    keepFor("key-1")("call_1", THOUGHT);
    expect(redis.commands[0]?.slice(3)).toEqual(["EX", 3600]);
    closeCarry();
    configureCarry({ redis });
    expect(await read("key-1", "call_1")).toEqual([THOUGHT]);
  });

  it("asks Redis only for what is not in memory, and once", async () => {
    const redis = fakeRedis();
    configureCarry({ redis });
    keepFor("key-1")("call_1", SIGNED);
    await read("key-1", "call_1");
    expect(redis.commands).toHaveLength(1);
    await read("key-1", "call_1", "call_2");
    expect(redis.commands.map(([name]) => name)).toEqual(["SET", "GET"]);
  });

  it("asks for the newest calls of a long history only", async () => {
    const redis = fakeRedis();
    configureCarry({ redis });
    await read("key-1", ...Array.from({ length: 500 }, (_, at) => `call_${at}`));
    expect(redis.commands).toHaveLength(64);
  });

  it("keeps no letters of an id that a client wrote, however long", async () => {
    const redis = fakeRedis();
    configureCarry({ redis });
    await read("key-1", `secret${"x".repeat(10_000)}`);
    const [, key] = redis.commands[0] ?? [];
    expect(String(key)).not.toContain("secret");
    expect(String(key).length).toBeLessThan(80);
  });

  it("is a miss when Redis fails, is silent, or holds something else", async () => {
    configureCarry({ redis: { send: () => Promise.reject(new Error("down")) } });
    keepFor("key-1")("call_1", SIGNED);
    expect(await read("key-1", "call_1", "call_2")).toEqual([SIGNED, undefined]);
    configureCarry({ redis: { send: () => new Promise(() => undefined) } });
    expect(await read("key-1", "call_1", "call_2")).toEqual([SIGNED, undefined]);
    configureCarry({ redis: { send: () => Promise.resolve("{not json") } });
    expect(await read("key-1", "call_2")).toEqual([undefined]);
  });

  it("needs no Redis", async () => {
    configureCarry({ redisUrl: undefined, upstash: undefined });
    keepFor("key-1")("call_1", SIGNED);
    expect(await read("key-1", "call_1")).toEqual([SIGNED]);
  });
});
