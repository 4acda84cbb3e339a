import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FakeUpstream, startFakeUpstream } from "#lib/testing/fake-upstream.ts";
import { type InProcessGateway, openGateway } from "#lib/testing/in-process-gateway.ts";
import { type Json, type JsonPath, objectPaths, withMembers } from "#lib/testing/json-places.ts";
import { chatReply } from "#lib/testing/openai-replies.ts";
import { threat } from "#lib/testing/reliability-rows.ts";
import { byTier, seed } from "#lib/testing/tier.ts";

let gateway: InProcessGateway;
let upstream: FakeUpstream;
let key: string;

beforeAll(async () => {
  upstream = await startFakeUpstream(() => chatReply("well"));
  gateway = await openGateway();
  await gateway.addDeployment({
    name: "model",
    provider: "openai",
    model_name: "gpt-5.2",
    api_base: `${upstream.url}/v1`,
    api_key: "sk-0123456789",
  });
  key = await gateway.addKey({});
});

afterAll(async () => {
  await gateway?.close();
  await upstream?.close();
});

const NAMES = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "then"];

const BODY = {
  model: "model",
  messages: [{ role: "user", content: [{ type: "text", text: "Well?" }] }],
  tools: [
    {
      type: "function",
      function: {
        name: "look_up",
        parameters: { type: "object", properties: { place: { type: "object", properties: {} } } },
      },
    },
  ],
  metadata: { run: "1" },
  some_field_of_tomorrow: { with: { depth: {} } },
} satisfies Json;

/** Objects whose names are the caller's own to choose. */
const FREE_PLACES: readonly JsonPath[] = [
  [],
  ["tools", 0, "function", "parameters"],
  ["tools", 0, "function", "parameters", "properties"],
  ["tools", 0, "function", "parameters", "properties", "place", "properties"],
  ["some_field_of_tomorrow"],
  ["some_field_of_tomorrow", "with", "depth"],
];

/** Everything that hangs on the objects from which all others inherit. */
function inherited(): string {
  const roots = [Object, Array, Function, String, Map, Promise].map((each) => each.prototype);
  return roots.map((root) => Reflect.ownKeys(root).map(String).join()).join("\n");
}

async function send(body: string): Promise<number> {
  const reply = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body,
  });
  await reply.text();
  return reply.status;
}

describe(threat("T32"), () => {
  it("names of a prototype are names like others: they are taken, and arrive as they came", async () => {
    for (const place of FREE_PLACES) {
      for (const name of NAMES) {
        upstream.requests.length = 0;
        const member = `${JSON.stringify(name)}:{"polluted":"yes"}`;
        expect(await send(withMembers(BODY, place, member)), `${name} in ${place}`).toBe(200);
        const [request] = upstream.requests;
        const arrived = place.reduce<unknown>(
          (at, step) => Object.getOwnPropertyDescriptor(at, step)?.value,
          request?.json(),
        );
        expect(
          Object.getOwnPropertyDescriptor(arrived, name)?.value,
          `${name} in ${place.join(".")}`,
        ).toEqual({ polluted: "yes" });
      }
    }
  });

  it("no body, whatever it names, leaves anything on what all objects inherit", async () => {
    const before = inherited();
    const leaf = fc.constantFrom<Json>("polluted", 1, true, null, [], { polluted: true });
    const tree = fc.letrec<{ node: string; leaf: string }>((tie) => ({
      leaf: leaf.map((value) => JSON.stringify(value)),
      node: fc
        .array(fc.tuple(fc.constantFrom(...NAMES, "a"), fc.oneof(tie("leaf"), tie("node"))), {
          minLength: 1,
          maxLength: 3,
        })
        .map((members) => `{${members.map(([name, value]) => `"${name}":${value}`).join()}}`),
    })).node;
    const places = objectPaths(BODY, 6);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...places),
        fc.constantFrom(...NAMES),
        tree,
        async (place, name, value) => {
          const status = await send(withMembers(BODY, place, `"${name}":${value}`));
          expect([200, 400]).toContain(status);
          expect(inherited()).toBe(before);
          expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
        },
      ),
      { numRuns: byTier({ quick: 300, all: 10_000 }), seed: seed() },
    );
  }, 600_000);
});
