import { setTimeout as sleep } from "node:timers/promises";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { threat } from "#lib/testing/reliability-rows.ts";
import { byTier } from "#lib/testing/tier.ts";
import { expectInvariants } from "../faults/invariants.ts";
import { type Door, type FaultWorld, startFaultWorld } from "../faults/world.ts";
import { sendRaw } from "./raw.ts";

const CAP_MIB = 12;
const CAP = CAP_MIB * 1024 * 1024;
const BOMB_BYTES = byTier({ quick: 64, all: 512 }) * 1024 * 1024;

const ROUTES = ["/v1/chat/completions", "/admin/v1/keys"];

describe.each(byTier<Door[]>({ quick: ["fast"], all: ["fast", "next"] }))("the %s door", (door) => {
  let world: FaultWorld;
  let key: string;
  beforeAll(async () => {
    const env = { CONDUIT_MAX_BODY_MIB: String(CAP_MIB) };
    world = await startFaultWorld({ store: "embedded", door, env });
    await world.addModel("model");
    key = (await world.gateway.addKey()).key;
    await post("/v1/chat/completions", bodyOf(1000));
  });
  afterAll(() => world?.close());

  async function post(
    path: string,
    body: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; text: string }> {
    const token = path.startsWith("/admin") ? world.gateway.adminKey : key;
    const reply = await fetch(`${world.gateway.url}${path}`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        ...headers,
      },
      body,
      ...(body instanceof ReadableStream ? { duplex: "half" } : {}),
    } as RequestInit);
    return { status: reply.status, text: await reply.text() };
  }

  /** Runs `attack` while somebody else asks for little; every one of those has to be answered. */
  async function meanwhile(attack: () => Promise<void>): Promise<void> {
    const state = { over: false };
    const others = (async () => {
      const statuses: number[] = [];
      do {
        const signal = AbortSignal.timeout(10_000);
        statuses.push((await fetch(`${world.gateway.url}/livez`, { signal })).status);
        await sleep(20);
      } while (!state.over);
      return statuses;
    })();
    try {
      await attack();
    } finally {
      state.over = true;
    }
    expect((await others).filter((status) => status !== 200)).toEqual([]);
  }

  it(`${threat("T24")}: bodies of just the cap are served, and of one byte more refused`, async () => {
    await meanwhile(async () => {
      for (const [size, status] of [
        [CAP - 1, 200],
        [CAP, 200],
        [CAP + 1, 413],
      ] as const) {
        const body = bodyOf(size);
        expect(Buffer.byteLength(body)).toBe(size);
        const whole = await heard(() => post("/v1/chat/completions", body));
        expect(whole.status, `${size}`).toBe(status);
        const chunked = await heard(() => post("/v1/chat/completions", new Blob([body]).stream()));
        expect(chunked.status, `${size} in chunks`).toBe(status);
      }
    });
    await expectInvariants(world, { outcomes: [] });
  });

  it(`${threat("T24")}: a length that is a lie is not believed`, async () => {
    for (const length of ["99999999999999999999", "-1", "1e3", "0x10", "12, 13", "١٢"]) {
      const head = [
        "POST /v1/chat/completions HTTP/1.1",
        "host: 127.0.0.1",
        `authorization: Bearer ${key}`,
        "content-type: application/json",
        `content-length: ${length}`,
        "connection: close",
      ];
      const { status } = await sendRaw(world.gateway.port, `${head.join("\r\n")}\r\n\r\n{}`);
      expect([400, 413], length).toContain(status);
    }
  });

  it(`${threat("T24")}: deep bodies and bodies of many keys are refused before they are parsed`, async () => {
    await meanwhile(async () => {
      for (const depth of [65, 1000, 10_000, 100_000, 1_000_000, 5_000_000]) {
        const open = `{"model":"model","messages":${"[".repeat(depth)}`;
        const closed = `${open}${"]".repeat(depth)}}`;
        for (const body of depth > 1_000_000 ? [open] : [open, closed, '{"a":'.repeat(depth)]) {
          await expectRefused(body, "body_too_deep");
        }
      }
      const keys = Array.from({ length: 900_000 }, (_, at) => `"k${at}":0`).join();
      await expectRefused(`{${keys}}`, "body_too_deep");
      const equal = `"k":0,`.repeat(1_000_000);
      await expectRefused(`{${equal}"k":0}`, "body_too_deep");
      await expectRefused(
        `{"model":"model","messages":[${"0,".repeat(1_000_000)}0]}`,
        "body_too_deep",
      );
    });
  }, 120_000);

  async function expectRefused(body: string, code: string): Promise<void> {
    for (const path of ROUTES) {
      const { status, text } = await post(path, body);
      // The admin API takes a mebibyte, so a larger one is refused for that.
      const isLarge = path.startsWith("/admin") && body.length > 1024 * 1024;
      expect([status, JSON.parse(text).error.code]).toEqual(
        isLarge ? [413, "request_too_large"] : [400, code],
      );
    }
  }

  it(`${threat("T24")}: a compressed body is refused unread, whatever it would unfold to`, async () => {
    const zeros = Buffer.alloc(BOMB_BYTES, 0x20);
    const bombs = {
      gzip: gzipSync(zeros),
      deflate: deflateSync(zeros),
      br: brotliCompressSync(zeros),
      zstd: gzipSync(zeros),
      "gzip, gzip": gzipSync(gzipSync(zeros)),
    };
    for (const [encoding, bomb] of Object.entries(bombs)) {
      for (const path of ROUTES) {
        const bytes = new Uint8Array(bomb);
        const { status } = await post(path, bytes, { "content-encoding": encoding });
        // A bomb that is larger than the route takes is refused for that first.
        expect([413, 415], `${path} ${encoding}`).toContain(status);
      }
    }
  }, 120_000);

  it(`${threat("T24")}: an answer that comes compressed unasked is an error, and is not unfolded`, async () => {
    const bomb = gzipSync(Buffer.alloc(BOMB_BYTES, 0x20));
    for (const encoding of ["gzip", "br", "deflate"]) {
      for (const stream of [false, true]) {
        world.upstream.replyWith(() => ({
          headers: {
            "content-type": stream ? "text/event-stream" : "application/json",
            "content-encoding": encoding,
          },
          body: bomb,
        }));
        const asked = JSON.stringify({ model: "model", stream, messages: MESSAGES });
        await meanwhile(async () => {
          const { status, text } = await post("/v1/chat/completions", asked);
          expect(status, `${encoding} ${stream}`).toBeGreaterThanOrEqual(500);
          expect(text.length).toBeLessThan(5000);
        });
        expect(world.upstream.requests.at(-1)?.headers["accept-encoding"]).toBeUndefined();
      }
    }
    await expectInvariants(world, { outcomes: [] });
  }, 120_000);
});

/**
 * Asks again where the connection broke: a server that refuses closes while the caller still sends,
 * and a client that only writes may see that before it sees the answer.
 */
async function heard<T>(send: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await send();
    } catch (error) {
      if (tries === 5) {
        throw error;
      }
    }
  }
}

const MESSAGES = [{ role: "user", content: "Well?" }];

/** A request of exactly that many bytes. */
function bodyOf(bytes: number): string {
  const [before, after] = ['{"model":"model","messages":[{"role":"user","content":"', '"}]}'];
  return `${before}${"a ".repeat(bytes).slice(0, bytes - before.length - after.length)}${after}`;
}
