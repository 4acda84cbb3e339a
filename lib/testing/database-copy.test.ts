import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Actor } from "#lib/console/actor.ts";
import { createAdminToken } from "#lib/console/admin-tokens.ts";
import { createRule } from "#lib/console/guardrails.ts";
import { getSql } from "#lib/db/client.ts";
import { getEnv } from "#lib/env.ts";
import { requireRuntime } from "#lib/gateway/runtime.ts";
import { newId } from "#lib/ids.ts";
import { type FakeUpstream, startFakeUpstream } from "./fake-upstream.ts";
import { type InProcessGateway, openGateway } from "./in-process-gateway.ts";
import { chatReply } from "./openai-replies.ts";
import { makePerson, makeSession } from "./people.ts";
import { threat } from "./reliability-rows.ts";

const ADMIN: Actor = { principal: { kind: "admin_key" }, ip: null, requestId: newId() };
const PROVIDER_KEY = "sk-canary-e1d07a5c93b8";
const RULE_SECRET = "canary-of-a-webhook-4b1f";

let gateway: InProcessGateway;
let upstream: FakeUpstream;
/** Everything that opens something, by what it is. */
const secrets = new Map<string, string>();

beforeAll(async () => {
  upstream = await startFakeUpstream(() => chatReply("well"));
  gateway = await openGateway();
  await gateway.addDeployment({
    name: "model",
    provider: "openai",
    model_name: "gpt-5.2",
    api_base: `${upstream.url}/v1`,
    api_key: PROVIDER_KEY,
  });
  const key = await gateway.addKey({ alias: "app" });
  const person = await makePerson({ role: "admin" });
  const token = await createAdminToken(ADMIN, { name: "ci", scopes: ["key.read"] });
  const rule = {
    name: "Hook",
    type: "webhook",
    stage: "pre",
    action: "log",
    mode: "shadow",
  } as const;
  await createRule(ADMIN, { ...rule, config: { url: upstream.url }, secret: RULE_SECRET });
  const session = await makeSession(person.principal.id);
  secrets.set("the provider's key", PROVIDER_KEY);
  secrets.set("the webhook's secret", RULE_SECRET);
  secrets.set("a virtual key", key);
  secrets.set("an admin token", token.token);
  secrets.set("the admin key", process.env["CONDUIT_ADMIN_KEY"] ?? "");
  secrets.set("a session", session.sid);
  for (const secret of [key, `${key}x`, token.token]) {
    const reply = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
      body: JSON.stringify({ model: "model", messages: [{ role: "user", content: "Well?" }] }),
    });
    await reply.text();
  }
  await requireRuntime().recorder.flush(5000);
  await getSql()`checkpoint`.catch(() => undefined);
});

afterAll(async () => {
  await gateway?.close();
  await upstream?.close();
});

/** A secret as it may stand in a file: as text, and in the two usual encodings. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [secret, bytes.toString("hex"), bytes.toString("base64").replace(/=+$/, "")];
}

describe(threat("T14"), () => {
  it("a dump of every table holds nothing that opens anything", async () => {
    const names = await getSql()<{ name: string }[]>`
      select relname as name from pg_class
      where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace`;
    expect(names.length).toBeGreaterThan(30);
    let rows = 0;
    for (const { name } of names) {
      // Bytes come as hex in this form, and everything else as text.
      for (const row of await getSql()`select t::text as line from ${getSql()(name)} as t`) {
        rows += 1;
        for (const [what, secret] of secrets) {
          const found = formsOf(secret).filter((form) => String(row["line"]).includes(form));
          expect(found, `${what} in ${name}`).toEqual([]);
        }
      }
    }
    expect(rows).toBeGreaterThan(8);
  });

  it("the data directory holds nothing that opens anything, journal and write-ahead log included", () => {
    const { dataDir } = getEnv();
    const files = readdirSync(dataDir, { recursive: true, encoding: "utf8" })
      .map((name) => join(dataDir, name))
      .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);
    expect(files.length).toBeGreaterThan(2);
    const found = files.flatMap((path) => {
      const text = readFileSync(path).toString("latin1");
      return [...secrets].filter(([, secret]) =>
        formsOf(secret).some((form) => text.includes(form)),
      );
    });
    expect(found.map(([what]) => what)).toEqual([]);
  });

  it("what is looked for is really looked for", async () => {
    expect(secrets.size).toBeGreaterThanOrEqual(6);
    expect([...secrets.values()].every((secret) => secret.length >= 20)).toBe(true);
    const [row] = await getSql()`select t::text as line from api_keys as t`;
    expect(String(row?.["line"])).toContain("app");
  });
});
