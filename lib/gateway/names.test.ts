import type { LookupAddress } from "node:dns";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type LookupAll, NameLookup } from "#lib/providers/name-lookup.ts";
import { dropSingleton, singleton } from "#lib/singleton.ts";
import { type FakeUpstream, startFakeUpstream } from "#lib/testing/fake-upstream.ts";
import { type InProcessGateway, openGateway } from "#lib/testing/in-process-gateway.ts";
import { chatReply } from "#lib/testing/openai-replies.ts";
import { fault } from "#lib/testing/reliability-rows.ts";

const HERE: LookupAddress[] = [{ address: "127.0.0.1", family: 4 }];
/** A resolver that has no answer, in a way that it tells. */
const failing =
  (code: string): LookupAll =>
  (_host, _options, callback) =>
    setImmediate(() => callback(Object.assign(new Error(code), { code }), []));
const silent: LookupAll = () => undefined;
const working: LookupAll = (_host, _options, callback) => setImmediate(() => callback(null, HERE));

let resolver: LookupAll = working;
let asked = 0;
let gateway: InProcessGateway;
let upstream: FakeUpstream;
let key: string;

beforeAll(async () => {
  singleton<LookupAll>("egress.lookup", () => (host, options, callback) => {
    asked += 1;
    resolver(host, options, callback);
  });
  gateway = await openGateway();
  // Every call needs a connection of its own, and so its name.
  upstream = await startFakeUpstream(() => ({
    ...chatReply("resolved"),
    headers: { connection: "close" },
  }));
  key = await gateway.addKey({});
});

afterAll(async () => {
  await gateway?.close();
  await upstream?.close();
  dropSingleton("egress.lookup");
});

beforeEach(() => {
  resolver = working;
  asked = 0;
  dropSingleton("egress.names");
});

/** A model whose name is to be resolved, with one behind it whose address is written out. */
async function addModel(name: string, hasSpare: boolean): Promise<void> {
  const common = { provider: "openai_compatible", model_name: name, api_key: "sk-names" };
  const port = upstream.port;
  await gateway.addDeployment({ ...common, name, api_base: `http://${name}.localhost:${port}/v1` });
  if (hasSpare) {
    const spare = { ...common, name: `${name}-spare`, api_base: `${upstream.url}/v1`, priority: 2 };
    await gateway.addDeployment(spare);
  }
}

function ask(model: string): Promise<Response> {
  return fetch(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model, messages: [{ role: "user", content: "Hello!" }] }),
  });
}

describe(fault("F2"), () => {
  it("is a failed connection: the next target answers, and without one the caller is told", async () => {
    await addModel("gone", true);
    await addModel("alone", false);
    for (const code of ["ENOTFOUND", "EAI_AGAIN"]) {
      resolver = failing(code);
      const rescued = await ask("gone");
      expect([rescued.status, rescued.headers.get("x-conduit-deployment")]).toEqual([
        200,
        "gone-spare",
      ]);
      expect(await gateway.attempts(rescued)).toMatchObject([
        { ended: "network" },
        { ended: "ok" },
      ]);
    }
    const lost = await ask("alone");
    expect(lost.status).toBe(502);
    const row = await gateway.row(lost);
    expect(row).toMatchObject({ error_code: "upstream_unreachable", cost_nanos: 0n });
  });

  it("a resolver that says nothing costs two seconds, and the next target answers", async () => {
    await addModel("slow", true);
    resolver = silent;
    const began = performance.now();
    const reply = await ask("slow");
    expect(reply.headers.get("x-conduit-deployment")).toBe("slow-spare");
    // The row's bound is two seconds; the rest is room for a busy machine.
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(await gateway.attempts(reply)).toMatchObject([{ ended: "network" }, { ended: "ok" }]);
  });

  it("what the resolver said last is used for five minutes after it has failed", async () => {
    await addModel("kept", false);
    expect((await ask("kept")).status).toBe(200);
    for (const broken of [failing("EAI_AGAIN"), silent]) {
      resolver = broken;
      const reply = await ask("kept");
      expect([reply.status, reply.headers.get("x-conduit-attempts")]).toEqual([200, "1"]);
    }
    let nowMs = 0;
    const names = new NameLookup(() => nowMs);
    resolver = working;
    expect(await names.resolve("a.example")).toEqual(HERE);
    resolver = failing("ENOTFOUND");
    nowMs = 5 * 60_000;
    expect(await names.resolve("a.example")).toEqual(HERE);
    nowMs += 1;
    await expect(names.resolve("a.example")).rejects.toMatchObject({
      code: "upstream_unreachable",
    });
  });

  it("many connections to one name ask for it once", async () => {
    const answers: (() => void)[] = [];
    resolver = (_host, _options, callback) => answers.push(() => callback(null, HERE));
    const names = new NameLookup();
    const all = Array.from({ length: 50 }, () => names.resolve("many.example"));
    expect([asked, answers.length]).toEqual([1, 1]);
    answers[0]?.();
    expect(await Promise.all(all)).toEqual(all.map(() => HERE));
    resolver = working;
    await names.resolve("many.example");
    expect(asked).toBe(2);
  });
});
