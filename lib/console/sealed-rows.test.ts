import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { getSql } from "#lib/db/client.ts";
import { currentSnapshot, refreshSnapshot } from "#lib/db/snapshot.ts";
import { newId } from "#lib/ids.ts";
import { type FakeUpstream, startFakeUpstream } from "#lib/testing/fake-upstream.ts";
import { type InProcessGateway, openGateway } from "#lib/testing/in-process-gateway.ts";
import { chatReply } from "#lib/testing/openai-replies.ts";
import { threat } from "#lib/testing/reliability-rows.ts";
import type { Actor } from "./actor.ts";
import { showAttention } from "./attention.ts";
import { changeDeployment, showDeployment } from "./deployments.ts";
import { createRule } from "./guardrails.ts";

const ADMIN: Actor = { principal: { kind: "admin_key" }, ip: null, requestId: newId() };
const KEYS = { first: "sk-canary-first-51ac9e", second: "sk-canary-second-77b0d2" } as const;

let gateway: InProcessGateway;
let upstream: FakeUpstream;
let evil: FakeUpstream;
let key: string;
const ids = { first: "", second: "" };

beforeAll(async () => {
  upstream = await startFakeUpstream(() => chatReply("well"));
  evil = await startFakeUpstream(() => chatReply("evil"));
  gateway = await openGateway();
  for (const name of ["first", "second"] as const) {
    ids[name] = await gateway.addDeployment({
      name,
      provider: "openai",
      model_name: name,
      api_base: `${upstream.url}/v1`,
      api_key: KEYS[name],
    });
  }
  key = await gateway.addKey({});
});

afterAll(async () => {
  await gateway?.close();
  await Promise.all([upstream?.close(), evil?.close()]);
});

async function ask(model: string): Promise<number> {
  const reply = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model, messages: [{ role: "user", content: "Well?" }] }),
  });
  await reply.text();
  return reply.status;
}

/** What the upstreams were told, whatever the header. */
function told(...places: FakeUpstream[]): string {
  return places.flatMap(({ requests }) => requests.map((one) => one.rawHeaders.join())).join();
}

/** Runs SQL as somebody who has the database but not the keys, and puts everything back after. */
async function tampered(write: () => Promise<unknown>, look: () => Promise<void>): Promise<void> {
  const saved = await getSql()`select * from provider_credentials`;
  const deployments = await getSql()`select id, api_base, provider, credential_id from deployments`;
  try {
    await write();
    await refreshSnapshot();
    gateway.resetHealth();
    await look();
  } finally {
    for (const row of saved) {
      await getSql()`
        update provider_credentials set wrapped_key = ${row["wrapped_key"]}, box = ${row["box"]},
          key_version = ${row["key_version"]} where id = ${row["id"]}`;
    }
    for (const row of deployments) {
      await getSql()`
        update deployments set api_base = ${row["api_base"]}, provider = ${row["provider"]},
          credential_id = ${row["credential_id"]} where id = ${row["id"]}`;
    }
    await refreshSnapshot();
    gateway.resetHealth();
  }
}

/** Neither model is served by a key that was moved, no key is told, and somebody is alarmed. */
async function expectClosed(name: "first" | "second"): Promise<void> {
  const [before, evilBefore] = [upstream.requests.length, evil.requests.length];
  expect(await ask(name)).toBeGreaterThanOrEqual(400);
  expect(upstream.requests.length).toBe(before);
  expect(evil.requests.length).toBe(evilBefore);
  expect(currentSnapshot().deployments.get(ids[name])?.apiKey ?? null).toBeNull();
  const titles = (await showAttention(ADMIN)).map(({ title }) => title);
  expect(titles).toContain(`${name} has a key that does not open`);
}

