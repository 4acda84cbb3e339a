import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type FakeUpstream, startFakeUpstream } from "#lib/testing/fake-upstream.ts";
import { type InProcessGateway, openGateway } from "#lib/testing/in-process-gateway.ts";
import { chatReply } from "#lib/testing/openai-replies.ts";
import { fault } from "#lib/testing/reliability-rows.ts";
import { byTier } from "#lib/testing/tier.ts";

/** What the gateway does with each status of an upstream that says nothing but its status. */
interface Expected {
  /** Whether the same target is asked again where it is the only one. */
  retries: number;
  /** Whether another target is asked. */
  fallsBack: boolean;
  /** What the caller is told when nobody else could answer. */
  status: number;
}

const NAMED: Readonly<Record<number, Expected>> = {
  401: { retries: 0, fallsBack: true, status: 502 },
  402: { retries: 0, fallsBack: true, status: 429 },
  403: { retries: 0, fallsBack: true, status: 502 },
  404: { retries: 0, fallsBack: true, status: 404 },
  407: { retries: 0, fallsBack: true, status: 502 },
  408: { retries: 1, fallsBack: true, status: 504 },
  409: { retries: 2, fallsBack: true, status: 502 },
  410: { retries: 0, fallsBack: true, status: 404 },
  422: { retries: 0, fallsBack: false, status: 400 },
  424: { retries: 2, fallsBack: true, status: 502 },
  425: { retries: 1, fallsBack: true, status: 425 },
  429: { retries: 2, fallsBack: true, status: 429 },
  498: { retries: 2, fallsBack: true, status: 503 },
  503: { retries: 2, fallsBack: true, status: 503 },
  508: { retries: 0, fallsBack: true, status: 508 },
  529: { retries: 2, fallsBack: true, status: 503 },
};

function expectedFor(status: number): Expected {
  const named = NAMED[status];
  if (named !== undefined) {
    return named;
  }
  if (status < 200) {
    // What only announces an answer is followed by none here, and nobody asked for an upgrade: a
    // broken answer or a broken connection, by how far it came. Both are asked again.
    return { retries: 1, fallsBack: true, status: 502 };
  }
  if (status < 300) {
    // An empty answer, whatever it calls itself.
    return { retries: 1, fallsBack: true, status: 502 };
  }
  if (status < 400) {
    return { retries: 0, fallsBack: true, status: 502 };
  }
  return status < 500
    ? { retries: 0, fallsBack: false, status }
    : { retries: 2, fallsBack: true, status: 502 };
}

/** Those that the rules name, their neighbours and the ends of each hundred; or all of them. */
function statuses(): number[] {
  const all = Array.from({ length: 500 }, (_, at) => at + 100);
  const ends = new Set([100, 101, 199, 200, 204, 206, 299, 300, 304, 307, 399, 400, 405, 413, 499]);
  const named = new Set([...Object.keys(NAMED).map(Number), 500, 501, 502, 504, 520, 527, 599]);
  return byTier({ quick: all.filter((status) => ends.has(status) || named.has(status)), all });
}

/** After an announcement alone nothing comes: the connection is closed, or it would hang. */
function bareAnswer(status: number): string {
  const body = status >= 200 && status !== 204 && status !== 304;
  return `HTTP/1.1 ${status} So\r\n${body ? "content-length: 0\r\n" : ""}connection: close\r\n\r\n`;
}

/** Requests that go on at once, each with targets of its own: breakers and budgets are theirs. */
const LANES = 8;

let gateway: InProcessGateway;
let failing: FakeUpstream;
let well: FakeUpstream;
let key: string;

