import { connect } from "node:net";
import { Pool, request as undiciRequest } from "undici";
import { afterEach, describe, expect, it } from "vitest";
import { type FakeHandler, type FakeUpstream, startFakeUpstream } from "./fake-upstream.ts";
import { chatReply, chatStreamEvents, EVENT_STREAM } from "./openai-replies.ts";

let upstream: FakeUpstream | undefined;

async function start(handler: FakeHandler): Promise<FakeUpstream> {
  upstream = await startFakeUpstream(handler);
  return upstream;
}

afterEach(async () => {
  await upstream?.close();
  upstream = undefined;
});

describe("the fake upstream", () => {
  it("records bodies and headers and answers what it was told", async () => {
    const fake = await start((_request, index) => chatReply(`answer ${index}`));
    for (const index of [0, 1]) {
      const reply = await undiciRequest(`${fake.url}/v1/chat/completions?x=1`, {
        method: "POST",
        headers: { "x-api-key": "canary" },
        body: JSON.stringify({ model: "m", index }),
      });
      expect(await reply.body.json()).toMatchObject({
        choices: [{ message: { content: `answer ${index}` } }],
      });
    }
    expect(fake.requests.map((one) => one.json())).toEqual([
      { model: "m", index: 0 },
      { model: "m", index: 1 },
    ]);
    expect(fake.requests[0]?.path).toBe("/v1/chat/completions?x=1");
    expect(fake.requests[0]?.headers["x-api-key"]).toBe("canary");
    expect((await fake.requests[1]?.ended)?.by).toBe("server");
  });

  it("cuts an answer anywhere, also inside a character", async () => {
    const fake = await start(() => ({ steps: ["naïve 🦊"], splitBytes: 1 }));
    const reply = await undiciRequest(fake.url);
    const chunks: Buffer[] = [];
    for await (const chunk of reply.body) {
      chunks.push(chunk);
    }
    expect(Buffer.concat(chunks).toString()).toBe("naïve 🦊");
    expect(fake.requests[0]?.sentBytes).toBe(Buffer.byteLength("naïve 🦊"));
  });

  it("notices a hang-up while it streams", async () => {
    const fake = await start(() => ({
      headers: EVENT_STREAM,
      steps: [...chatStreamEvents(["a"]).slice(0, 2), { hang: true }],
    }));
    const pool = new Pool(fake.url);
    const controller = new AbortController();
    const reply = await pool.request({ path: "/", method: "GET", signal: controller.signal });
    reply.body.on("error", () => undefined);
    await new Promise((resolve) => reply.body.once("data", resolve));
    const hungUpAt = performance.now();
    controller.abort();
    const ending = await fake.requests[0]?.ended;
    expect(ending?.by).toBe("client");
    expect(ending?.atMs).toBeGreaterThanOrEqual(hungUpAt);
    await pool.destroy();
  });

  it("resets a connection after what it has sent", async () => {
    const fake = await start(() => ({ steps: ["half of an ans", { reset: true }] }));
    const reply = await undiciRequest(fake.url);
    let text = "";
    const reading = (async () => {
      for await (const chunk of reply.body) {
        text += String(chunk);
      }
    })();
    await expect(reading).rejects.toThrow();
    expect(text).toBe("half of an ans");
    expect((await fake.requests[0]?.ended)?.by).toBe("server");
  });

  it("sends raw bytes that no HTTP library would", async () => {
    const fake = await start(() => ({
      raw: true,
      steps: ["HTTP/1.1 200 Odd\r\nX: 1\r\n\r\nhello"],
    }));
    const socket = connect(fake.port, "127.0.0.1");
    socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
    let text = "";
    for await (const chunk of socket) {
      text += String(chunk);
    }
    expect(text).toBe("HTTP/1.1 200 Odd\r\nX: 1\r\n\r\nhello");
  });

  it("stops sending when its caller stops reading", async () => {
    const step = Buffer.alloc(1 << 20, 97);
    const fake = await start(() => ({ steps: Array.from({ length: 64 }, () => step) }));
    const socket = connect(fake.port, "127.0.0.1");
    socket.pause();
    socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
    await fake.whenRequests(1);
    const request = fake.requests[0];
    let before = -1;
    while (request !== undefined && request.sentBytes !== before) {
      before = request.sentBytes;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    expect(request?.sentBytes).toBeLessThan(32 << 20);
    socket.destroy();
    expect((await request?.ended)?.by).toBe("client");
  });
});
