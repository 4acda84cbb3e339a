import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Actor } from "#lib/console/actor.ts";
import { showAttention } from "#lib/console/attention.ts";
import { backtestGuardrail, prepareBacktest } from "#lib/console/guardrail-backtest.ts";
import { showRuleStats } from "#lib/console/guardrail-stats.ts";
import { testGuardrails } from "#lib/console/guardrail-test.ts";
import { changeRule, createRule, removeRule, showRules } from "#lib/console/guardrails.ts";
import { showLogFacets } from "#lib/console/log-stats.ts";
import { showRequestLog, showRequestLogs } from "#lib/console/request-logs.ts";
import { changeSettings } from "#lib/console/settings.ts";
import { guardrailCreate } from "#lib/contract/guardrail.ts";
import { guardrailBacktest, guardrailTest } from "#lib/contract/guardrail-test.ts";
import { requestLogQuery } from "#lib/contract/request-log.ts";
import { getSql } from "#lib/db/client.ts";
import { requireRuntime } from "#lib/gateway/runtime.ts";
import { newId } from "#lib/ids.ts";
import { type FakeUpstream, startFakeUpstream } from "./fake-upstream.ts";
import { type InProcessGateway, openGateway } from "./in-process-gateway.ts";
import { chatReply } from "./openai-replies.ts";
import { makePerson } from "./people.ts";

/** Rules tried out in the console: they say what they say of requests. */
let gateway: InProcessGateway;
let upstream: FakeUpstream;
let service: FakeUpstream;
let key: string;

const ADMIN: Actor = { principal: { kind: "admin_key" }, ip: null, requestId: newId() };

beforeAll(async () => {
  gateway = await openGateway();
  upstream = await startFakeUpstream(() => chatReply("Write to clerk@example.com."));
  service = await startFakeUpstream(() => ({ json: { verdict: "pass" } }));
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
  await Promise.all([upstream?.close(), service?.close()]);
});

beforeEach(async () => {
  const { rules } = await showRules(ADMIN, { limit: 200, offset: 0 });
  for (const { id } of rules) {
    await removeRule(ADMIN, id);
  }
  upstream.requests.length = 0;
  service.requests.length = 0;
});

const PII = { type: "pii", config: { kinds: ["email"] } };

const add = (fields: Record<string, unknown>) =>
  createRule(
    ADMIN,
    guardrailCreate.parse({ stage: "pre", action: "block", mode: "enforced", ...fields }),
  );

const dryRun = (fields: Record<string, unknown>, actor: Actor = ADMIN) =>
  testGuardrails(
    actor,
    guardrailTest.parse({
      messages: [{ role: "user", content: "I am ann@example.com." }],
      ...fields,
    }),
  );

async function ask(content: string): Promise<string> {
  const reply = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "gpt-5.2", messages: [{ role: "user", content }] }),
  });
  await reply.arrayBuffer();
  const id = reply.headers.get("x-request-id") ?? "";
  await gateway.rowOf(id);
  await requireRuntime().payloads.flush();
  return id;
}

