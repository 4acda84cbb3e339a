import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Actor } from "#lib/console/actor.ts";
import { showPayload } from "#lib/console/payloads.ts";
import { changeSettings } from "#lib/console/settings.ts";
import { createTeam } from "#lib/console/teams.ts";
import type { PayloadView } from "#lib/contract/payload.ts";
import { teamCreate } from "#lib/contract/team.ts";
import { getSql } from "#lib/db/client.ts";
import { logRowOf } from "#lib/db/request-log-row.ts";
import { insertRecords } from "#lib/db/request-logs.ts";
import { requireRuntime } from "#lib/gateway/runtime.ts";
import { newId } from "#lib/ids.ts";
import { type FakeUpstream, startFakeUpstream } from "./fake-upstream.ts";
import { type InProcessGateway, openGateway } from "./in-process-gateway.ts";
import { chatReply, chatStreamReply } from "./openai-replies.ts";
import { addPrompt } from "./prompts.ts";
import { makeRecord } from "./records.ts";

/** What is kept of requests and answers, from the door to the console. */
let gateway: InProcessGateway;
let upstream: FakeUpstream;
let key: string;

const ADMIN: Actor = { principal: { kind: "admin_key" }, ip: null, requestId: newId() };
const store = (storage: "metadata" | "full") =>
  changeSettings(ADMIN, "retention", { payload_storage: storage });

beforeAll(async () => {
  gateway = await openGateway();
  upstream = await startFakeUpstream(() => chatReply("hello"));
  await gateway.addDeployment({
    name: "only",
    provider: "openai",
    model_name: "gpt-5.2",
    api_key: "sk-upstream-canary",
    api_base: `${upstream.url}/v1`,
  });
  key = await gateway.addKey({});
});

afterAll(async () => {
  await gateway?.close();
  await upstream?.close();
});

beforeEach(() => {
  upstream.replyWith(() => chatReply("hello"));
});

