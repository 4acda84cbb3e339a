import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { getProvider, PROVIDERS } from "#lib/catalog/providers.ts";
import {
  type FakeRequest,
  type FakeUpstream,
  startFakeUpstream,
} from "#lib/testing/fake-upstream.ts";
import { type InProcessGateway, openGateway } from "#lib/testing/in-process-gateway.ts";
import { type Json, objectPaths, withMembers } from "#lib/testing/json-places.ts";
import { threat } from "#lib/testing/reliability-rows.ts";
import { byTier } from "#lib/testing/tier.ts";

const CANARY = "sk-canary-2c9e6b1f4a7d8035";

let gateway: InProcessGateway;
let upstream: FakeUpstream;
let evil: FakeUpstream;
let key: string;

/** Every provider that can be pointed at our upstream, as one deployment each. */
const PROVIDER_IDS = Object.entries(PROVIDERS).flatMap(([id, row]) =>
  row.wire === "mock" ? [] : [id],
);

beforeAll(async () => {
  evil = await startFakeUpstream(() => ({ status: 200, json: {} }));
  upstream = await startFakeUpstream(() => ({
    status: 400,
    json: { error: { message: "Seen.", type: "invalid_request_error" } },
  }));
  gateway = await openGateway();
  for (const provider of PROVIDER_IDS) {
    await gateway.addDeployment({
      name: `at-${provider}`,
      provider,
      model_name: `model-of-${provider}`,
      api_base: `${upstream.url}/v1`,
      api_key: CANARY,
      allow_dropping_unsupported_fields: true,
    });
  }
  key = await gateway.addKey({});
});

afterAll(async () => {
  await gateway?.close();
  await Promise.all([upstream?.close(), evil?.close()]);
});

const CHAT = {
  messages: [
    { role: "system", content: [{ type: "text", text: "Be brief." }] },
    { role: "user", content: [{ type: "text", text: "Well?" }] },
  ],
  tools: [
    {
      type: "function",
      function: {
        name: "look_up",
        parameters: {
          type: "object",
          properties: { place: { type: "object", properties: { name: { type: "string" } } } },
        },
      },
    },
  ],
  metadata: { run: "1" },
  extra_body: { nested: { deep: { deeper: {} } } },
} satisfies Record<string, Json>;

const BODIES: Readonly<Record<string, Record<string, Json>>> = {
  "/v1/chat/completions": CHAT,
  "/v1/embeddings": { input: "One word.", extra_body: { nested: { deep: {} } } },
  "/v1/moderations": { input: "One word.", extra_body: { nested: { deep: {} } } },
};

/** What other gateways have let callers say of where a request goes and with which key. */
function overrides(): [string, Json][] {
  const url = `${evil.url}/v1`;
  const headers = { host: "evil.example", authorization: "Bearer evil", "x-api-key": "evil" };
  return [
    ["api_base", url],
    ["base_url", url],
    ["apiBase", url],
    ["baseURL", url],
    ["url", url],
    ["host", `127.0.0.1:${evil.port}`],
    ["endpoint", url],
    ["proxy", evil.url],
    ["headers", headers],
    ["extra_headers", headers],
    ["default_headers", headers],
    ["api_key", "evil"],
    ["apiKey", "evil"],
    ["api_version", "../../evil"],
    ["organization", "evil"],
    ["custom_llm_provider", "openai"],
    ["deployment_id", "../../../evil"],
    ["region", "evil.example/"],
    ["litellm_params", { api_base: url, api_key: "evil", headers }],
    ["extra_body", { api_base: url, api_key: "evil", headers }],
    ["model_list", [{ litellm_params: { api_base: url } }]],
    ["fallbacks", [{ model: "evil", api_base: url }]],
    ["config", { provider: "openai", custom_host: url }],
  ];
}

/** The same attempts in headers of the call. */
function evilHeaders(): Record<string, string> {
  return {
    "x-api-base": evil.url,
    "x-base-url": evil.url,
    "x-target-url": evil.url,
    "x-custom-host": evil.url,
    "x-forwarded-host": `127.0.0.1:${evil.port}`,
    "x-original-url": evil.url,
    "openai-organization": "evil",
    "api-key": "evil",
    "x-goog-api-key": "evil",
    "proxy-authorization": "Basic ZXZpbDpldmls",
  };
}

async function send(path: string, body: string, headers: Record<string, string> = {}) {
  const reply = await fetch(`${gateway.url}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers },
    body,
  });
  return { status: reply.status, text: await reply.text() };
}

/** All of an upstream request that says where it goes and who pays. */
function addressOf({ method, path, headers }: FakeRequest): Record<string, unknown> {
  const { "content-length": _length, ...rest } = headers;
  // Each request has a trace of its own; nothing else may differ.
  const { traceparent: _trace, ...said } = rest as Record<string, unknown>;
  return { method, path, ...said };
}

function endpointsOf(provider: string): string[] {
  const served: readonly string[] = getProvider(provider)?.endpoints ?? ["chat", "embeddings"];
  return Object.keys(BODIES).filter((path) =>
    served.includes(path === "/v1/chat/completions" ? "chat" : path.slice("/v1/".length)),
  );
}

/** Sends a body with overrides at every place; gives how many of those reached the upstream. */
async function smuggle(path: string, body: Record<string, Json>): Promise<number> {
  upstream.requests.length = 0;
  await send(path, JSON.stringify(body));
  const [plain] = upstream.requests;
  if (plain === undefined) {
    // A wire without this endpoint refuses before anything is sent.
    return 0;
  }
  expect(JSON.stringify(plain.headers)).toContain(CANARY);
  for (const place of objectPaths(body, 6)) {
    for (const members of membersToTry(place.length)) {
      gateway.resetHealth();
      const reply = await send(path, withMembers(body, place, members), evilHeaders());
      expect(reply.text).not.toContain(CANARY);
    }
  }
  const wanted = addressOf(plain);
  for (const request of upstream.requests) {
    expect(addressOf(request)).toEqual(wanted);
  }
  return upstream.requests.length - 1;
}

describe(threat("T5"), () => {
  it.each(PROVIDER_IDS)("%s is asked at its own address with its own key, always", async (id) => {
    let sent = 0;
    for (const path of endpointsOf(id)) {
      sent += await smuggle(path, { model: `at-${id}`, ...BODIES[path] });
    }
    expect(sent).toBeGreaterThan(0);
    expect(evil.requests).toEqual([]);
    expect(evil.openConnections()).toBe(0);
  });
});

/** All overrides at once, and in the full run also each alone: one may hide another. */
function membersToTry(depth: number): string[] {
  const each = overrides()
    .filter(([name]) => depth > 0 || name !== "extra_body")
    .map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  return byTier({ quick: [each.join(",")], all: [each.join(","), ...each] });
}