beforeAll(async () => {
  // Waits before a retry are anything up to a bound; here they are nothing.
  vi.spyOn(Math, "random").mockReturnValue(0);
  gateway = await openGateway();
  failing = await startFakeUpstream((request) => {
    const { user } = request.json() as { user: string };
    return { raw: true, steps: [bareAnswer(Number(user))] };
  });
  well = await startFakeUpstream(() => chatReply("rescued"));
  const lane = (name: string, url: string, fields: Record<string, unknown>) =>
    gateway.addDeployment({
      name,
      provider: "openai_compatible",
      api_base: `${url}/v1`,
      input_price_per_million_usd: "1",
      output_price_per_million_usd: "1",
      ...fields,
    });
  for (let at = 0; at < LANES; at += 1) {
    await lane(`alone-${at}`, failing.url, { model_name: `alone-${at}` });
    await lane(`first-${at}`, failing.url, { model_name: `pair-${at}`, priority: 1 });
    await lane(`second-${at}`, well.url, { model_name: `pair-${at}`, priority: 2 });
  }
  key = await gateway.addKey({});
});

afterAll(async () => {
  vi.restoreAllMocks();
  await gateway?.close();
  await Promise.all([failing?.close(), well?.close()]);
});

function ask(model: string, status: number): Promise<Response> {
  return fetch(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({
      model,
      messages: [{ role: "user", content: "Hello!" }],
      // Only the upstream reads it: the status to answer with.
      user: String(status),
    }),
  });
}

/** What was seen of one status, in the words of the table. */
async function seen(kind: "alone" | "pair", lane: number, status: number) {
  const reply = await ask(`${kind}-${lane}`, status);
  const tries = await gateway.attempts(reply);
  return {
    reply,
    statuses: tries.map((one) => one["status"]),
    deployments: tries.map((one) => one["deployment_name"]),
    row: await gateway.row(reply),
  };
}

/** Runs all of them, as many at once as there are lanes, each batch with a clean bill of health. */
async function sweep(check: (status: number, lane: number) => Promise<void>): Promise<void> {
  const all = statuses();
  for (let from = 0; from < all.length; from += LANES) {
    gateway.resetHealth();
    await Promise.all(all.slice(from, from + LANES).map((status, lane) => check(status, lane)));
  }
}

const LONG = byTier({ quick: 30_000, all: 240_000 });

describe(fault("F14"), () => {
  it("without another target: what may pass is asked again, the rest is told at once", {
    timeout: LONG,
  }, async () => {
    await sweep(async (status, lane) => {
      const expected = expectedFor(status);
      const { reply, statuses: tried, row } = await seen("alone", lane, status);
      const told = status < 200 ? null : status;
      expect([status, reply.status]).toEqual([status, expected.status]);
      const times = status < 200 ? Math.max(2, tried.length) : 1 + expected.retries;
      expect([status, tried]).toEqual([status, Array(times).fill(told)]);
      expect([status, row["attempt_count"]]).toEqual([status, times]);
      expect(Number(row["cost_nanos"] ?? 0)).toBe(0);
      expect([status, reply.headers.get("x-should-retry")]).toEqual([
        status,
        String(status === 429),
      ]);
    });
  });

  it("with another target: only a request that is itself at fault is not sent to it", {
    timeout: LONG,
  }, async () => {
    await sweep(async (status, lane) => {
      const { fallsBack, status: told } = expectedFor(status);
      const { reply, deployments } = await seen("pair", lane, status);
      expect([status, reply.status]).toEqual([status, fallsBack ? 200 : told]);
      expect([status, deployments]).toEqual([
        status,
        fallsBack ? [`first-${lane}`, `second-${lane}`] : [`first-${lane}`],
      ]);
    });
  });

  it("an unknown or absurd status line is a broken answer and no crash", async () => {
    gateway.resetHealth();
    for (const [lane, line] of [
      "HTTP/1.1 099 Low",
      "HTTP/1.1 999 High",
      "HTTP/9.9 200 OK",
      "ICY 200 OK",
    ].entries()) {
      failing.replyWith(() => ({ raw: true, steps: [`${line}\r\ncontent-length: 0\r\n\r\n`] }));
      const { reply, row } = await seen("alone", lane, 200);
      expect(reply.status).toBe(502);
      expect(row).toMatchObject({ outcome: "provider_error" });
    }
  });
});
