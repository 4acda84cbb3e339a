import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { cacheEntries } from "#drizzle/schema/cache-entries.ts";
import { teams } from "#drizzle/schema/teams.ts";
import { flushEntries, retainListed } from "#lib/cache/store.ts";
import { deleteAllExactEntries } from "#lib/db/cache-entries.ts";
import { getDb } from "#lib/db/client.ts";
import { keepFor, openCarry } from "#lib/providers/carry.ts";
import { setCaches } from "#lib/testing/caches.ts";
import { type FakeUpstream, startFakeUpstream } from "#lib/testing/fake-upstream.ts";
import { setRules } from "#lib/testing/guardrail-rules.ts";
import { type InProcessGateway, openGateway } from "#lib/testing/in-process-gateway.ts";
import { chatReply, chatStreamReply } from "#lib/testing/openai-replies.ts";
import { makeTeam } from "#lib/testing/people.ts";

/** Stored answers of requests that guardrails have looked at, and of tool calls with provider state. */
let gateway: InProcessGateway;
let upstream: FakeUpstream;
let key: string;

beforeAll(async () => {
  gateway = await openGateway();
  upstream = await startFakeUpstream(() => chatReply("unset"));
  await gateway.addDeployment({
    name: "main",
    provider: "openai",
    model_name: "gpt-5.2",
    api_key: "sk-upstream-canary",
    api_base: `${upstream.url}/v1`,
    input_price_per_million_usd: "1",
    output_price_per_million_usd: "10",
  });
  key = await gateway.addKey({});
});

afterAll(async () => {
  await gateway?.close();
  await upstream?.close();
});

beforeEach(async () => {
  upstream.requests.length = 0;
  await setCaches({ exact_enabled: true });
  await flushEntries();
  await deleteAllExactEntries(getDb());
  await retainListed();
});

async function read(content: string, body: Record<string, unknown> = {}, who = key) {
  const reply = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${who}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "gpt-5.2", messages: [{ role: "user", content }], ...body }),
  });
  return { reply, text: await reply.text(), cache: reply.headers.get("x-conduit-cache") };
}

describe("an answer that a guardrail blocks", () => {
  it.each([false, true])("is never kept (stream: %s)", async (stream) => {
    await setRules({ name: "No addresses", stages: ["post"], action: "block" });
    let answer = "write to ann.lee@example.com today";
    upstream.replyWith(() => (stream ? chatStreamReply(answer.split(" ")) : chatReply(answer)));
    const blocked = await read("whom?", { stream });
    expect(blocked.text).toContain("content_blocked");
    answer = "write to nobody";
    const next = await read("whom?", { stream });
    expect(next.cache).toBe("MISS");
    expect(next.text).toContain("nobody");
    expect((await read("whom?", { stream })).cache).toBe("HIT");
  });
});

describe("an answer that a guardrail has changed", () => {
  it.each([false, true])("is kept as it was changed (stream: %s)", async (stream) => {
    await setRules({ name: "No addresses", stages: ["post"], action: "redact" });
    const words = ["write to ", "ann.lee@", "example.com", " today"];
    upstream.replyWith(() => (stream ? chatStreamReply(words) : chatReply(words.join(""))));
    await read("whom?", { stream });
    const hit = await read("whom?", { stream });
    expect(hit.cache).toBe("HIT");
    expect(hit.text).toContain("[EMAIL]");
    expect(hit.text).not.toContain("ann.lee");
  });

  it.each([false, true])(
    "gives each caller its own originals back (stream: %s)",
    async (stream) => {
      await setRules({ name: "Mask addresses", stages: ["pre"], action: "mask" });
      const words = ["I wrote to ", "[EMA", "IL_1]", "."];
      upstream.replyWith(() => (stream ? chatStreamReply(words) : chatReply(words.join(""))));
      const contentOf = (text: string): string => {
        const parts = [...text.matchAll(/"content":"([^"]*)"/g)];
        return parts.map(([, part]) => part).join("");
      };
      const first = await read("Write to ann.lee@example.com", { stream });
      const second = await read("Write to bob.ray@example.org", { stream });
      expect([first.cache, second.cache]).toEqual(["MISS", "HIT"]);
      expect(contentOf(first.text)).toBe("I wrote to ann.lee@example.com.");
      expect(contentOf(second.text)).toBe("I wrote to bob.ray@example.org.");
      expect(JSON.stringify(upstream.requests.map(({ body }) => String(body)))).not.toContain("@");
    },
  );
});

describe("a question that a guardrail could not read", () => {
  it("is answered anew each time, and stands in no cache", async () => {
    await setRules({
      type: "webhook",
      config: { url: "http://127.0.0.1:1/check" },
      secret: "a-signing-secret",
      action: "redact",
      fail: "open",
    });
    upstream.replyWith(() => chatReply("fine"));
    const results = [(await read("I am ann")).cache, (await read("I am ann")).cache];
    expect(results).toEqual(["MISS", "MISS"]);
    await flushEntries();
    expect(await getDb().select().from(cacheEntries)).toEqual([]);
  });
});

describe("a stored answer", () => {
  it("is not given under other rules than those that it went through", async () => {
    await setRules();
    upstream.replyWith(() => chatReply("ask ann.lee@example.com"));
    await read("whom?");
    expect((await read("whom?")).cache).toBe("HIT");
    await setRules({ name: "No addresses", stages: ["post"], action: "redact" });
    const screened = await read("whom?");
    expect(screened.cache).toBe("MISS");
    expect(screened.text).toContain("[EMAIL]");
  });

  it("brings the provider's state of its tool calls to whoever of the team gets it", async () => {
    await setRules();
    const team = await makeTeam();
    await getDb().update(teams).set({ shareCache: true }).where(eq(teams.id, team.id));
    const [one, two] = [
      await gateway.addKey({ team_id: team.id }),
      await gateway.addKey({ team_id: team.id }),
    ];
    const call = { id: "call_7", type: "function", function: { name: "f", arguments: "{}" } };
    const { json } = chatReply("");
    const answer = JSON.parse(JSON.stringify(json));
    answer.choices[0].message.tool_calls = [call];
    let asker = "";
    upstream.replyWith(() => {
      keepFor(asker)("call_7", { thoughtSignature: "opaque" });
      return { json: answer };
    });
    asker = await idOf(one);
    await read("call it", {}, one);
    expect((await read("call it", {}, two)).cache).toBe("HIT");
    const state = await openCarry({ keyId: await idOf(two), toolCallIds: ["call_7"] });
    expect(state.get("call_7")).toEqual({ thoughtSignature: "opaque" });
  });
});

async function idOf(secret: string): Promise<string> {
  const { reply } = await read("who am I?", {}, secret);
  return String((await gateway.row(reply))["key_id"]);
}
