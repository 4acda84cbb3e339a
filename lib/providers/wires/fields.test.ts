import { describe, expect, it } from "vitest";
import { PROVIDERS, type ProviderId, type ProviderRow } from "#lib/catalog/providers.ts";
import { type ChatRequest, chatRequest } from "#lib/contract/chat.ts";
import type { Deployment } from "#lib/contract/snapshot.ts";
import { isConduitError } from "#lib/errors.ts";
import type { EncodedRequest } from "#lib/providers/wire.ts";
import { testDeployment } from "#lib/testing/wire-contexts.ts";
import { getWire } from "./index.ts";

const TOOL = {
  type: "function",
  function: { name: "weather", parameters: { type: "object", properties: {} } },
};
const MESSAGES = [{ role: "user", content: "Hi, in JSON please" }];

/** A value that asks for something, for every documented field of the request. */
const FIELDS: Record<string, unknown> = {
  max_completion_tokens: 64,
  max_tokens: 64,
  temperature: 0.4,
  top_p: 0.5,
  n: 2,
  stop: ["END"],
  presence_penalty: 0.5,
  frequency_penalty: 0.5,
  logit_bias: { "50256": -100 },
  logprobs: true,
  top_logprobs: 2,
  seed: 7,
  stream: true,
  tools: [TOOL],
  functions: [{ name: "weather", parameters: { type: "object", properties: {} } }],
  function_call: { name: "weather" },
  response_format: { type: "json_object" },
  reasoning_effort: "low",
  verbosity: "low",
  modalities: ["text", "audio"],
  audio: { voice: "alloy", format: "wav" },
  prediction: { type: "content", content: "Hi" },
  service_tier: "flex",
  store: true,
  metadata: { team: "a" },
  user: "u-1",
  safety_identifier: "s-1",
  prompt_cache_key: "k",
  prompt_cache_options: { mode: "explicit", ttl: "30m" },
  prompt_cache_retention: "24h",
  web_search_options: { search_context_size: "low" },
  moderation: { model: "m", policy: { input: { mode: "score" } } },
};

/** Fields that mean something only beside another one, and so are sent with it. */
const BESIDE: Record<string, Record<string, unknown>> = {
  tool_choice: { tools: [TOOL] },
  parallel_tool_calls: { tools: [TOOL] },
  stream_options: { stream: true },
  top_logprobs: { logprobs: true },
};
const DEPENDENT: Record<string, unknown[]> = {
  tool_choice: [
    "none",
    "required",
    { type: "function", function: { name: "weather" } },
    { type: "allowed_tools", allowed_tools: { mode: "auto", tools: [TOOL] } },
  ],
  parallel_tool_calls: [false],
  stream_options: [{ include_usage: true, include_obfuscation: false }],
};

/** Parts, roles and message fields: what a message may hold. */
const MESSAGE_VARIANTS: Record<string, unknown[]> = {
  developer: [{ role: "developer", content: "Be brief." }, ...MESSAGES],
  name: [{ role: "user", content: "Hi", name: "ann" }],
  reasoning_content: [
    { role: "user", content: "Hi" },
    { role: "assistant", content: "Ho", reasoning_content: "They greet." },
    { role: "user", content: "Hi" },
  ],
  audio: [
    {
      role: "user",
      content: [{ type: "input_audio", input_audio: { data: "UklGRg==", format: "wav" } }],
    },
  ],
  file: [
    {
      role: "user",
      content: [{ type: "file", file: { file_id: "file-1", filename: "a.pdf" } }],
    },
  ],
  detail: [
    {
      role: "user",
      content: [
        { type: "image_url", image_url: { url: "https://images.test/a.png", detail: "low" } },
      ],
    },
  ],
};

/** Top-level keys that a wire of OpenAI's form may add to those of the client. */
const ADDED = new Set(["stream_options", "max_tokens", "max_completion_tokens"]);

const ids = Object.keys(PROVIDERS) as ProviderId[];

function encode(
  id: ProviderId,
  fields: Record<string, unknown>,
  overrides: Partial<Deployment> = {},
): EncodedRequest {
  const provider: ProviderRow = PROVIDERS[id];
  const request: ChatRequest = chatRequest.parse({ model: "m", messages: MESSAGES, ...fields });
  const codec = getWire(provider.wire).chat;
  if (codec === undefined) {
    throw new Error(`${id} serves no chat`);
  }
  return codec.encode(request, {
    deployment: testDeployment(id, overrides),
    provider,
    carried: { get: () => undefined },
  });
}

