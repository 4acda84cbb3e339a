import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FakeRequest, Reply, Step } from "#lib/testing/fake-upstream.ts";
import { chatStreamEvents, chunkEvent, EVENT_STREAM } from "#lib/testing/openai-replies.ts";
import { fault } from "#lib/testing/reliability-rows.ts";
import { byTier, tier } from "#lib/testing/tier.ts";
import { FAKE_WIRES, type FakeWire } from "#lib/testing/wire-replies.ts";
import { errorOf, type Outcome } from "./client.ts";
import { expectHealthy, Scripts, upstreamWorlds } from "./scripted.ts";
import { type FaultWorld, startFaultWorld } from "./world.ts";

const IDLE_SECONDS = 2;
const PIECES = ["one", " two", " three"];
/** An opening, three texts, a finish, the usage and the end mark. */
const EVENTS = chatStreamEvents(PIECES);
const SCRIPTS = "Ελληνικά 日本語 العربية नमस्ते 👩‍👩‍👧 é̂";
const [OPENAI] = FAKE_WIRES as [FakeWire];

describe.each(upstreamWorlds())("streams of upstreams: $store, $door door", (options) => {
  let world: FaultWorld;
  let scripts: Scripts;

  beforeAll(async () => {
    const env = { CONDUIT_STREAM_IDLE_SECONDS: String(IDLE_SECONDS) };
    world = await startFaultWorld({ ...options, env });
    scripts = await Scripts.open(world);
  });

  afterAll(async () => {
    await scripts?.close();
    await world?.close();
  });

  /** Asks once for each reply, each from a target of its own with a healthy one behind it. */
  async function askEach(replies: readonly Reply[], wire: FakeWire = OPENAI): Promise<Outcome[]> {
    const outcomes = await Promise.all(
      replies.map(async (reply) => {
        const { model } = await scripts.add(() => reply, { wire, hasSpare: true });
        return await scripts.ask(model, true);
      }),
    );
    await scripts.finish();
    return outcomes;
  }

  async function expectPartial(outcome: Outcome, code: string): Promise<void> {
    expect([outcome.ending, errorOf(outcome)?.code]).toEqual(["error_event", code]);
    expect(outcome.text).not.toContain("[DONE]");
    expect(outcome.text.match(/"error":/g)).toHaveLength(1);
    const row = await scripts.detail(outcome);
    expect(row).toMatchObject({ outcome: "partial", error_code: code });
    expect(Number(row.cost_usd)).toBeGreaterThan(0);
    expect(row.attempt_list).toHaveLength(1);
  }

  /** How answers ended: from the healthy target, complete, or broken off with a code. */
  async function expectEnds(
    outcomes: readonly Outcome[],
    wanted: (k: number) => "healthy" | "whole" | "upstream_unreachable" | "upstream_truncated",
  ): Promise<void> {
    for (const [k, outcome] of outcomes.entries()) {
      const want = wanted(k);
      if (want === "healthy") {
        expectHealthy(outcome);
      } else if (want === "whole") {
        expect([k, outcome.ending, outcome.text.includes("three")]).toEqual([k, "done", true]);
      } else {
        await expectPartial(outcome, want);
      }
    }
  }

  it(`${fault("F5")}: a caller may have the head and signs of life before the first token`, async () => {
    const token = Promise.withResolvers<void>();
    const { model } = await scripts.add(() => ({
      headers: EVENT_STREAM,
      steps: [{ until: token.promise }, ...EVENTS],
    }));
    const early = { "x-conduit-early-headers": "1" };
    const reply = await scripts.stream(model, { headers: early });
    expect(reply.status).toBe(200);
    const reader = (reply.body ?? new ReadableStream<Uint8Array>()).getReader();
    // The second sign of life comes after fifteen seconds.
    for (let ping = 0; ping < byTier({ quick: 1, all: 2 }); ping += 1) {
      expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe(": ping\n\n");
    }
    const { budgets } = await world.gateway.admin("GET", "/budgets");
    const [{ reserved_usd: reserved }] = budgets as [{ reserved_usd: string }];
    expect(Number(reserved)).toBeGreaterThan(0);
    token.resolve();
    let rest = "";
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      rest += Buffer.from(read.value).toString();
    }
    expect(rest).toContain("three");
    expect(rest.endsWith("data: [DONE]\n\n")).toBe(true);
    const { model: broken } = await scripts.add(() => ({ status: 500 }));
    const refused = await scripts.stream(broken, { headers: early });
    expect(refused.status).toBe(200);
    expect(await refused.text()).toMatch(/^: ping\n\ndata: \{"error":.*"upstream_error"\}\}\n\n$/);
    await scripts.finish();
  });

  it(`${fault("F6")}: it is cut after its idle time, told, and what came is billed`, async () => {
    const { model, upstream } = await scripts.add(() => ({
      headers: EVENT_STREAM,
      steps: [...EVENTS.slice(0, 4), { hang: true }],
    }));
    const outcome = await scripts.ask(model, true);
    expect(outcome.text).toContain("three");
    await scripts.finish();
    await expectPartial(outcome, "upstream_idle_timeout");
    expect((await scripts.detail(outcome)).tokens_estimated).toBe(true);
    expect((await upstream.requests[0]?.ended)?.by).toBe("client");
  });

  it(`${fault("F6")}: signs of life from the upstream keep it open`, async () => {
    const waits = Array.from({ length: 5 }, (): Step[] => [
      { waitMs: (IDLE_SECONDS * 1000) / 4 },
      ": alive\n\n",
    ]);
    const steps = [...EVENTS.slice(0, 2), ...waits.flat(), ...EVENTS.slice(2)];
    const [outcome] = await askEach([{ headers: EVENT_STREAM, steps }]);
    expect([outcome?.ending, outcome?.text.includes("three")]).toEqual(["done", true]);
  });

  it(`${fault("F7")}: after each event, it falls back before the first content and never after it`, async () => {
    for (const wire of byTier({ quick: [OPENAI], all: FAKE_WIRES })) {
      const steps = wire.write({ text: "", stream: true, choices: 1 }, PIECES).steps ?? [];
      const outcomes = await askEach(
        [...steps.keys(), steps.length].map((k) => ({
          headers: EVENT_STREAM,
          steps: [...steps.slice(0, k), { reset: true }],
        })),
        wire,
      );
      const isMarked = wire.provider !== "google";
      const begin = steps.findIndex((step) => String(step).includes("one"));
      await expectEnds(outcomes, (k) => {
        const isWhole = isMarked && k === steps.length;
        return k <= begin ? "healthy" : isWhole ? "whole" : "upstream_unreachable";
      });
    }
  });

  it(`${fault("F8")}: is an error unless its answer had named its finish`, async () => {
    const finish = 5;
    const chunked = EVENTS.map((text) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`);
    const head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n";
    const forms: ((k: number) => Reply)[] = [
      (k) => ({ headers: EVENT_STREAM, steps: EVENTS.slice(0, k) }),
      // The connection closes without the last chunk of the encoding, or without any encoding.
      (k) => ({
        raw: true,
        steps: [`${head}transfer-encoding: chunked\r\n\r\n`, ...chunked.slice(0, k)],
      }),
      (k) => ({ raw: true, steps: [`${head}\r\n`, ...EVENTS.slice(0, k)] }),
    ];
    for (const form of forms) {
      const outcomes = await askEach([...EVENTS.keys()].map(form));
      await expectEnds(outcomes, (k) =>
        k < 2 ? "healthy" : k < finish ? "upstream_truncated" : "whole",
      );
    }
  });

  /** The bytes of an answer whose upstream's usage is wanted too: nothing has to be left out. */
  async function bytesOf(
    model: string,
    fields: object = {},
  ): Promise<{ bytes: Buffer; reads: number }> {
    const reply = await scripts.stream(model, {
      fields: { stream_options: { include_usage: true }, ...fields },
    });
    const reads: Uint8Array[] = [];
    for await (const read of reply.body ?? []) {
      reads.push(read);
    }
    return { bytes: Buffer.concat(reads), reads: reads.length };
  }

  it(`${fault("F10")}: arrives byte for byte wherever it was cut, invalid bytes too`, async () => {
    const [open = "", ...rest] = chatStreamEvents([SCRIPTS, SCRIPTS]);
    const whole = Buffer.from(open + rest.join(""));
    const bad = Buffer.from(chunkEvent({ content: "a?b" }, null));
    bad[bad.indexOf("?")] = 0xff;
    const sent = Buffer.concat([Buffer.from(open), bad, whole.subarray(Buffer.byteLength(open))]);
    const { model } = await scripts.add((request) => cutAt(sent, request));
    const cuts = byTier({
      quick: ["1", "2", "3", "5", "7"],
      all: Array.from({ length: sent.length }, (_, at) => `at ${at}`),
    });
    for (let at = 0; at < cuts.length; at += 16) {
      const read = await Promise.all(
        cuts.slice(at, at + 16).map((user) => bytesOf(model, { user })),
      );
      for (const { bytes } of read) {
        expect(bytes.equals(sent)).toBe(true);
      }
    }
    await scripts.finish();
  });

  it(`${fault("F12")}: ten thousand events at once are exact, and are written in few pieces`, async () => {
    const count = 10_000;
    const tiny = Array.from({ length: count }, (_, at) =>
      chunkEvent({ content: String(at % 10) }, null),
    );
    const sent = Buffer.from([EVENTS[0], ...tiny, ...EVENTS.slice(4)].join(""));
    const { model } = await scripts.add(() => ({ headers: EVENT_STREAM, steps: [sent] }));
    const { bytes, reads } = await bytesOf(model);
    expect(bytes.equals(sent)).toBe(true);
    expect(reads).toBeLessThan(count / 10);
    await scripts.finish();
  });

  it(`${fault("F53")}: it is counted here, never free, and marked as an estimate`, async () => {
    for (const wire of FAKE_WIRES) {
      const { model } = await scripts.add(
        (request) => withoutUsage(wire.write(wire.read(request), PIECES)),
        { wire },
      );
      const outcomes = [await scripts.ask(model, false), await scripts.ask(model, true)];
      await scripts.finish();
      for (const outcome of outcomes) {
        expect(outcome.ending).toMatch(/json|done/);
        const row = await scripts.detail(outcome);
        expect(row).toMatchObject({ outcome: "ok", tokens_estimated: true });
        expect(Math.min(row.tokens.input, row.tokens.output, Number(row.cost_usd))).toBeGreaterThan(
          0,
        );
      }
    }
  });

  it.runIf(tier() === "all")(
    `${fault("F5")}: a long silence before the first token is kept`,
    async () => {
      const { model } = await scripts.add(() => ({
        headers: EVENT_STREAM,
        steps: [{ waitMs: 35_000 }, ...EVENTS],
      }));
      expect(await scripts.ask(model, true)).toMatchObject({ status: 200, ending: "done" });
      await scripts.finish();
    },
  );
});

/** Sends bytes as the request's `user` says: in writes of a size, or in two parts cut at a place. */
function cutAt(sent: Buffer, request: FakeRequest): Reply {
  const { user } = request.json() as { user: string };
  if (!user.startsWith("at ")) {
    return { headers: EVENT_STREAM, steps: [sent], splitBytes: Number(user) };
  }
  const at = Number(user.slice(3));
  const parts = [sent.subarray(0, at), sent.subarray(at)].filter((part) => part.length > 0);
  return { headers: EVENT_STREAM, steps: parts.flatMap((part) => [part, { waitMs: 5 }]) };
}

const USAGE = new Set(["usage", "usageMetadata"]);

/** A reply as it is without any figures. */
function withoutUsage(reply: Reply): Reply {
  const strip = (json: string) =>
    JSON.stringify(JSON.parse(json, (name, value) => (USAGE.has(name) ? undefined : value)));
  if (reply.json !== undefined) {
    return { ...reply, json: JSON.parse(strip(JSON.stringify(reply.json))) };
  }
  const steps = (reply.steps ?? []).map((step) =>
    typeof step === "string"
      ? step.replace(/^data: (\{.*\})$/m, (_, json) => `data: ${strip(json)}`)
      : step,
  );
  return { ...reply, steps };
}
