import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { getSql } from "#lib/db/client.ts";
import { newId } from "#lib/ids.ts";
import { setCaches } from "#lib/testing/caches.ts";
import { type FakeUpstream, type Reply, startFakeUpstream } from "#lib/testing/fake-upstream.ts";
import { setRules } from "#lib/testing/guardrail-rules.ts";
import { type InProcessGateway, openGateway } from "#lib/testing/in-process-gateway.ts";
import {
  chatReply,
  chatStreamEvents,
  chatStreamReply,
  EVENT_STREAM,
  errorReply,
} from "#lib/testing/openai-replies.ts";

/** Guardrails from the door to the log row, with a scripted upstream and real rules. */
let gateway: InProcessGateway;
let upstream: FakeUpstream;
/** Another service that a rule asks. */
let service: FakeUpstream;
let key: string;

const JSON_TYPE = { "content-type": "application/json" };
const WEBHOOK = () => ({
  type: "webhook" as const,
  config: { url: `${service.url}/check` },
  secret: "a-signing-secret",
});

beforeAll(async () => {
  gateway = await openGateway();
  upstream = await startFakeUpstream(() => chatReply("fine"));
  service = await startFakeUpstream(() => ({ json: { verdict: "pass" } }));
  await gateway.addDeployment({
    name: "only",
    provider: "openai",
    model_name: "gpt-5.2",
    api_key: "sk-upstream-canary",
    api_base: `${upstream.url}/v1`,
    input_price_per_million_usd: "1",
    output_price_per_million_usd: "10",
  });
  await gateway.addDeployment({
    name: "embedder",
    provider: "openai",
    model_name: "text-embedding-3-small",
    api_key: "sk-upstream-canary",
    api_base: `${upstream.url}/v1`,
  });
  key = await gateway.addKey({});
});

afterAll(async () => {
  await gateway?.close();
  await Promise.all([upstream?.close(), service?.close()]);
});

beforeEach(() => {
  gateway.resetHealth();
  upstream.requests.length = 0;
  service.requests.length = 0;
  upstream.replyWith(() => chatReply("fine"));
});

const EMAIL = "ann.lee@example.com";