/** Whether a path names a field or something inside it. */
function isAbout(path: string, name: string): boolean {
  return path === name || path.startsWith(`${name}.`) || path.startsWith(`${name}[`);
}

type Fate = "sent" | "adjusted" | "refused" | "lost";

/** What became of a field: by comparing with the same request without it. */
function fateOf(
  id: ProviderId,
  fields: Record<string, unknown>,
  field: { name: string; without: Record<string, unknown> },
  overrides: Partial<Deployment> = {},
): Fate {
  const { name } = field;
  try {
    const encoded = encode(id, fields, overrides);
    if (encoded.adjusted.some((adjusted) => isAbout(adjusted, name))) {
      return "adjusted";
    }
    const other = encode(id, field.without, overrides);
    const before = JSON.stringify([other.body, other.path]);
    return JSON.stringify([encoded.body, encoded.path]) === before ? "lost" : "sent";
  } catch (error) {
    // A field that this one depends on may be refused before it.
    const names = [name, ...Object.keys(field.without)];
    if (isConduitError(error) && names.some((known) => isAbout(error.param ?? "", known))) {
      expect(error.status).toBe(400);
      return "refused";
    }
    throw error;
  }
}

describe.each(ids)("%s", (id) => {
  it.each(Object.keys(FIELDS))("sends, reports or refuses %s", (name) => {
    const without = BESIDE[name] ?? {};
    const fields = { ...without, [name]: FIELDS[name] };
    // A whole and a streamed request of some formats differ in their path alone.
    expect(fateOf(id, fields, { name, without })).not.toBe("lost");
  });

  it.each(
    Object.entries(DEPENDENT).flatMap(([name, values]) => values.map((value) => ({ name, value }))),
  )("sends, reports or refuses $name $value", ({ name, value }) => {
    const without = BESIDE[name] ?? {};
    expect(fateOf(id, { ...without, [name]: value }, { name, without })).not.toBe("lost");
  });

  it.each(Object.keys(MESSAGE_VARIANTS))("loses no %s of a message in silence", (name) => {
    const words: Record<string, RegExp> = {
      developer: /messages/,
      name: /messages\.name/,
      reasoning_content: /messages/,
      audio: /^$/,
      file: /^$/,
      detail: /image_url\.detail|messages/,
    };
    try {
      const { body, adjusted } = encode(id, { messages: MESSAGE_VARIANTS[name] });
      const text = JSON.stringify(body);
      const isSent =
        { developer: '"developer"', audio: "UklGRg==", file: "file-1" }[name] ?? `"${name}"`;
      expect(text.includes(isSent) || adjusted.some((field) => words[name]?.test(field))).toBe(
        true,
      );
    } catch (error) {
      if (!isConduitError(error)) {
        throw error;
      }
      expect(error.status).toBe(400);
      expect(error.param).toMatch(/^messages\[/);
    }
  });

  it("adds no key that the client left out, no null and no empty text", () => {
    const fields = { stream: true, tools: [TOOL], max_completion_tokens: 8, temperature: 1 };
    const request = id === "perplexity" ? { stream: true, temperature: 1 } : fields;
    const { body } = encode(id, request);
    expect(JSON.stringify(body)).not.toMatch(/:null|:""/);
    if (PROVIDERS[id].wire === "openai" || PROVIDERS[id].wire === "mock") {
      const known = new Set(["model", "messages", ...Object.keys(request), ...ADDED]);
      expect(Object.keys(body).filter((key) => !known.has(key))).toEqual([]);
    }
  });
});

it.each(ids.filter((id) => PROVIDERS[id].wire === "openai"))(
  "passes unknown fields of %s untouched",
  (id) => {
    const { body, adjusted } = encode(id, { top_k: 4, chat_template_kwargs: { thinking: true } });
    expect(body).toMatchObject({ top_k: 4, chat_template_kwargs: { thinking: true } });
    expect(adjusted).toEqual([]);
  },
);

it.each(ids)("drops nothing of %s in silence where a deployment allows dropping", (id) => {
  const options = { allowDroppingUnsupportedFields: true };
  const all = { logprobs: true, n: 2 };
  for (const name of ["logprobs", "n"] as const) {
    const { [name]: _, ...without } = all;
    expect(["sent", "adjusted"]).toContain(fateOf(id, all, { name, without }, options));
  }
});