describe("a dry run", () => {
  it("shows both sides of a text with what was found, and leaves no trace", async () => {
    await add({ ...PII, name: "Addresses", action: "mask" });
    await add({ ...PII, name: "Answers", stage: "post", action: "redact", mode: "shadow" });
    const [before] = await getSql()`select count(*)::int as n from request_logs`;
    const { result, verdicts, texts } = await dryRun({ answer: "Or bob@example.com." });

    expect(result).toBe("changed");
    expect(verdicts).toMatchObject([
      { rule: "Addresses", stage: "pre", state: "acted", mode: "enforced", kinds: { email: 1 } },
      { rule: "Answers", stage: "post", state: "acted", mode: "shadow", kinds: { email: 1 } },
    ]);
    expect(texts).toMatchObject([
      {
        side: "request",
        path: "messages[0].content",
        before: "I am ann@example.com.",
        after: "I am [EMAIL_1].",
        spans: [{ start: 5, end: 20, kind: "email", rule: "Addresses" }],
      },
      { side: "answer", before: "Or bob@example.com.", after: "Or bob@example.com." },
    ]);
    expect(upstream.requests).toEqual([]);
    const [after] = await getSql()`select count(*)::int as n from request_logs`;
    expect(after).toEqual(before);
  });

  it("ends where a request would have ended", async () => {
    await add({ ...PII, name: "No addresses", message: "Leave addresses out." });
    await add({ ...PII, name: "Answers", stage: "post" });
    const { result, blocked, verdicts } = await dryRun({ answer: "bob@example.com" });
    expect(result).toBe("blocked");
    expect(blocked).toEqual({
      stage: "pre",
      rule: "No addresses",
      why: "found",
      message: "Leave addresses out.",
    });
    expect(verdicts.map(({ rule }) => rule)).toEqual(["No addresses"]);
  });

  it("says of a request what the gateway says of it", async () => {
    await add({ ...PII, name: "Mask", action: "mask" });
    await add({
      type: "word_list",
      config: { words: ["secret plan"] },
      name: "Words",
      action: "warn",
    });
    await add({ type: "max_tokens", config: { max_tokens: 3 }, name: "Long", mode: "shadow" });
    const content = "My address is ann@example.com, and the secret plan is ready.";
    const id = await ask(content);
    const { verdicts, result } = await dryRun({ messages: [{ role: "user", content }] });
    const log = await showRequestLog(ADMIN, id);
    expect(verdicts.map(({ duration_ms: _, ...verdict }) => verdict)).toEqual(
      log.verdict_list.map(({ duration_ms: _, ...verdict }) => verdict),
    );
    expect(result).toBe(log.guardrail);
    const sent = upstream.requests[0]?.json() as { messages: { content: string }[] };
    const { texts } = await dryRun({ messages: [{ role: "user", content }] });
    expect(texts[0]?.after).toBe(sent.messages[0]?.content);
  });

  it("runs a draft in place of the rule it is of, and alone when that is wished", async () => {
    const stored = await add({ ...PII, name: "Addresses" });
    await add({ type: "word_list", config: { words: ["ann"] }, name: "Names", action: "log" });
    const draft = { type: "pii", stage: "pre", action: "redact", config: { kinds: ["email"] } };
    const both = await dryRun({ draft, rule_id: stored.id });
    expect(both.verdicts.map(({ rule, action }) => [rule, action])).toEqual([
      ["Addresses", "redact"],
      ["Names", "log"],
    ]);
    const alone = await dryRun({ draft, rule_id: stored.id, only: true });
    expect(alone.verdicts.map(({ rule }) => rule)).toEqual(["Addresses"]);
    expect((await showRules(ADMIN, { limit: 1, offset: 0 })).rules[0]?.action).toBe("block");
  });

  it("applies the rules of the key and the alias that it is taken to be of", async () => {
    const [row] = await getSql()`select id from api_keys limit 1`;
    await add({ ...PII, name: "Of the key", scope: { kind: "key", id: row?.["id"] } });
    expect(await dryRun({})).toMatchObject({ result: null, verdicts: [] });
    expect((await dryRun({ key_id: row?.["id"] })).result).toBe("blocked");
    const lead = await makePerson({ role: "team_admin" });
    await expect(dryRun({ key_id: row?.["id"] }, lead)).rejects.toMatchObject({ status: 404 });
  });

  it("asks services as the gateway does, and says when they could not be asked", async () => {
    const draft = {
      name: "Hook",
      type: "webhook",
      stage: "pre",
      action: "block",
      config: { url: `${service.url}/check` },
      secret: "a-signing-secret-1234",
    };
    service.replyWith(() => ({ json: { verdict: "flag", score: 0.7, kinds: { rude: 2 } } }));
    const flagged = await dryRun({ draft, only: true });
    expect(flagged.verdicts).toMatchObject([{ state: "acted", score: 0.7, kinds: { rude: 2 } }]);
    expect(service.requests[0]?.headers["x-conduit-signature"]).toMatch(/^t=\d+,v1=[0-9a-f]{64}$/);

    service.replyWith(() => ({ status: 500 }));
    const down = await dryRun({ draft, only: true });
    expect(down).toMatchObject({
      blocked: { why: "failed" },
      verdicts: [{ state: "failed", matches: 0 }],
    });
  });

  it("asks a judge model, and writes no log row for it", async () => {
    upstream.replyWith(() => chatReply('{"violates": true, "confidence": 0.9}'));
    const config = { model: "only", instructions: "Anything at all." };
    const draft = { name: "Judge", type: "llm_judge", stage: "pre", action: "log", config };
    const [before] = await getSql()`select count(*)::int as n from request_logs`;
    const { verdicts } = await dryRun({ draft, only: true });
    expect(verdicts).toMatchObject([{ state: "acted", score: 0.9 }]);
    const [after] = await getSql()`select count(*)::int as n from request_logs`;
    expect(after).toEqual(before);
    upstream.replyWith(() => chatReply("Write to clerk@example.com."));
  });

  it("asks nobody for those who may not set rules, and says which rules it did not try", async () => {
    const lead = await makePerson({ role: "team_admin" });
    const judge = { model: "only", instructions: "Anything at all." };
    const moderated = { moderation_model: "only" };
    await add({ type: "llm_judge", name: "Judge", config: judge });
    await add({ type: "content_filter", name: "Filter", config: moderated });
    await add({
      type: "webhook",
      name: "Hook",
      config: { url: `${service.url}/check` },
      secret: "a-signing-secret-1234",
    });
    await add({ type: "presidio", name: "Names", config: { analyzer_url: service.url } });
    // It runs in a thread of the gateway's own.
    await add({ type: "regex", name: "Pattern", config: { pattern: "(ann|bob)+@" } });

    const { blocked, verdicts } = await dryRun({}, lead);

    expect(blocked).toMatchObject({ rule: "Pattern", why: "found" });
    expect(verdicts.map(({ rule, state }) => [rule, state])).toEqual([
      ["Judge", "skipped"],
      ["Filter", "skipped"],
      ["Hook", "skipped"],
      ["Names", "skipped"],
      ["Pattern", "acted"],
    ]);
    expect(verdicts[0]?.reason).toContain("only those who may set rules");
    expect([...upstream.requests, ...service.requests]).toEqual([]);
  });

  it("lets only those make up a rule who may set one", async () => {
    const lead = await makePerson({ role: "team_admin" });
    await add({ ...PII, name: "Addresses" });
    expect((await dryRun({}, lead)).result).toBe("blocked");
    const draft = { type: "pii", stage: "pre", action: "log" };
    await expect(dryRun({ draft }, lead)).rejects.toMatchObject({ status: 403 });
  });
});

