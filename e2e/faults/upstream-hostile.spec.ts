import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type FakeUpstream,
  type Reply,
  type Step,
  startFakeUpstream,
} from "#lib/testing/fake-upstream.ts";
import { chatReply, chatStreamEvents, EVENT_STREAM } from "#lib/testing/openai-replies.ts";
import { fault, threat } from "#lib/testing/reliability-rows.ts";
import { byTier, recordFigure } from "#lib/testing/tier.ts";
import { FAKE_WIRES, type FakeWire } from "#lib/testing/wire-replies.ts";
import { errorOf, type Outcome } from "./client.ts";
import { metric } from "./invariants.ts";
import {
  expectHealthy,
  HEALTHY_TEXT,
  type ScriptedOptions,
  Scripts,
  upstreamWorlds,
} from "./scripted.ts";
import { CANARY, type FaultWorld, startFaultWorld } from "./world.ts";

const MIB = 1024 * 1024;
const EVENTS = chatStreamEvents(["one", " two"]);
const BEGUN = EVENTS.slice(0, 2);
const JSON_BODY = JSON.stringify(chatReply("fine").json);
const HEAD = "HTTP/1.1 200 OK\r\n";
const JSON_HEAD = `${HEAD}content-type: application/json\r\n`;

describe.each(upstreamWorlds())("hostile upstreams: $store, $door door", (options) => {
  let world: FaultWorld;
  let scripts: Scripts;
  const traps: FakeUpstream[] = [];

  beforeAll(async () => {
    world = await startFaultWorld(options);
    scripts = await Scripts.open(world);
  });

  afterAll(async () => {
    await scripts?.close();
    await world?.close();
    await Promise.all(traps.map((trap) => trap.close()));
  });

  /** What a reply does before any content: a target behind it answers, and alone it is an error. */
  async function expectUnused(replies: readonly Reply[], stream: boolean): Promise<string[]> {
    const asked = await Promise.all(
      replies.map(async (reply) => {
        const rescued = await scripts.add(() => reply, { hasSpare: true });
        const alone = await scripts.add(() => reply);
        return {
          rescued: await scripts.ask(rescued.model, stream),
          lost: await scripts.ask(alone.model, stream),
          tries: alone.upstream.requests,
        };
      }),
    );
    await scripts.finish();
    for (const { rescued, lost, tries } of asked) {
      expectHealthy(rescued);
      expect(lost.status).toBe(502);
      // Once more on the same target, or twice where the connection is at fault.
      expect(tries.length).toBeLessThanOrEqual(3);
      expect(await scripts.detail(lost)).toMatchObject({
        outcome: "provider_error",
        cost_usd: "0",
      });
    }
    return asked.map(({ lost }) => errorOf(lost)?.code ?? "");
  }

  /** What a reply does after the first content: an error event ends the answer. */
  async function expectBroken(
    reply: Reply,
    code: string,
  ): Promise<{ outcome: Outcome; sent: number }> {
    const { model, upstream } = await scripts.add(() => reply, { hasSpare: true });
    const outcome = await scripts.ask(model, true);
    expect([outcome.ending, errorOf(outcome)?.code]).toEqual(["error_event", code]);
    await scripts.finish();
    expect(await scripts.detail(outcome)).toMatchObject({ outcome: "partial", error_code: code });
    await upstream.requests[0]?.ended;
    return { outcome, sent: upstream.requests[0]?.sentBytes ?? 0 };
  }

  const html = { headers: { "content-type": "text/html" }, body: "<h1>It works!</h1>" };

  it(`${fault("F15")}: is noticed before the first byte, and another target answers`, async () => {
    const whole = await expectUnused([html, { headers: EVENT_STREAM, steps: EVENTS }], false);
    expect(new Set(whole)).toEqual(new Set(["upstream_protocol"]));
    const streamed = await expectUnused(
      [
        html,
        chatReply("whole"),
        { ...chatReply("whole"), headers: EVENT_STREAM },
        { headers: EVENT_STREAM, body: html.body },
        { headers: { "content-type": "image/png" }, body: new Uint8Array(512) },
      ],
      true,
    );
    expect(new Set(streamed)).toEqual(new Set(["upstream_protocol", "upstream_truncated"]));
    const { model } = await scripts.add(() => ({
      headers: { "content-type": "Text/Event-Stream;charset=UTF-8" },
      steps: EVENTS,
    }));
    expect(await scripts.ask(model, true)).toMatchObject({ status: 200, ending: "done" });
    await scripts.finish();
  });

  it(`${fault("F16")}: is an error and is tried once more; extra bytes answer nobody`, async () => {
    const short = `${JSON_HEAD}content-length: ${JSON_BODY.length + 10}\r\n\r\n${JSON_BODY}`;
    const ofNoUse: Reply[] = [
      { body: "" },
      { status: 204 },
      { raw: true, steps: [short] },
      { raw: true, steps: [`${JSON_HEAD}transfer-encoding: chunked\r\n\r\n5\r\n{"id"`] },
      {
        raw: true,
        steps: ["HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 7\r\n\r\nhello"],
      },
      { raw: true, steps: ["this is no HTTP\r\n\r\n"] },
    ];
    const codes = new Set([
      ...(await expectUnused(ofNoUse, false)),
      ...(await expectUnused(ofNoUse, true)),
    ]);
    expect([...codes].toSorted()).toEqual(["upstream_protocol", "upstream_truncated"]);
    const forged = JSON.stringify(chatReply("forged").json);
    const tail = `${JSON_HEAD}content-length: ${forged.length}\r\n\r\n${forged}`;
    const { model } = await scripts.add((_, index) =>
      index === 0
        ? {
            raw: true,
            steps: [
              `${JSON_HEAD}content-length: ${JSON_BODY.length}\r\n\r\n${JSON_BODY}${tail}`,
              { hang: true },
            ],
          }
        : chatReply("truly healthy"),
    );
    expect((await scripts.ask(model, false)).text).toContain("fine");
    expectHealthy(await scripts.ask(model, false));
    await scripts.finish();
  });

  const filler = "x".repeat(64 * 1024);

  it(`${fault("F11")}: is cut at a mebibyte, and takes no memory`, async () => {
    const lines = {
      data: [...BEGUN, `data: {"id": "`, ...repeated(filler, 100 * MIB)],
      comment: [...BEGUN, ": ", ...repeated(filler, 100 * MIB)],
      event: [...BEGUN, ...repeated(`data: ${filler}\n`, 100 * MIB)],
    };
    // What the first of them makes grow, code and buffers, is not what one of them costs.
    await expectBroken({ headers: EVENT_STREAM, steps: lines.data }, "upstream_malformed");
    for (const [name, steps] of Object.entries(lines)) {
      const watch = await watchMemory();
      const { sent } = await expectBroken({ headers: EVENT_STREAM, steps }, "upstream_malformed");
      const grownMib = await watch.end();
      // The cap and what sockets hold on the way.
      expect(sent, name).toBeLessThan(16 * MIB);
      recordFigure({
        figure: `F11.${name}`,
        value: `${grownMib.toFixed(1)} MiB`,
        met: grownMib < 16,
        how: "Most RSS above the start while a line of 100 MB comes in, read every 20 ms",
      });
    }
  });

  /** Reads the gateway's memory until it is told to stop; how far it grew, in MiB. */
  async function watchMemory(): Promise<{ end: () => Promise<number> }> {
    const name = "process_resident_memory_bytes";
    const start = (await metric(world.gateway, name)) ?? 0;
    const state = { isOver: false, most: start };
    const reading = (async () => {
      while (!state.isOver) {
        state.most = Math.max(state.most, (await metric(world.gateway, name)) ?? 0);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();
    return {
      end: async () => {
        state.isOver = true;
        await reading;
        return (state.most - start) / MIB;
      },
    };
  }

  it(`${fault("F9")}: other line ends, comments and names change nothing; an event that is no JSON ends it`, async () => {
    const odd = [
      `\ufeff${EVENTS.join("")}`,
      EVENTS.join("").replaceAll("\n", "\r\n"),
      EVENTS.join("").replaceAll("\n", "\r"),
      `: hello\n\nid: 1\nretry: 5\nnonsense\n\n${EVENTS.join("\n: between\n\n")}`,
      EVENTS.join("").replaceAll("data: {", "event: message\ndata:{"),
      EVENTS.join("").replaceAll('"choices"', '\ndata: "choices"'),
      `data\n\ndata:\n\n${EVENTS.join("data: \n\n")}`,
    ];
    for (const body of odd) {
      const { model } = await scripts.add(() => ({ headers: EVENT_STREAM, body }));
      const outcome = await scripts.ask(model, true);
      expect([outcome.ending, outcome.text]).toEqual(["done", expect.stringContaining(" two")]);
      expect(outcome.text).toContain('"content":"one"');
    }
    await scripts.finish();
    const noJson = [...BEGUN, 'data: {"id": oops\n\n', ...EVENTS.slice(2)];
    await expectBroken({ headers: EVENT_STREAM, steps: noJson }, "upstream_malformed");
  });

  it(`${threat("T42")}: endless heads, interim answers and bodies end; its cookies go no further`, async () => {
    const endless = {
      headers: [JSON_HEAD, ...repeated(`x-filler: ${"y".repeat(1000)}\r\n`, 4 * MIB)],
      oneHeader: [JSON_HEAD, "x-filler: ", ...repeated(filler, 4 * MIB)],
      interim: repeated("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n", MIB),
      upgrade: ["HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n"],
      announced: [`${JSON_HEAD}content-length: 9999999999\r\n\r\n`, { hang: true }] as const,
    };
    const replies = Object.values(endless).map((steps): Reply => ({ raw: true, steps }));
    expect(new Set(await expectUnused(replies, false))).toEqual(new Set(["upstream_protocol"]));
    const { model } = await scripts.add(() => ({
      ...chatReply("truly healthy"),
      headers: {
        "set-cookie": ["session=stolen; Path=/"],
        connection: "keep-alive, x-hop",
        "x-hop": "1",
        "keep-alive": "timeout=5",
        "proxy-authenticate": "Basic",
        "x-upstream-secret": "inside",
        "content-security-policy": "default-src *",
      },
    }));
    for (const outcome of [await scripts.ask(model, false)]) {
      expectHealthy(outcome);
      for (const name of ["set-cookie", "x-hop", "proxy-authenticate", "x-upstream-secret"]) {
        expect(outcome.headers.get(name), name).toBeNull();
      }
      expect(outcome.headers.get("content-security-policy") ?? "").not.toContain("default-src *");
    }
    await scripts.finish();
    // Endless in pieces that are each of a proper size.
    const steps = [...BEGUN, ...repeated(`: ${filler}\n\n`, 100 * MIB)];
    const { sent } = await expectBroken({ headers: EVENT_STREAM, steps }, "upstream_protocol");
    expect(sent).toBeLessThan(96 * MIB);
  });

  const azure: ScriptedOptions = { fields: { provider: "azure" } };
  const callers: [string, ScriptedOptions, FakeWire | undefined][] = [
    ...FAKE_WIRES.map((wire): [string, ScriptedOptions, FakeWire] => [
      wire.provider,
      { wire },
      wire,
    ]),
    ["azure", azure, undefined],
  ];

  it(`${threat("T3")}: no redirect is followed, to wherever and with whatever status`, async () => {
    const trap = await startFakeUpstream(() => chatReply(HEALTHY_TEXT));
    traps.push(trap);
    const places = [
      trap.url,
      `http://localhost:${trap.port}`,
      `//127.0.0.1:${trap.port}`,
      "/v1/other",
    ];
    const statuses = [301, 302, 303, 307, 308];
    const headers = new Set<string>();
    for (const [name, how] of callers) {
      const cases = byTier({ quick: statuses.slice(0, 5), all: statuses });
      await Promise.all(
        cases.flatMap((status, at) =>
          byTier({ quick: [places[at % places.length] ?? ""], all: places }).map(
            async (location) => {
              const { model, upstream } = await scripts.add(
                () => ({ status, headers: { location, "set-cookie": "a=b" }, body: "moved" }),
                how,
              );
              const outcome = await scripts.ask(model, at % 2 === 0);
              expect([name, status, errorOf(outcome)?.code]).toEqual([
                name,
                status,
                "upstream_redirect",
              ]);
              expect(outcome.headers.get("location")).toBeNull();
              for (const asked of upstream.requests) {
                const carrier = Object.entries(asked.headers).find(([, value]) =>
                  String(value).includes(CANARY),
                );
                headers.add(carrier?.[0] ?? "none");
                expect(asked.path).not.toBe("/v1/other");
              }
            },
          ),
        ),
      );
    }
    await scripts.finish({ costUsd: 0 });
    expect([...headers].toSorted()).toEqual([
      "api-key",
      "authorization",
      "x-api-key",
      "x-goog-api-key",
    ]);
    expect([trap.requests.length, trap.openConnections()]).toEqual([0, 0]);
  });
});

/** As many steps of one text as make up that many bytes. */
function repeated(text: string, bytes: number): Step[] {
  return Array.from({ length: Math.ceil(bytes / text.length) }, () => text);
}
