import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Actor } from "#lib/console/actor.ts";
import { showPayload } from "#lib/console/payloads.ts";
import { changeSettings } from "#lib/console/settings.ts";
import { requireRuntime } from "#lib/gateway/runtime.ts";
import { newId } from "#lib/ids.ts";
import { type FakeUpstream, startFakeUpstream } from "./fake-upstream.ts";
import { setRules } from "./guardrail-rules.ts";
import { type InProcessGateway, openGateway } from "./in-process-gateway.ts";
import { chatReply, chatStreamReply } from "./openai-replies.ts";

/** What is stored of requests that guardrails have changed or stopped, as the console shows it. */
let gateway: InProcessGateway;
let upstream: FakeUpstream;
/** Another service that a rule asks. */
let service: FakeUpstream;
let key: string;

const ADMIN: Actor = { principal: { kind: "admin_key" }, ip: null, requestId: newId() };
const EMAIL = "ann.lee@example.com";

beforeAll(async () => {
  gateway = await openGateway();
  upstream = await startFakeUpstream(() => chatReply("fine"));
  service = await startFakeUpstream(() => ({ status: 500, json: {} }));
  await gateway.addDeployment({
    name: "only",
    provider: "openai",
    model_name: "gpt-5.2",
    api_key: "sk-upstream-canary",
    api_base: `${upstream.url}/v1`,
  });
  key = await gateway.addKey({});
  await changeSettings(ADMIN, "retention", { payload_storage: "full" });
});

afterAll(async () => {
  await gateway?.close();
  await Promise.all([upstream?.close(), service?.close()]);
});

beforeEach(() => {
  upstream.replyWith(() => chatReply("fine"));
});

function chat(text: string, body: Record<string, unknown> = {}) {
  const messages = [{ role: "user", content: text }];
  return fetch(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "gpt-5.2", messages, ...body }),
  });
}

describe("stored content", () => {
  async function storedText(reply: Response): Promise<string> {
    await gateway.row(reply);
    await requireRuntime().payloads.flush();
    const view = await showPayload(ADMIN, reply.headers.get("x-request-id") ?? "");
    return JSON.stringify(view);
  }

  it("holds placeholders and labels, and never what they stand for", async () => {
    await setRules({ action: "mask" }, { stages: ["post"], action: "redact" });
    for (const stream of [false, true]) {
      const texts = ["Dear [EMAIL_1], ask bob@example.org"];
      upstream.replyWith(() => (stream ? chatStreamReply(texts) : chatReply(texts.join(""))));
      const reply = await chat(`Write to ${EMAIL}`, stream ? { stream } : {});
      expect(await reply.clone().text()).toContain(EMAIL);
      const stored = await storedText(reply);
      expect(stored).toContain("Write to [EMAIL_1]");
      expect(stored).toContain("Dear [EMAIL_1], ask [EMAIL]");
      expect(stored).not.toMatch(/ann\.lee|bob@/);
    }
  });

  it("holds a blocked request without the spans that blocked it, or that later rules would take", async () => {
    await setRules(
      { config: { kinds: ["payment_card"] } },
      { action: "redact", config: { kinds: ["email"] } },
    );
    const reply = await chat(`${EMAIL} pays with 4111 1111 1111 1111`);
    expect(reply.status).toBe(400);
    const stored = await storedText(reply);
    expect(stored).toContain("[EMAIL] pays with [PAYMENT_CARD]");
  });

  it("is not kept when a rule that takes something out could not run", async () => {
    await setRules({
      type: "webhook",
      config: { url: `${service.url}/check` },
      secret: "a-signing-secret",
      action: "redact",
      fail: "open",
    });
    expect(await storedText(await chat("Hello"))).not.toContain("Hello");
  });

  it.each([false, true])(
    "is not kept when one on answers could not run (stream: %s)",
    async (stream) => {
      await setRules({
        type: "webhook",
        config: { url: `${service.url}/check` },
        secret: "a-signing-secret",
        stages: ["post"],
        action: "redact",
        fail: "open",
      });
      upstream.replyWith(() => (stream ? chatStreamReply(["Ask ", EMAIL]) : chatReply(EMAIL)));
      const reply = await chat("Whom?", { stream });
      expect(await reply.clone().text()).toContain(EMAIL);
      expect(await storedText(reply)).not.toContain("ann.lee");
    },
  );

  it("is not kept of a request that was refused before any rule could look at it", async () => {
    await setRules({ action: "redact" });
    const reply = await chat(EMAIL, { model: "no-such-model" });
    expect(reply.status).toBe(404);
    expect(await storedText(reply)).not.toContain("ann.lee");
  });
});