describe(threat("T4"), () => {
  const places = (): [string, string, boolean][] => [
    ["scheme", upstream.url.replace("http:", "https:"), false],
    ["host", upstream.url.replace("127.0.0.1", "localhost"), false],
    ["another host", evil.url, false],
    ["port", evil.url, false],
    ["path", `${upstream.url}/another/v1`, true],
    ["region in the path", `${upstream.url}/eu-west-1/v1`, true],
  ];

  it("a base URL of another origin needs the key again, and the old key stays behind", async () => {
    for (const [what, apiBase, isSameOrigin] of places()) {
      const change = changeDeployment(ADMIN, ids.first, { api_base: apiBase });
      if (isSameOrigin) {
        expect((await change).api_base, what).toBe(apiBase);
      } else {
        await expect(change, what).rejects.toMatchObject({ status: 400, param: "api_key" });
      }
      await ask("first");
    }
    await changeDeployment(ADMIN, ids.first, { api_base: `${upstream.url}/v1` });
    expect(told(evil)).not.toContain("canary");
    expect((await showDeployment(ADMIN, ids.first)).api_base).toBe(`${upstream.url}/v1`);
  });

  it("a base URL that is changed in the database opens no key and calls nobody", async () => {
    for (const apiBase of [evil.url, `${evil.url}/v1`, `http://localhost:${upstream.port}/v1`]) {
      await tampered(
        () => getSql()`update deployments set api_base = ${apiBase} where id = ${ids.first}`,
        () => expectClosed("first"),
      );
    }
    await tampered(
      () => getSql()`update deployments set provider = 'mistral' where id = ${ids.first}`,
      () => expectClosed("first"),
    );
    expect(await ask("first")).toBe(200);
    expect(told(evil)).not.toContain("canary");
  });

  it("a guardrail's token is told to nobody that its rule is pointed at by hand", async () => {
    const secret = "presidio-canary-0193d1";
    const rule = await createRule(ADMIN, {
      name: "Names",
      type: "presidio",
      stage: "pre",
      action: "log",
      mode: "enforced",
      fail: "open",
      config: { analyzer_url: upstream.url },
      secret,
    });
    await ask("first");
    expect(told(upstream)).toContain(secret);
    await getSql()`
      update guardrail_rules set config = ${getSql().json({ analyzer_url: evil.url })}
      where id = ${rule.id}`;
    await refreshSnapshot();
    await ask("first");
    expect(told(evil)).not.toContain(secret);
    await getSql()`delete from guardrail_rules where id = ${rule.id}`;
    await refreshSnapshot();
  });
});

describe(threat("T45"), () => {
  it("two rows that swap their sealed keys open neither", async () => {
    const pairs = [["box"], ["wrapped_key"], ["box", "wrapped_key"]] as const;
    for (const columns of pairs) {
      await tampered(
        async () => {
          const [one, two] = await getSql()`select * from provider_credentials order by id`;
          for (const [to, from] of [
            [one, two],
            [two, one],
          ]) {
            for (const column of columns) {
              await getSql()`
                update provider_credentials set ${getSql()(column)} = ${from?.[column]}
                where id = ${to?.["id"]}`;
            }
          }
        },
        async () => {
          await expectClosed("first");
          await expectClosed("second");
        },
      );
    }
    expect([await ask("first"), await ask("second")]).toEqual([200, 200]);
  });

  it("a column in place of another, or a changed byte, opens nothing", async () => {
    const writes = [
      () => getSql()`update provider_credentials set box = wrapped_key`,
      () => getSql()`update provider_credentials set wrapped_key = box`,
      () => getSql()`update provider_credentials set key_version = 'v9'`,
      () =>
        getSql()`update provider_credentials set box = set_byte(box, 20, get_byte(box, 20) # 1)`,
      () => getSql()`update provider_credentials set box = '\\x00'::bytea`,
      () => getSql()`
        update provider_credentials set wrapped_key = set_byte(wrapped_key, 0, get_byte(wrapped_key, 0) # 1)`,
    ];
    for (const write of writes) {
      await tampered(write, async () => {
        await expectClosed("first");
        await expectClosed("second");
      });
    }
  });

  it("a deployment that takes another's key serves by it only where that key was meant for", async () => {
    const other = await gateway.addDeployment({
      name: "third",
      provider: "openai",
      model_name: "third",
      api_base: `${evil.url}/v1`,
      api_key: "sk-third-0123456789",
    });
    await tampered(
      () => getSql()`
        update deployments set credential_id = (select credential_id from deployments where id = ${ids.first})
        where id = ${other}`,
      async () => {
        expect(await ask("third")).toBeGreaterThanOrEqual(400);
        expect(told(evil)).not.toContain("canary");
      },
    );
  });
});
