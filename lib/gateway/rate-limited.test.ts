import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { getHealth } from "#lib/routing/health.ts";
import { type FakeUpstream, startFakeUpstream } from "#lib/testing/fake-upstream.ts";
import { type InProcessGateway, openGateway } from "#lib/testing/in-process-gateway.ts";
import { chatReply, errorReply } from "#lib/testing/openai-replies.ts";
import { fault } from "#lib/testing/reliability-rows.ts";

type Headers = Record<string, string>;

const DAY_S = 86_400;

/** A date as HTTP writes it, that many seconds from now. */
function httpDate(inSeconds: number): string {
  return new Date(Date.now() + inSeconds * 1000).toUTCString();
}

/** RFC 850's form, which old servers still send. */
function oldHttpDate(inSeconds: number): string {
  const date = new Date(Date.now() + inSeconds * 1000);
  const weekday = date.toLocaleDateString("en-US", { weekday: "long", timeZone: "UTC" });
  const [, day, month, year, time] = date.toUTCString().split(" ");
  return `${weekday}, ${day}-${month}-${year?.slice(2)} ${time} GMT`;
}

/** What is waited for, with the least wait in milliseconds. Dates lose up to a second. */
const WAITED: readonly [name: string, headers: () => Headers, leastMs: number][] = [
  ["milliseconds", () => ({ "retry-after-ms": "150" }), 150],
  ["milliseconds with a fraction", () => ({ "x-ms-retry-after-ms": "120.5" }), 120],
  ["seconds", () => ({ "retry-after": "1" }), 1000],
  ["seconds with a fraction", () => ({ "retry-after": "0.2" }), 200],
  ["no time at all", () => ({ "retry-after": "0" }), 0],
  ["milliseconds beside seconds", () => ({ "retry-after": "30", "retry-after-ms": "100" }), 100],
  ["a date", () => ({ "retry-after": httpDate(2) }), 1000],
  ["a date in the old form", () => ({ "retry-after": oldHttpDate(2) }), 1000],
  ["a date that has passed", () => ({ "retry-after": "Thu, 01 Jan 1970 00:00:00 GMT" }), 0],
  ["words", () => ({ "retry-after": "soon" }), 0],
  ["a number and words", () => ({ "retry-after": "12 apples" }), 0],
  ["a negative number", () => ({ "retry-after": "-5" }), 0],
  ["nothing", () => ({ "retry-after": "" }), 0],
  ["more than a number holds", () => ({ "retry-after": "1e400" }), 0],
  ["no number", () => ({ "retry-after-ms": "NaN" }), 0],
  ["two values", () => ({ "retry-after": "1, 2" }), 0],
];

/** What is too long to wait for, with what the caller is told, in seconds. */
const PASSED_ON: readonly [name: string, headers: () => Headers, seconds: number][] = [
  ["seconds", () => ({ "retry-after": "30" }), 30],
  ["milliseconds", () => ({ "retry-after-ms": "45000" }), 45],
  ["a date", () => ({ "retry-after": httpDate(90) }), 90],
  ["a date in the old form", () => ({ "retry-after": oldHttpDate(90) }), 90],
  ["thousands of years", () => ({ "retry-after": "99999999999999999999" }), DAY_S],
  ["the last day of all", () => ({ "retry-after": "Fri, 31 Dec 9999 23:59:59 GMT" }), DAY_S],
];

let gateway: InProcessGateway;
let limited: FakeUpstream;
let spare: FakeUpstream;
let key: string;
let aloneId: string;
/** What each model's first call is told; the second one is answered. */
const told = new Map<string, Headers>();

beforeAll(async () => {
  vi.spyOn(Math, "random").mockReturnValue(0);
  gateway = await openGateway();
  const seen = new Map<string, number>();
  limited = await startFakeUpstream((request) => {
    const { model } = request.json() as { model: string };
    const calls = (seen.get(model) ?? 0) + 1;
    seen.set(model, calls);
    return calls === 1 ? slowDown(told.get(model) ?? {}) : chatReply("at last");
  });
  spare = await startFakeUpstream(() => chatReply("from the spare"));
  for (const name of [...WAITED, ...PASSED_ON].map((_, at) => `case-${at}`)) {
    await add(name, limited, { model_name: name });
  }
  await add("hurried", limited, { model_name: "hurried" });
  aloneId = await add("often", limited, { model_name: "often" });
  await add("pair-first", limited, { model_name: "pair", priority: 1 });
  await add("pair-second", spare, { model_name: "pair", priority: 2 });
  key = await gateway.addKey({});
});