describe("a rule that cannot be checked", () => {
  const items = async () =>
    (await showAttention(await makePerson({ role: "admin" }))).filter(({ id }) =>
      id.startsWith("guardrail"),
    );

  it("waits for an administrator, who is told what becomes of the requests", async () => {
    const hook = {
      name: "Hook",
      type: "webhook",
      config: { url: `${service.url}/check` },
      secret: "a-signing-secret-1234",
    };
    service.replyWith(() => ({ json: { verdict: "pass" } }));
    const rule = await add(hook);
    await ask("Hello");
    expect(await items()).toEqual([]);

    service.replyWith(() => ({ status: 500 }));
    await ask("Hello");
    expect(await items()).toMatchObject([
      {
        id: `guardrail ${rule.id}`,
        level: "danger",
        detail: "1 of 2 checks failed lately. Those requests are refused.",
      },
    ]);
    await changeRule(ADMIN, rule.id, { fail: "open" });
    expect(await items()).toMatchObject([{ level: "warning" }]);
  });
});

describe("a backtest", () => {
  const backtest = (fields: Record<string, unknown>) =>
    backtestGuardrail(ADMIN, guardrailBacktest.parse({ limit: 100, ...fields }));

  it("says that there is nothing to read while no content is stored", async () => {
    const rule = await add({ ...PII, name: "Addresses" });
    await ask("ann@example.com");
    expect(await backtest({ rule_id: rule.id })).toMatchObject({ looked_at: 0, oldest_at: null });
  });

  it("counts what the rule did in shadow mode on the same requests, and finds them in the log", async () => {
    await changeSettings(ADMIN, "retention", { payload_storage: "full" });
    const rule = await add({ ...PII, name: "Watching", mode: "shadow", action: "redact" });
    const asked: string[] = [];
    for (const text of ["ann@example.com and bob@example.com", "Nothing", "c@example.com", "No"]) {
      asked.push(await ask(text));
    }
    const [live] = await getSql()`
      select count(*) filter (where state = 'acted')::int as acted,
        coalesce(sum(matches), 0)::int as matches
      from guardrail_verdicts where rule_id = ${rule.id}`;

    const told: number[] = [];
    const run = await prepareBacktest(ADMIN, guardrailBacktest.parse({ rule_id: rule.id }));
    const result = await run({ onProgress: ({ done }) => told.push(done) });

    expect(result).toMatchObject({
      looked_at: 4,
      acted: live?.["acted"],
      matches: live?.["matches"],
      passed: 2,
      kinds: { email: 3 },
      more: false,
    });
    expect(told).toEqual([1, 2, 3, 4]);
    expect(result.samples.map(({ request_id }) => request_id)).toEqual([asked[2], asked[0]]);
    expect(JSON.stringify(result)).not.toContain("example.com");

    const { rules } = await showRuleStats(ADMIN, { hours: 24 });
    expect(rules.find(({ rule_id: id }) => id === rule.id)).toMatchObject({
      runs: 4,
      acted: 0,
      would_have: 2,
      failed: 0,
      matches: 3,
      p95_ms: expect.any(Number),
    });
    const found = (query: Record<string, string>) =>
      showRequestLogs(ADMIN, requestLogQuery.parse(query));
    const byRule = await found({ rule_id: rule.id });
    expect(byRule.logs.map(({ id }) => id)).toEqual([asked[2], asked[0]]);
    const byResult = await found({ guardrail: "shadowed" });
    expect(byResult.logs.map(({ guardrail }) => guardrail)).toEqual(["shadowed", "shadowed"]);
    const facets = await showLogFacets(ADMIN, {
      filter: { rule: { include: [rule.id], exclude: [] } },
      from: new Date(Date.now() - 3_600_000),
      to: new Date(Date.now() + 3_600_000),
      facets: ["guard", "rule"],
    });
    expect(facets.guard).toEqual([{ value: "shadowed", label: "Would have acted", requests: 2 }]);
    expect(facets.rule).toContainEqual({ value: rule.id, label: "Watching", requests: 2 });
  });

  it("reads answers, stays within its limit and within the rule's scope, and is told in the audit log", async () => {
    const answers = { type: "pii", stage: "post", action: "block", config: { kinds: ["email"] } };
    expect(await backtest({ draft: answers })).toMatchObject({ looked_at: 4, acted: 4 });
    expect(await backtest({ draft: answers, limit: 10 })).toMatchObject({ looked_at: 4 });
    const scope = { kind: "alias", name: "nobody-asks-for-it" };
    expect(await backtest({ draft: { ...answers, scope } })).toMatchObject({
      looked_at: 4,
      out_of_scope: 4,
      acted: 0,
    });
    const events = await getSql()`
      select count(*)::int as n from audit_events where action = 'guardrail.backtest'`;
    expect(events[0]?.["n"]).toBeGreaterThanOrEqual(3);
  });

  it("is refused for more requests than a service should be asked about at once", async () => {
    const draft = {
      type: "webhook",
      stage: "pre",
      action: "log",
      config: { url: `${service.url}/check` },
      secret: "a-signing-secret-1234",
    };
    await expect(backtest({ draft, limit: 101 })).rejects.toMatchObject({ param: "limit" });
    service.replyWith(() => ({ json: { verdict: "pass" } }));
    expect(await backtest({ draft, limit: 100 })).toMatchObject({ looked_at: 4, passed: 4 });
    expect(service.requests).toHaveLength(4);
  });
});