function post(path: string, body: Record<string, unknown>) {
  return fetch(`${gateway.url}/v1${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

function chat(text: string, body: Record<string, unknown> = {}) {
  const messages = [{ role: "user", content: text }];
  return post("/chat/completions", { model: "gpt-5.2", messages, ...body });
}

async function verdicts(reply: Response): Promise<Record<string, unknown>[]> {
  await gateway.row(reply);
  return await getSql()`
    select * from guardrail_verdicts where request_id = ${reply.headers.get("x-request-id") ?? ""}
    order by position`;
}

/** The text of a streamed answer, as a client puts it together, and the error that ended it. */
function readStream(text: string): { content: string; error: string | undefined } {
  let content = "";
  let error: string | undefined;
  for (const line of text.split("\n\n")) {
    if (line.startsWith("data: {")) {
      const event = JSON.parse(line.slice(6));
      content += event.choices?.[0]?.delta?.content ?? "";
      error ??= event.error?.code;
    }
  }
  return { content, error };
}

describe("the stage before", () => {
  it("a blocked request reaches no upstream, and says which rule it was and not what it found", async () => {
    await setRules({ name: "No personal data" });
    const reply = await chat(`Write to ${EMAIL}`);
    expect(reply.status).toBe(400);
    const { error } = (await reply.clone().json()) as { error: Record<string, string> };
    expect(error["code"]).toBe("content_blocked");
    expect(error["message"]).toContain("No personal data");
    expect(error["message"]).not.toContain("ann");
    expect(reply.headers.get("x-conduit-guardrails")).toBe('block;rule="No personal data"');
    expect(upstream.requests).toHaveLength(0);
    expect(await gateway.row(reply)).toMatchObject({ outcome: "blocked", cost_nanos: 0n });
    expect(await verdicts(reply)).toMatchObject([
      { state: "acted", stage: "pre", action: "block", matches: 1, kinds: { email: 1 } },
    ]);
  });

  it("a masked value is never sent, and comes back to the caller", async () => {
    await setRules({ action: "mask" });
    upstream.replyWith(() => chatReply("I shall write to [EMAIL_1] and not to [EMAIL_2]."));
    const reply = await chat(`Write to ${EMAIL}`);
    expect(JSON.stringify(upstream.requests[0]?.json())).not.toContain("ann.lee");
    const body = (await reply.clone().json()) as { choices: { message: { content: string } }[] };
    expect(body.choices[0]?.message.content).toBe(
      `I shall write to ${EMAIL} and not to [EMAIL_2].`,
    );
  });

  it("a masked value comes back in a stream however its placeholder is split", async () => {
    await setRules({ action: "mask" });
    upstream.replyWith(() => chatStreamReply(["Dear [", "EMA", "IL_1", "], hello [EM", "PTY"]));
    const reply = await chat(`Write to ${EMAIL}`, { stream: true });
    expect(readStream(await reply.text()).content).toBe(`Dear ${EMAIL}, hello [EMPTY`);
  });
});

describe("the stage after", () => {
  it("a streamed answer never lets out a span that is split over events", async () => {
    await setRules({ stages: ["post"], action: "redact", config: { kinds: ["email"] } });
    upstream.replyWith(() => chatStreamReply(["Write to ann", ".lee@exa", "mple.com", " today"]));
    const reply = await chat("Whom?", { stream: true });
    expect(readStream(await reply.clone().text()).content).toBe("Write to [EMAIL] today");
    expect(await verdicts(reply)).toMatchObject([{ state: "acted", stage: "post", matches: 1 }]);
  });

  it("a blocked stream is an error with status 400 when nothing has left yet", async () => {
    await setRules({ stages: ["post"], config: { kinds: ["email"] } });
    upstream.replyWith(() => chatStreamReply(["Write to ann", ".lee@exa", "mple.com", " today"]));
    const reply = await chat("Whom?", { stream: true });
    expect(reply.status).toBe(400);
    expect(await gateway.row(reply)).toMatchObject({
      outcome: "blocked",
      status: 400,
      cost_nanos: 39_000n,
    });
  });

  it("a stream that has begun ends with one error event, and all that was written is paid for", async () => {
    await setRules({ stages: ["post"], config: { kinds: ["email"] } });
    const words = Array<string>(100).fill("plain words before it. ");
    const hasBegun = Promise.withResolvers<void>();
    const events = chatStreamEvents([...words, "ann.lee@exa", "mple.com", ...words]);
    upstream.replyWith(() => ({
      headers: EVENT_STREAM,
      steps: [...events.slice(0, 100), { until: hasBegun.promise }, ...events.slice(100)],
    }));
    const reply = await chat("Whom?", { stream: true });
    hasBegun.resolve();
    expect(reply.status).toBe(200);
    const { content, error } = readStream(await reply.clone().text());
    expect(error).toBe("content_blocked");
    expect(content).not.toContain("ann");
    expect(content).not.toBe("");
    expect(words.join("").startsWith(content)).toBe(true);
    const row = await gateway.row(reply);
    expect(row).toMatchObject({ outcome: "blocked", status: 200, error_code: "content_blocked" });
    expect(Number(row["cost_nanos"])).toBeGreaterThan(0);
  });

  it("a blocked whole answer is billed by what the upstream told", async () => {
    await setRules({ stages: ["post"] });
    upstream.replyWith(() => chatReply(`Ask ${EMAIL}`));
    const reply = await chat("Whom?");
    expect(reply.status).toBe(400);
    expect(await gateway.row(reply)).toMatchObject({
      outcome: "blocked",
      input_tokens: 9,
      output_tokens: 3,
      cost_nanos: 39_000n,
      estimated: false,
    });
  });

  it("reads the arguments of tools, escapes and all, and leaves them valid JSON", async () => {
    await setRules({ stages: ["post"], action: "redact" });
    const args = '{"to":"ann.lee\\u0040example.com","note":"a\\nb"}';
    const tool_calls = [
      { id: "t1", type: "function", function: { name: "send", arguments: args } },
    ];
    upstream.replyWith(() => ({
      json: {
        ...(chatReply("").json as object),
        choices: [
          {
            index: 0,
            message: { role: "assistant", content: null, tool_calls },
            finish_reason: "tool_calls",
          },
        ],
      },
    }));
    const body = (await (await chat("Send it")).json()) as {
      choices: { message: { tool_calls: { function: { arguments: string } }[] } }[];
    };
    const sent = body.choices[0]?.message.tool_calls[0]?.function.arguments ?? "";
    expect(JSON.parse(sent)).toEqual({ to: "[EMAIL]", note: "a\nb" });
  });
});

describe("the stage beside the upstream", () => {
  it("cuts the upstream as soon as it finds something, and what was sent is paid for", async () => {
    await setRules({ ...WEBHOOK(), stages: ["during"] });
    upstream.replyWith(() => ({ headers: EVENT_STREAM, steps: [{ hang: true }] }));
    service.replyWith(() => ({
      headers: JSON_TYPE,
      steps: [{ until: upstream.whenRequests(1) }, '{"verdict":"flag"}'],
    }));
    const reply = await chat("Hello", { stream: true });
    expect(reply.status).toBe(400);
    expect((await upstream.requests[0]?.ended)?.by).toBe("client");
    const row = await gateway.row(reply);
    expect(row).toMatchObject({ outcome: "blocked", status: 400 });
    expect(Number(row["cost_nanos"])).toBeGreaterThan(0);
    expect(await verdicts(reply)).toMatchObject([{ state: "acted", stage: "during" }]);
  });

  it("nothing of an answer leaves before the verdict of a slow check", async () => {
    const verdict = Promise.withResolvers<void>();
    service.replyWith(() => ({
      headers: JSON_TYPE,
      steps: [{ until: verdict.promise }, '{"verdict":"flag","matches":[]}'],
    }));
    await setRules({ ...WEBHOOK(), stages: ["during"] });
    upstream.replyWith(() => chatStreamReply(["at", " once"]));
    const asked = chat("Hello", { stream: true });
    await upstream.whenRequests(1);
    await upstream.requests[0]?.ended;
    verdict.resolve();
    const reply = await asked;
    expect(reply.status).toBe(400);
    expect(await gateway.row(reply)).toMatchObject({ outcome: "blocked" });
  });

  it("a check that is not done when the upstream fails leaves a skipped verdict", async () => {
    service.replyWith(() => ({ steps: [{ hang: true }] }));
    await setRules({ ...WEBHOOK(), stages: ["during"] });
    upstream.replyWith(() => errorReply(400, { message: "no", type: "invalid_request_error" }));
    const reply = await chat("Hello");
    expect(reply.status).toBe(400);
    expect(await verdicts(reply)).toMatchObject([{ state: "skipped", stage: "during" }]);
    expect(await gateway.row(reply)).toMatchObject({ outcome: "client_error" });
  });
});

describe("a check that cannot say anything", () => {
  const FAULTS: Record<string, () => Reply> = {
    "is down": () => ({ steps: [{ reset: true }] }),
    "is too slow": () => ({ steps: [{ hang: true }] }),
    "answers with an error": () => ({ status: 500, json: {} }),
    "answers nonsense": () => ({ json: { verdict: "perhaps" } }),
    "names a place outside of the text": () => ({
      json: { verdict: "flag", matches: [{ text: 7, start: 0, end: 2, kind: "email" }] },
    }),
  };

  it.each(Object.keys(FAULTS))("and %s stops the request when it fails closed", async (fault) => {
    service.replyWith(FAULTS[fault] ?? (() => ({})));
    await setRules({ ...WEBHOOK(), name: "outside", fail: "closed", message: "Own words" });
    const reply = await chat("Hello");
    expect(reply.status).toBe(503);
    expect(reply.headers.get("x-should-retry")).toBe("true");
    const { error } = (await reply.clone().json()) as { error: Record<string, string> };
    expect(error["code"]).toBe("guardrail_unavailable");
    expect(error["message"]).toContain('"outside" could not check the request');
    expect(upstream.requests).toHaveLength(0);
    expect(await verdicts(reply)).toMatchObject([{ state: "failed", matches: 0 }]);
    expect((await verdicts(reply))[0]?.["reason"]).toBeTruthy();
  });

  it.each(Object.keys(FAULTS))("and %s lets it pass when it fails open", async (fault) => {
    service.replyWith(FAULTS[fault] ?? (() => ({})));
    await setRules({ ...WEBHOOK(), fail: "open" });
    const reply = await chat("Hello");
    expect(reply.status).toBe(200);
    expect(await verdicts(reply)).toMatchObject([{ state: "failed" }]);
  });

  it("stops nobody when it only watches", async () => {
    service.replyWith(() => ({ status: 500, json: {} }));
    await setRules(
      { ...WEBHOOK(), mode: "shadow", fail: "closed" },
      { ...WEBHOOK(), action: "warn", fail: "closed" },
    );
    const reply = await chat("Hello");
    expect(reply.status).toBe(200);
    expect(await verdicts(reply)).toMatchObject([{ state: "failed" }, { state: "failed" }]);
  });

  it("keeps the answer that it could not read out of the cache", async () => {
    await setCaches({ exact_enabled: true });
    service.replyWith(() => ({ status: 500, json: {} }));
    await setRules({ ...WEBHOOK(), stages: ["post"], fail: "open" });
    const results = [];
    for (let turn = 0; turn < 2; turn += 1) {
      const reply = await chat("Has it been read?");
      await gateway.row(reply);
      results.push(reply.headers.get("x-conduit-cache"));
    }
    await setCaches({});
    expect(results).toEqual(["MISS", "MISS"]);
    expect(upstream.requests).toHaveLength(2);
  });

  it("stops a request whose input no rule can read", async () => {
    await setRules({});
    const reply = await post("/embeddings", { model: "embedder", input: [1, 2, 3] });
    expect(reply.status).toBe(503);
    expect(await verdicts(reply)).toMatchObject([{ state: "failed" }]);
  });
});

describe("rules of several scopes", () => {
  it("all hold together, and a narrower one takes nothing away", async () => {
    const [row] = await getSql()`select key_id from request_logs limit 1`;
    await setRules(
      { name: "all", action: "redact" },
      { name: "key", scopeKind: "key", scopeRef: String(row?.["key_id"]), action: "log" },
      { name: "other key", scopeKind: "key", scopeRef: newId() },
      { name: "alias", scopeKind: "alias", scopeRef: "no such alias" },
    );
    const reply = await chat(`Write to ${EMAIL}`);
    expect(reply.status).toBe(200);
    expect(JSON.stringify(upstream.requests[0]?.json())).toContain("[EMAIL]");
    expect((await verdicts(reply)).map((each) => each["rule_name"])).toEqual(["all", "key"]);
  });

  it("in shadow change nothing and are told in the log alone", async () => {
    await setRules({ mode: "shadow" }, { mode: "off" });
    const reply = await chat(`Write to ${EMAIL}`);
    expect(reply.status).toBe(200);
    expect(reply.headers.get("x-conduit-guardrails")).toBeNull();
    expect(JSON.stringify(upstream.requests[0]?.json())).toContain(EMAIL);
    expect(await verdicts(reply)).toMatchObject([{ state: "acted", mode: "shadow", matches: 1 }]);
    expect(await gateway.row(reply)).toMatchObject({ guardrail_result: "shadowed" });
  });

  it("send to another service only what those before it have left", async () => {
    service.replyWith(() => ({ json: { verdict: "pass" } }));
    await setRules({ action: "mask" }, WEBHOOK());
    await chat(`Write to ${EMAIL}`);
    expect(service.requests).toHaveLength(1);
    expect(service.requests[0]?.body.toString("utf8")).toContain("[EMAIL_1]");
    expect(service.requests[0]?.body.toString("utf8")).not.toContain("ann.lee");
  });

  it("are told to the caller in the words of the rule that blocks", async () => {
    await setRules({ message: "Please leave people's addresses out." });
    const { error } = (await (await chat(EMAIL)).json()) as { error: { message: string } };
    expect(error.message).toBe("Please leave people's addresses out.");
  });
});

describe("other endpoints", () => {
  it("embeddings are screened like everything else", async () => {
    await setRules({ action: "redact" });
    upstream.replyWith(() => ({
      json: {
        object: "list",
        model: "e",
        data: [{ object: "embedding", index: 0, embedding: [1] }],
      },
    }));
    const reply = await post("/embeddings", { model: "embedder", input: ["fine", EMAIL] });
    expect(reply.status).toBe(200);
    expect(upstream.requests[0]?.json()).toMatchObject({ input: ["fine", "[EMAIL]"] });
  });

  it("moderations are screened like everything else", async () => {
    await setRules({});
    const reply = await post("/moderations", { model: "gpt-5.2", input: EMAIL });
    expect(reply.status).toBe(400);
    expect(await gateway.row(reply)).toMatchObject({ outcome: "blocked" });
  });
});

describe("a rule that asks a model", () => {
  it("leaves a log row of its own for the question, which no rule looks at", async () => {
    await setRules({
      type: "llm_judge",
      config: { model: "gpt-5.2", instructions: "Nothing is against the rule." },
    });
    upstream.replyWith((request) =>
      request.body.includes("You judge texts")
        ? chatReply('{"violates":false}')
        : chatReply("fine"),
    );
    const reply = await chat("Hello", { user: "judge-test" });
    expect(reply.status).toBe(200);
    expect(await verdicts(reply)).toMatchObject([{ state: "passed" }]);
    const rows = await getSql()`
      select outcome, guardrail_result from request_logs
      where tags ->> 'conduit.purpose' = 'guardrail'`;
    expect(rows).toMatchObject([{ outcome: "ok", guardrail_result: null }]);
  });
});
