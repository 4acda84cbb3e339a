import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FakeRequest, Reply } from "#lib/testing/fake-upstream.ts";
import { chatReply, chatStreamEvents, EVENT_STREAM } from "#lib/testing/openai-replies.ts";
import { fault, threat } from "#lib/testing/reliability-rows.ts";
import { expectInvariants, type LogRow } from "./invariants.ts";
import { openRaw, rawChat } from "./raw-client.ts";
import { until } from "./until.ts";
import { type FaultWorld, type Store, startFaultWorld, storesToTest } from "./world.ts";

/** Requests that two servers in a row could read differently; `rest` is the one hidden behind. */
const CORPUS: readonly (readonly [name: string, build: (rest: string) => string])[] = [
  ["a length and chunks", (rest) => both(`0\r\n\r\n${rest}`, "chunked")],
  [
    "chunks and a length",
    (rest) =>
      `${head("transfer-encoding: chunked", "content-length: 4")}1\r\n{\r\n0\r\n\r\n${rest}`,
  ],
  [
    "two lengths that differ",
    (rest) => `${head("content-length: 2", `content-length: ${2 + rest.length}`)}{}${rest}`,
  ],
  [
    "two lengths that agree",
    (rest) => `${head("content-length: 2", "content-length: 2")}{}${rest}`,
  ],
  ["a list of lengths", (rest) => `${head("content-length: 2, 2")}{}${rest}`],
  ["a length with a sign", (rest) => `${head("content-length: +2")}{}${rest}`],
  ["a negative length", (rest) => `${head("content-length: -2")}{}${rest}`],
  ["a length in another base", (rest) => `${head("content-length: 0x2")}{}${rest}`],
  ["a length with words", (rest) => `${head("content-length: 2 and more")}{}${rest}`],
  [
    "a length beyond all numbers",
    (rest) => `${head("content-length: 99999999999999999999")}{}${rest}`,
  ],
  ["a folded line", (rest) => `${head("x-folded: one", " transfer-encoding: chunked")}{}${rest}`],
  [
    "a folded encoding",
    (rest) => `${head("transfer-encoding:", " chunked", "content-length: 2")}{}${rest}`,
  ],
  ["a space before the colon", (rest) => `${head("transfer-encoding : chunked")}0\r\n\r\n${rest}`],
  [
    "a space before the name",
    (rest) => `${head("content-length: 2").replace("content-length", " content-length")}{}${rest}`,
  ],
  ["an unknown encoding", (rest) => `${head("transfer-encoding: xchunked")}0\r\n\r\n${rest}`],
  [
    "an encoding after chunks",
    (rest) => `${head("transfer-encoding: chunked, identity")}0\r\n\r\n${rest}`,
  ],
  [
    "two encodings",
    (rest) => `${head("transfer-encoding: chunked", "transfer-encoding: cow")}0\r\n\r\n${rest}`,
  ],
  [
    "a vertical tab in an encoding",
    (rest) => `${head("transfer-encoding: \x0bchunked")}0\r\n\r\n${rest}`,
  ],
  ["NUL in a name", (rest) => `${head("x-\0: one", "content-length: 2")}{}${rest}`],
  ["NUL in a value", (rest) => `${head("x-nul: o\0ne", "content-length: 2")}{}${rest}`],
  ["a line without a colon", (rest) => `${head("x-nothing", "content-length: 2")}{}${rest}`],
  [
    "a bare carriage return",
    (rest) => `${head("x-bare: one\rcontent-length: 0", "content-length: 2")}{}${rest}`,
  ],
  [
    "chunk sizes with a sign",
    (rest) => `${head("transfer-encoding: chunked")}+2\r\n{}\r\n0\r\n\r\n${rest}`,
  ],
  [
    "chunk sizes in another spelling",
    (rest) => `${head("transfer-encoding: chunked")}0x2\r\n{}\r\n0\r\n\r\n${rest}`,
  ],
  [
    "a chunk longer than it says",
    (rest) => `${head("transfer-encoding: chunked")}1\r\n{}\r\n0\r\n\r\n${rest}`,
  ],
  [
    "a line feed in a chunk's extension",
    (rest) => `${head("transfer-encoding: chunked")}2;a\nb\r\n{}\r\n0\r\n\r\n${rest}`,
  ],
  [
    "64 KiB of headers",
    (rest) => `${head(`x-large: ${"x".repeat(64 * 1024)}`, "content-length: 2")}{}${rest}`,
  ],
  [
    "many small headers",
    (rest) =>
      `${head(...Array.from({ length: 4000 }, (_, at) => `x-${at}: ${at}`), "content-length: 2")}{}${rest}`,
  ],
  ["no version", (rest) => `POST /v1/chat/completions\r\n\r\n${rest}`],
  [
    "a version that is none",
    (rest) => `POST /v1/chat/completions HTTP/1.x\r\nhost: a\r\n\r\n${rest}`,
  ],
  [
    "no host",
    (rest) =>
      `POST /v1/chat/completions HTTP/1.1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n${rest}`,
  ],
  [
    "a method that is none",
    (rest) => `SMUGGLE /v1/chat/completions HTTP/1.1\r\nhost: a\r\n\r\n${rest}`,
  ],
];

