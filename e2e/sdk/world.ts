import { LLMock } from "@copilotkit/aimock";
import OpenAI from "openai";
import {
  type FakeHandler,
  type FakeRequest,
  type FakeUpstream,
  type Reply,
  startFakeUpstream,
} from "#lib/testing/fake-upstream.ts";
import { type Gateway, startGateway } from "#lib/testing/gateway.ts";
import { chatReply } from "#lib/testing/openai-replies.ts";
import type { ServerOptions } from "#lib/testing/process.ts";

/** The two ways into the gateway; whatever a suite says must hold for both. */
export const DOORS = ["fast", "next"] as const;
export type Door = (typeof DOORS)[number];

/** One deployment of each kind of provider, all served by one mock. */
export const CHAT_MODELS = {
  openai: "gpt-5.2",
  anthropic: "claude-sonnet-4-5",
  google: "gemini-2.5-flash",
  mistral: "mistral-large-latest",
} as const;
export type Vendor = keyof typeof CHAT_MODELS;
export const VENDORS = Object.keys(CHAT_MODELS) as readonly Vendor[];

export const EMBEDDING_MODELS = {
  openai: "text-embedding-3-small",
  google: "gemini-embedding-001",
  mistral: "mistral-embed",
} as const;

/** The models whose every byte the test decides, in OpenAI's format and in Mistral's. */
export const BYTES_MODEL = "bytes-model";
export const MISTRAL_BYTES_MODEL = "mistral-bytes-model";

export const HELLO = "Hello from the mock, in a sentence of more than one chunk.";
export const WEATHER = "It is 21 degrees in Paris and 9 degrees in Oslo.";
export const VECTOR = [0.25, -0.5, 0.125, 1];

/** The same counts under the name that each provider gives them. */
const USAGE = {
  prompt_tokens: 12,
  completion_tokens: 8,
  total_tokens: 20,
  input_tokens: 12,
  output_tokens: 8,
  promptTokenCount: 12,
  candidatesTokenCount: 8,
  totalTokenCount: 20,
} as const;

export interface World {
  gateway: Gateway;
  mock: LLMock;
  bytes: FakeUpstream;
  key: string;
  client: OpenAI;
  /** A client of its own, to count what it sends or to use another key. */
  clientWith: (options: { key?: string; fetch?: typeof fetch }) => OpenAI;
  /** Replaces what the byte-level upstream answers, and forgets what it saw. */
  script: (handler: FakeHandler) => void;
  close: () => Promise<void>;
}

/** A gateway behind one of its doors, with four kinds of provider and a byte-level one. */
export async function startWorld(door: Door, options: ServerOptions = {}): Promise<World> {
  const mock = await startMock();
  const bytes = await startFakeUpstream(() => chatReply("from the byte-level upstream"));
  const google = await startFakeUpstream(googleEmbeddings);
  const gateway = await startGateway({
    ...options,
    env: { CONDUIT_DOOR: door, ...options.env },
  });
  await assertDoor(gateway.url, door);
  await register(gateway, { mock: mock.url, bytes: bytes.url, google: google.url });
  const { key } = await gateway.addKey({ alias: "sdk-suite" });
  const clientWith: World["clientWith"] = (options) =>
    new OpenAI({
      baseURL: `${gateway.url}/v1`,
      apiKey: options.key ?? key,
      ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
    });
  return {
    gateway,
    mock,
    bytes,
    key,
    client: clientWith({}),
    clientWith,
    script: (handler) => {
      bytes.requests.length = 0;
      bytes.replyWith(handler);
    },
    close: async () => {
      await gateway.close();
      await bytes.close();
      await google.close();
      await mock.stop();
    },
  };
}

/**
 * A setting that nobody obeyed would have these suites go through the same door twice. Only Next
 * tells caches to mind its router's headers, so that `vary` shows who answered.
 */
async function assertDoor(url: string, door: Door): Promise<void> {
  const reply = await fetch(`${url}/v1/models`);
  const answeredBy = reply.headers.get("vary")?.includes("rsc") === true ? "next" : "fast";
  if (answeredBy !== door) {
    throw new Error(`The ${door} door was asked for, and the ${answeredBy} door answered.`);
  }
}

interface UpstreamUrls {
  mock: string;
  bytes: string;
  google: string;
}

async function register(gateway: Gateway, urls: UpstreamUrls): Promise<void> {
  // Anthropic and Google are given at their vendors' roots, as their own documentation does.
  const bases = {
    openai: `${urls.mock}/v1`,
    anthropic: urls.mock,
    google: urls.mock,
    mistral: `${urls.mock}/v1`,
  } as const;
  const secret = { api_key: "key-of-the-mock" };
  for (const vendor of VENDORS) {
    const row = { name: `${vendor}-chat`, provider: vendor, model_name: CHAT_MODELS[vendor] };
    await gateway.addDeployment({ ...row, ...secret, api_base: bases[vendor] });
  }
  const embeddingBases = { openai: bases.openai, google: urls.google, mistral: bases.mistral };
  for (const vendor of ["openai", "google", "mistral"] as const) {
    const model_name = EMBEDDING_MODELS[vendor];
    const row = { name: `${vendor}-embeddings`, provider: vendor, model_name };
    await gateway.addDeployment({ ...row, ...secret, api_base: embeddingBases[vendor] });
  }
  const bytes = { api_base: `${urls.bytes}/v1`, ...secret };
  const plain = { name: "bytes", provider: "openai_compatible", model_name: BYTES_MODEL };
  await gateway.addDeployment({ ...plain, ...bytes });
  const mistral = { name: "mistral-bytes", provider: "mistral", model_name: MISTRAL_BYTES_MODEL };
  await gateway.addDeployment({ ...mistral, ...bytes });
}

/** Google's two calls for embeddings; the mock knows only the one for a single text. */
function googleEmbeddings(request: FakeRequest): Reply {
  const body = request.json() as { requests?: unknown[] };
  const embedding = { values: VECTOR };
  return request.path.includes(":batchEmbedContents")
    ? { json: { embeddings: (body.requests ?? []).map(() => embedding) } }
    : { json: { embedding } };
}

async function startMock(): Promise<LLMock> {
  const mock = new LLMock({ port: 0, chunkSize: 8 });
  mock.onMessage("say hello", { content: HELLO, usage: USAGE });
  mock.on(
    { userMessage: "weather in two cities", hasToolResult: false },
    {
      toolCalls: [
        { name: "get_weather", arguments: JSON.stringify({ city: "Paris" }) },
        { name: "get_weather", arguments: JSON.stringify({ city: "Oslo" }) },
      ],
    },
  );
  mock.on({ userMessage: "weather in two cities", hasToolResult: true }, { content: WEATHER });
  mock.onMessage("capital as json", (request) => {
    const json = JSON.stringify({ city: "Paris", population: 2_103_000 });
    // A provider without native structured output is asked through a forced tool.
    const tool = request.tools?.[0]?.function.name;
    return tool === undefined
      ? { content: json }
      : { toolCalls: [{ name: tool, arguments: json }] };
  });
  mock.onEmbedding(/./, { embedding: VECTOR });
  await mock.start();
  return mock;
}