async function ask(body: Record<string, unknown> = {}, usedKey = key): Promise<string> {
  const reply = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${usedKey}`,
      "content-type": "application/json",
      cookie: "a=secret-cookie",
      "x-conduit-session": "s-1",
    },
    body: JSON.stringify({
      model: "gpt-5.2",
      messages: [{ role: "user", content: "Grüße" }],
      ...body,
    }),
  });
  await reply.arrayBuffer();
  const id = reply.headers.get("x-request-id") ?? "";
  await gateway.rowOf(id);
  await requireRuntime().payloads.flush();
  return id;
}

async function stored(id: string): Promise<Extract<PayloadView, { state: "stored" }>> {
  const view = await showPayload(ADMIN, id);
  if (view.state !== "stored") {
    throw new Error(`It is not stored: ${JSON.stringify(view)}`);
  }
  return view;
}

async function countPayloads(): Promise<number> {
  const [row] = await getSql()`select count(*)::int as n from request_payloads`;
  return Number(row?.["n"]);
}

describe("while storage is off", () => {
  it("keeps nothing, and says which setting decided", async () => {
    const id = await ask();
    expect(await showPayload(ADMIN, id)).toEqual({ state: "not_stored", reason: "install" });
    expect(await countPayloads()).toBe(0);
  });
});

describe("while storage is on", () => {
  beforeAll(() => store("full"));
  afterAll(() => store("metadata"));

  it("keeps what a managed prompt made of a request, and not what it was made from", async () => {
    await addPrompt({
      name: "kept",
      messages: [{ role: "system", content: "Say {{word}}" }],
    });
    const view = await stored(
      await ask({ conduit_prompt: { name: "kept", variables: { word: "no" } } }),
    );
    expect(JSON.parse(view.request.text)).toEqual({
      model: "gpt-5.2",
      messages: [
        { role: "system", content: "Say no" },
        { role: "user", content: "Grüße" },
      ],
    });
  });

  it("keeps a whole answer and the body as it was sent, and no header that could be a secret", async () => {
    const view = await stored(await ask());
    expect(view.request).toEqual({
      text: '{"model":"gpt-5.2","messages":[{"role":"user","content":"Grüße"}]}',
      truncated: false,
    });
    expect(JSON.parse(view.answer?.text ?? "").choices[0].message.content).toBe("hello");
    expect(view.answer?.assembled).toBe(false);
    expect(view.headers).toMatchObject({
      "content-type": "application/json",
      "x-conduit-session": "s-1",
    });
    expect(JSON.stringify(view)).not.toContain(key);
    expect(JSON.stringify(view)).not.toContain("secret-cookie");
  });

  it("puts a streamed answer together in the form of a whole one", async () => {
    upstream.replyWith(() => chatStreamReply(["Once ", "upon ", "a time"]));
    const view = await stored(await ask({ stream: true }));
    const answer = JSON.parse(view.answer?.text ?? "");
    expect(view.answer?.assembled).toBe(true);
    expect(answer).toMatchObject({
      object: "chat.completion",
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: "Once upon a time" },
          finish_reason: "stop",
        },
      ],
    });
  });

  it("keeps the beginning of what is long, and says so", async () => {
    const long = "ä".repeat(200_000);
    const view = await stored(await ask({ messages: [{ role: "user", content: long }] }));
    expect(view.request.truncated).toBe(true);
    expect(Buffer.byteLength(view.request.text)).toBeLessThanOrEqual(256 * 1024);
    expect(view.request.text).not.toContain("\uFFFD");
  });

  it("keeps a request whose answer never came", async () => {
    upstream.replyWith(() => ({ status: 400, body: '{"error":{"message":"no"}}' }));
    const view = await stored(await ask());
    expect(view.answer).toBeNull();
    expect(view.request.text).toContain("Grüße");
  });

  it("a team that wants metadata only keeps nothing, and one that wants all does at any time", async () => {
    const discreet = await teamKey("Discreet", "metadata");
    const id = await ask({}, discreet);
    expect(await showPayload(ADMIN, id)).toEqual({ state: "not_stored", reason: "team" });

    await store("metadata");
    const open = await teamKey("Open", "full");
    expect((await stored(await ask({}, open))).request.text).toContain("Grüße");
    expect(await showPayload(ADMIN, await ask())).toMatchObject({ state: "not_stored" });
    await store("full");
  });

  it("what retention has removed is told as removed", async () => {
    const id = await ask();
    await getSql()`delete from request_payloads where request_id = ${id}`;
    expect(await showPayload(ADMIN, id)).toEqual({ state: "not_stored", reason: "unknown" });
    const old = newId(Date.UTC(2024, 0, 1));
    await insertRecords(getSql("batch"), `[${logRowOf(makeRecord({ id: old }))}]`);
    expect(await showPayload(ADMIN, old)).toEqual({ state: "removed", payload_days: 30 });
  });

  it("a payload moved to another request does not open", async () => {
    const [id, other] = [await ask(), await ask()];
    await getSql()`
      update request_payloads as here set wrapped_key = there.wrapped_key, box = there.box
      from request_payloads as there where here.request_id = ${id} and there.request_id = ${other}`;
    await expect(showPayload(ADMIN, id)).rejects.toThrow();
  });

  it("one's own content is free to read, another's leaves one event an hour, a stranger's is not there", async () => {
    const id = await ask();
    const [row] = await getSql()`select user_id, team_id from request_logs where id = ${id}`;
    const owner = person({ id: String(row?.["user_id"]) });
    const admin = person({ isAdmin: true });

    await showPayload(owner, id);
    expect(await views(id)).toBe(0);
    await showPayload(admin, id);
    await showPayload(admin, id);
    expect(await views(id)).toBe(1);
    await showPayload(person({ isAdmin: true }), id);
    expect(await views(id)).toBe(2);
    await expect(showPayload(person({}), id)).rejects.toMatchObject({ code: "not_found" });
    expect(await views(id)).toBe(2);
  });
});

async function views(id: string): Promise<number> {
  const [row] = await getSql()`
    select count(*)::int as n from audit_events
    where action = 'log.payload_viewed' and target_type = 'request' and target_id = ${id}`;
  return Number(row?.["n"]);
}

function person(fields: { id?: string; isAdmin?: boolean }): Actor {
  const principal = {
    kind: "user",
    id: newId(),
    email: "p@example.com",
    name: null,
    isAdmin: false,
    teams: [],
    sessionId: newId(),
    steppedUpUntil: null,
    ...fields,
  } as const;
  return { principal, ip: null, requestId: newId() };
}

async function teamKey(name: string, storage: string): Promise<string> {
  const team = await createTeam(ADMIN, teamCreate.parse({ name }));
  await getSql()`update teams set payload_storage = ${storage} where id = ${team.id}`;
  return await gateway.addKey({ team_id: team.id });
}
