import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FakeUpstream, startFakeUpstream } from "#lib/testing/fake-upstream.ts";
import { type InProcessGateway, openGateway } from "#lib/testing/in-process-gateway.ts";
import { chatReply, chatStreamEvents, EVENT_STREAM } from "#lib/testing/openai-replies.ts";
import { threat } from "#lib/testing/reliability-rows.ts";

const MODEL = "priced";
const OUTPUT_NANOS = 2_000_000n;
const WORDS = ["one ", "two ", "three ", "four ", "five "];

let gateway: InProcessGateway;
let upstream: FakeUpstream;

beforeAll(async () => {
  gateway = await openGateway();
  upstream = await startFakeUpstream((request) =>
    (request.json() as { stream?: boolean }).stream === true
      ? { headers: EVENT_STREAM, steps: slowly(chatStreamEvents(WORDS)) }
      : chatReply("So."),
  );
  await gateway.addDeployment({
    name: MODEL,
    provider: "openai_compatible",
    model_name: MODEL,
    api_key: "sk-upstream",
    api_base: `${upstream.url}/v1`,
    input_price_per_million_usd: "1000",
    output_price_per_million_usd: "2000",
  });
});

afterAll(async () => {
  await gateway?.close();
  await upstream?.close();
});

/** Each event in a packet of its own, so that a caller can leave between any two. */
function slowly(events: readonly string[]) {
  return events.flatMap((event) => [event, { waitMs: 5 }]);
}

function post(path: string, key: string, body: string): Promise<Response> {
  return fetch(`${gateway.url}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body,
  });
}

const chatWith = (fields: string) =>
  `{"model":"${MODEL}","messages":[{"role":"user","content":"Well?"}],${fields}}`;

/** As JSON, for JavaScript could not write all of them. */
const NO_COUNTS = [
  "-1",
  "-0.5",
  "0",
  "0.5",
  "1e308",
  "9007199254740993",
  '"100"',
  "true",
  "[]",
  "{}",
];

describe(threat("T40"), () => {
  const cases = ["max_tokens", "max_completion_tokens", "n"].flatMap((field) =>
    [...NO_COUNTS, ...(field === "n" ? ["129", "1000000"] : [])].map((value) => ({ field, value })),
  );

  it.each(cases)("$field of $value is refused by its name, and nothing is asked", async (one) => {
    const { field, value } = one;
    const key = await gateway.addKey({ budget_limit_usd: 1 });
    const asked = upstream.requests.length;
    const reply = await post("/v1/chat/completions", key, chatWith(`"${field}":${value}`));
    expect(reply.status).toBe(400);
    const { error } = (await reply.json()) as { error: { param: string; type: string } };
    expect(error).toMatchObject({ param: field, type: "invalid_request_error" });
    expect(upstream.requests.length).toBe(asked);
    expect(await gateway.spentNanos(key)).toBe(0n);
    expect(await gateway.reservedNanos(key)).toBe(0n);
  });

  it.each(["NaN", "Infinity", "1_000", "0x10"])("%s is no JSON and is refused", async (value) => {
    const key = await gateway.addKey({ budget_limit_usd: 1 });
    const reply = await post("/v1/chat/completions", key, chatWith(`"max_tokens":${value}`));
    expect(reply.status).toBe(400);
    expect(await gateway.reservedNanos(key)).toBe(0n);
  });

  it.each([
    { max_tokens: Number.MAX_SAFE_INTEGER },
    { max_completion_tokens: Number.MAX_SAFE_INTEGER, n: 128 },
  ])("the largest counts meet the budget, and not an error of ours: %j", async (fields) => {
    const key = await gateway.addKey({ budget_limit_usd: 1_000_000 });
    const body = JSON.stringify(fields).slice(1, -1);
    const reply = await post("/v1/chat/completions", key, chatWith(body));
    expect(reply.status).toBe(429);
    expect((await reply.json()).error).toMatchObject({ code: "budget_exceeded" });
    expect(await gateway.reservedNanos(key)).toBe(0n);
    expect(await gateway.row(reply)).toMatchObject({ error_code: "budget_exceeded" });
    const unlimited = await gateway.addKey({});
    const passed = await post("/v1/chat/completions", unlimited, chatWith(body));
    expect(passed.status).toBe(200);
    expect((await gateway.row(passed))["cost_nanos"]).toBeGreaterThan(0n);
  });

  it("a request for several answers reserves each of them", async () => {
    const reserved: bigint[] = [];
    for (const n of [1, 4]) {
      const key = await gateway.addKey({ budget_limit_usd: 1_000 });
      const gate = Promise.withResolvers<void>();
      upstream.replyWith(async () => {
        reserved.push(await gateway.reservedNanos(key));
        gate.resolve();
        return chatReply("So.");
      });
      const body = chatWith(`"max_tokens":100,"n":${n}`);
      const reply = await post("/v1/chat/completions", key, body);
      await gate.promise;
      expect(reply.status).toBe(200);
      await reply.arrayBuffer();
      await expect.poll(() => gateway.reservedNanos(key)).toBe(0n);
    }
    const [one = 0n, four = 0n] = reserved;
    expect(one).toBeGreaterThanOrEqual(100n * OUTPUT_NANOS);
    expect(four - one).toBe(300n * OUTPUT_NANOS);
  });

  it("a caller who leaves after any event pays for what came, once", async () => {
    upstream.replyWith(() => ({ headers: EVENT_STREAM, steps: slowly(chatStreamEvents(WORDS)) }));
    const key = await gateway.addKey({ budget_limit_usd: 1_000 });
    const ids: string[] = [];
    let paid = 0n;
    const events = chatStreamEvents(WORDS).length;
    for (let leaveAfter = 0; leaveAfter <= events; leaveAfter += 1) {
      const body = { model: MODEL, messages: [{ role: "user", content: "Go." }], stream: true };
      const answer = await gateway.open(body, key);
      await readEvents(answer.body, leaveAfter);
      const row = await gateway.rowOf(answer.id);
      expect(row?.["cost_nanos"]).toBeGreaterThan(0n);
      ids.push(answer.id);
      paid += BigInt(String(row?.["cost_nanos"]));
      await expect.poll(() => gateway.spentNanos(key)).toBe(paid);
    }
    expect(await gateway.countRows(MODEL)).toBeGreaterThanOrEqual(ids.length);
    expect(new Set(ids).size).toBe(ids.length);
    await expect.poll(() => gateway.reservedNanos(key)).toBe(0n);
  });
});

/** Reads so many events of a stream and leaves it. */
async function readEvents(body: AsyncIterable<Uint8Array>, most: number): Promise<void> {
  let seen = 0;
  const decoder = new TextDecoder();
  for await (const bytes of body) {
    seen += decoder.decode(bytes).split("\n\n").length - 1;
    if (seen >= most) {
      return;
    }
  }
}