function head(...lines: readonly string[]): string {
  const all = ["host: a", "content-type: application/json", "authorization: Bearer KEY", ...lines];
  return `POST /v1/chat/completions HTTP/1.1\r\n${all.join("\r\n")}\r\n\r\n`;
}

function both(body: string, encoding: string): string {
  return `${head(`content-length: ${body.length}`, `transfer-encoding: ${encoding}`)}${body}`;
}

/** What the gateway itself sends, and nothing that a caller could add to. */
const SENT_UPSTREAM = [
  "accept",
  "authorization",
  "connection",
  "content-length",
  "content-type",
  "host",
  "user-agent",
  "via",
];

function reply(asked: FakeRequest): Reply {
  const { stream, user } = asked.json() as { stream?: boolean; user?: string };
  if (stream === true) {
    return {
      headers: EVENT_STREAM,
      steps: [...chatStreamEvents(["one"]).slice(0, 2), { hang: true }],
    };
  }
  return {
    ...chatReply(`answer to ${user}`),
    headers: {
      "set-cookie": "session=of-the-upstream",
      "x-internal": "of-the-upstream",
      connection: "x-internal",
    },
  };
}

describe.each(storesToTest())("requests of a kind that no client sends (%s)", (store: Store) => {
  let world: FaultWorld;
  let key: string;

  beforeAll(async () => {
    world = await startFaultWorld({ store, handler: reply });
    await world.addModel("plain");
    ({ key } = await world.gateway.addKey({ budget_limit_usd: "10" }));
  });

  afterAll(() => world?.close());

  const usersAsked = () =>
    world.upstream.requests.map((one) => (one.json() as { user?: string }).user);

  async function sessionRows(session: string): Promise<LogRow[]> {
    const page = await world.gateway.admin("GET", `/logs?session=${session}`);
    return page["logs"] as LogRow[];
  }

  it.each(CORPUS)(
    `${threat("T30")}: %s is refused, and what hides behind is never served`,
    async (name, build) => {
      const raw = await openRaw(world.gateway.port);
      const hidden = rawChat(key, { model: "plain", user: `hidden behind ${name}` });
      raw.send(build(hidden).replaceAll("KEY", key));
      const text = await raw.closed;
      expect(text).toMatch(/^HTTP\/1\.1 4(?:00|31) /);
      expect(text.match(/HTTP\/1\.1 /g)).toHaveLength(1);
      expect(usersAsked()).not.toContain(`hidden behind ${name}`);
    },
  );

  it(`${threat("T30")}: bytes after a body are a request of their own, or none`, async () => {
    const raw = await openRaw(world.gateway.port);
    raw.send(`${rawChat(key, { model: "plain", user: "before" })}GARBAGE\r\n\r\n`);
    const text = await raw.closed;
    expect(text.match(/HTTP\/1\.1 \d+/g)?.at(-1)).toBe("HTTP/1.1 400");
    expect(usersAsked().filter((user) => user === "before").length).toBeLessThanOrEqual(1);
  });

  it(`${threat("T30")}: no header of a caller reaches the upstream, and none of its own the caller`, async () => {
    const raw = await openRaw(world.gateway.port);
    raw.send(
      rawChat(key, { model: "plain", user: "hops" }, [
        "connection: close, x-hop, authorization",
        "x-hop: of-the-caller",
        "keep-alive: timeout=5",
        "proxy-authorization: Basic of-the-caller",
        "proxy-connection: keep-alive",
        "te: trailers",
        "trailer: x-late",
        "upgrade: h2c",
        "http2-settings: AAMAAABkAAQAAP__",
        "x-forwarded-for: 203.0.113.7",
        "x-forwarded-host: of-the-caller",
        "forwarded: for=203.0.113.7",
        "x-api-base: http://of-the-caller",
        "api-key: of-the-caller",
        "cookie: of-the-caller=1",
        "openai-organization: of-the-caller",
      ]),
    );
    const text = await raw.closed;
    expect(text).toContain("answer to hops");
    expect(text).not.toContain("of-the-upstream");
    const sent = world.upstream.requests.find(
      (one) => (one.json() as { user: string }).user === "hops",
    );
    expect(Object.keys(sent?.headers ?? {}).toSorted()).toEqual(SENT_UPSTREAM);
    expect(JSON.stringify(sent?.headers)).not.toContain("of-the-caller");
    expect(sent?.headers["connection"]).toBe("keep-alive");
  });

  it(`${fault("F20")}: pipelined questions are answered one after the other, in their order`, async () => {
    const raw = await openRaw(world.gateway.port);
    const users = ["first", "second", "third", "fourth"];
    const last = rawChat(key, { model: "plain", user: "last" }, ["connection: close"]);
    raw.send(users.map((user) => rawChat(key, { model: "plain", user })).join("") + last);
    const text = await raw.closed;
    expect(text.match(/answer to \w+/g)).toEqual(
      [...users, "last"].map((user) => `answer to ${user}`),
    );
    await expectInvariants(world, { outcomes: [] });
  });

  it(`${fault("F20")}: a hang-up reaches the pipelined streams that wait for their turn`, async () => {
    const raw = await openRaw(world.gateway.port);
    const users = ["stream-1", "stream-2", "stream-3"];
    raw.send(
      users
        .map((user) =>
          rawChat(key, { model: "plain", user, stream: true }, ["x-conduit-session: pipelined"]),
        )
        .join(""),
    );
    const streams = () =>
      world.upstream.requests.filter((one) =>
        users.includes((one.json() as { user: string }).user),
      );
    await until("all are asked", () => streams().length === users.length);
    await raw.whenReceived(/"one"/);
    raw.socket.resetAndDestroy();
    const endings = await Promise.all(streams().map((one) => one.ended));
    expect(endings.map(({ by }) => by)).toEqual(["client", "client", "client"]);
    await until(
      "all have a row",
      async () => (await sessionRows("pipelined")).length === users.length,
    );
    expect((await sessionRows("pipelined")).map(({ outcome }) => outcome)).toEqual(
      Array(3).fill("cancelled"),
    );
    await expectInvariants(world, { outcomes: [] });
  });

  it.each([
    [
      "broken off with a reset",
      (socket: { resetAndDestroy: () => unknown }) => socket.resetAndDestroy(),
    ],
    ["half-closed", (socket: { end: () => unknown }) => socket.end()],
  ] as const)(
    `${fault("F20")}: an upload that is %s asks nobody and holds nothing`,
    async (how, end) => {
      const before = world.upstream.requests.length;
      const raw = await openRaw(world.gateway.port);
      const session = `upload-${how.length}`;
      const whole = rawChat(key, { model: "plain" }, [
        `x-conduit-session: ${session}`,
        "expect: 100-continue",
      ]);
      raw.send(whole.slice(0, -10));
      // The gateway reads the body once it says so.
      await raw.whenReceived(/100 Continue/);
      end(raw.socket);
      const text = await raw.closed;
      expect(text.replace("HTTP/1.1 100 Continue", "")).not.toContain("200 OK");
      await until("it has a row", async () => (await sessionRows(session)).length === 1);
      expect(await sessionRows(session)).toMatchObject([
        { outcome: "cancelled", tokens: { input: 0, output: 0 } },
      ]);
      expect(world.upstream.requests).toHaveLength(before);
      expect(world.gateway.stdout()).not.toContain("a request failed");
      await expectInvariants(world, { outcomes: [] });
    },
  );

  it(`${fault("F20")}: a caller who half-closes after a whole question leaves nothing behind`, async () => {
    const raw = await openRaw(world.gateway.port);
    raw.send(rawChat(key, { model: "plain", user: "half" }, ["x-conduit-session: half"]));
    raw.socket.end();
    await raw.closed;
    await until("it has a row", async () => (await sessionRows("half")).length === 1);
    await expectInvariants(world, { outcomes: [] });
  });
});