afterAll(async () => {
  vi.restoreAllMocks();
  await gateway?.close();
  await Promise.all([limited?.close(), spare?.close()]);
});

function slowDown(headers: Headers) {
  return errorReply(429, { message: "slow down", code: "rate_limit_exceeded" }, headers);
}

function add(name: string, upstream: FakeUpstream, fields: Record<string, unknown>) {
  return gateway.addDeployment({
    name,
    provider: "openai_compatible",
    api_base: `${upstream.url}/v1`,
    input_price_per_million_usd: "1",
    output_price_per_million_usd: "1",
    ...fields,
  });
}

function ask(model: string, headers: Headers = {}): Promise<Response> {
  return fetch(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers },
    body: JSON.stringify({ model, messages: [{ role: "user", content: "Hello!" }] }),
  });
}

function callsOf(model: string) {
  return limited.requests.filter((one) => (one.json() as { model: string }).model === model);
}

describe(fault("F13"), () => {
  it.concurrent.each(
    WAITED.map(([name, headers, leastMs], at) => [name, headers, leastMs, `case-${at}`] as const),
  )(
    "%s: the one target is asked again, not sooner than it wished",
    async (_, headers, leastMs, model) => {
      told.set(model, headers());
      const reply = await ask(model);
      expect(reply.status).toBe(200);
      const [first, second] = callsOf(model);
      // Timers may fire a moment early.
      expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(leastMs - 20);
      expect(await gateway.attempts(reply)).toMatchObject([
        { status: 429, ended: "rate_limit" },
        { status: 200, ended: "ok" },
      ]);
    },
  );

  it.concurrent.each(
    PASSED_ON.map(
      ([name, headers, seconds], at) =>
        [name, headers, seconds, `case-${WAITED.length + at}`] as const,
    ),
  )(
    "%s: a wait that is too long is the caller's, who is told how long",
    async (_, headers, seconds, model) => {
      told.set(model, headers());
      const reply = await ask(model);
      expect(reply.status).toBe(429);
      const after = Number(reply.headers.get("retry-after"));
      expect(after).toBeGreaterThanOrEqual(seconds - 5);
      expect(after).toBeLessThanOrEqual(seconds);
      expect(Number(reply.headers.get("retry-after-ms"))).toBeLessThanOrEqual(seconds * 1000);
      expect(reply.headers.get("x-should-retry")).toBe("true");
      expect(callsOf(model)).toHaveLength(1);
    },
  );

  it("a wait that would outlast the caller's own limit is not begun", async () => {
    told.set("hurried", { "retry-after": "3" });
    const reply = await ask("hurried", { "x-conduit-timeout-ms": "2000" });
    expect(reply.status).toBe(429);
    expect(reply.headers.get("retry-after")).toBe("3");
    expect(callsOf("hurried")).toHaveLength(1);
  });

  it("another target is asked at once, and the limited credential is left alone meanwhile", async () => {
    limited.replyWith(() => slowDown({ "retry-after": "30" }));
    const first = await ask("pair");
    expect(await gateway.attempts(first)).toMatchObject([
      { deployment_name: "pair-first", status: 429 },
      { deployment_name: "pair-second", status: 200 },
    ]);
    const second = await ask("pair");
    expect(await gateway.attempts(second)).toMatchObject([{ deployment_name: "pair-second" }]);
    expect(callsOf("pair")).toHaveLength(1);
  });

  it("is no failure of the upstream, however often it happens", async () => {
    limited.replyWith(() => slowDown({ "retry-after": "30" }));
    for (let round = 0; round < 30; round += 1) {
      expect((await ask("often")).status).toBe(429);
    }
    expect(getHealth().healthOf(aloneId).state).toBe("closed");
    limited.replyWith(() => chatReply("at last"));
    expect((await ask("often")).status).toBe(200);
  });
});
