import fc from "fast-check";
import { expect, it } from "vitest";
import type { ProviderId } from "#lib/catalog/providers.ts";
import type { Usage } from "#lib/contract/usage.ts";
import { costNanos } from "#lib/money.ts";
import { benchWire } from "#lib/testing/wire-bench.ts";
import { getWire } from "./index.ts";

const MAX_TOKENS = 2 ** 31 - 1;

/** What a broken or hostile server may write where a count belongs. */
const claim = fc.oneof(
  fc.constantFrom(-1, -5e9, 1e300, 2 ** 31, Number.NaN, Number.POSITIVE_INFINITY, 1.5, null, "12"),
  fc.double(),
  fc.integer(),
  fc.string(),
  fc.constantFrom({}, [], true),
);

const chatUsage = fc.record(
  {
    prompt_tokens: claim,
    completion_tokens: claim,
    total_tokens: claim,
    prompt_cache_hit_tokens: claim,
    prompt_tokens_details: fc.oneof(
      claim,
      fc.record({ cached_tokens: claim, cache_write_tokens: claim, audio_tokens: claim }),
    ),
    completion_tokens_details: fc.oneof(
      claim,
      fc.record({ reasoning_tokens: claim, audio_tokens: claim }),
    ),
  },
  { requiredKeys: [] },
);

const claudeUsage = fc.record(
  {
    input_tokens: claim,
    cache_read_input_tokens: claim,
    cache_creation_input_tokens: claim,
    cache_creation: fc.oneof(
      claim,
      fc.record({ ephemeral_5m_input_tokens: claim, ephemeral_1h_input_tokens: claim }),
    ),
    output_tokens: claim,
    output_tokens_details: fc.oneof(claim, fc.record({ thinking_tokens: claim })),
  },
  { requiredKeys: [] },
);

const byModality = fc.oneof(
  claim,
  fc.array(fc.record({ modality: fc.constantFrom("AUDIO", "TEXT"), tokenCount: claim })),
);
const geminiUsage = fc.record(
  {
    promptTokenCount: claim,
    toolUsePromptTokenCount: claim,
    cachedContentTokenCount: claim,
    thoughtsTokenCount: claim,
    candidatesTokenCount: claim,
    promptTokensDetails: byModality,
    cacheTokensDetails: byModality,
    candidatesTokensDetails: byModality,
  },
  { requiredKeys: [] },
);

function chatAnswer(usage: unknown): unknown {
  const message = { role: "assistant", content: "Hi" };
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model: "m",
    choices: [{ index: 0, message, finish_reason: "stop" }],
    usage,
  };
}

interface Case {
  provider: ProviderId;
  wire: Parameters<typeof getWire>[0];
  claims: fc.Arbitrary<unknown>;
  answerWith(usage: unknown): unknown;
}

const CASES: readonly Case[] = [
  { provider: "openai", wire: "openai", claims: chatUsage, answerWith: chatAnswer },
  // Counts reasoning beside its completion tokens, so that two claims are added up.
  { provider: "xai", wire: "openai", claims: chatUsage, answerWith: chatAnswer },
  {
    provider: "anthropic",
    wire: "anthropic",
    claims: claudeUsage,
    answerWith: (usage) => ({
      id: "msg_1",
      type: "message",
      role: "assistant",
      model: "m",
      content: [{ type: "text", text: "Hi" }],
      stop_reason: "end_turn",
      usage,
    }),
  },
  {
    provider: "google",
    wire: "gemini",
    claims: geminiUsage,
    answerWith: (usageMetadata) => ({
      candidates: [{ content: { role: "model", parts: [{ text: "Hi" }] }, finishReason: "STOP" }],
      usageMetadata,
    }),
  },
];

it.each(CASES)("whatever $provider claims to have used can be billed and logged", (one) => {
  const bench = benchWire(getWire(one.wire), one.provider);
  fc.assert(
    fc.property(one.claims, (claims) => {
      const { usage } = bench.decode(one.answerWith(claims));
      const parts = partsOf(usage);
      // A claim of nothing at all is no report, and then the gateway counts.
      expect(usage === undefined || parts.some((count) => count > 0)).toBe(true);
      for (const count of parts) {
        expect(Number.isInteger(count) && count >= 0 && count <= MAX_TOKENS).toBe(true);
      }
      expect(usage?.reasoning ?? 0).toBeLessThanOrEqual(usage?.output ?? 0);
      const bill = parts.map((tokens) => ({ tokens, nanosPerMillion: 1_000_000n }));
      expect(costNanos(bill)).toBeLessThanOrEqual(BigInt(MAX_TOKENS) * 8n);
    }),
  );
});

function partsOf(usage: Usage | undefined): number[] {
  return Object.values(usage ?? {});
}

it.each(CASES)("a report of nothing beside an answer is none with $provider", (one) => {
  const bench = benchWire(getWire(one.wire), one.provider);
  for (const claims of [{}, { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }]) {
    expect(bench.decode(one.answerWith(claims)).usage).toBeUndefined();
  }
});

it.each([null, "x", [null, "x"]])("tool calls that are none (%j) are left out", async (calls) => {
  const bench = benchWire(getWire("openai"), "openai");
  const frame = { id: "c", object: "chat.completion.chunk", created: 1, model: "m" };
  const said = [
    { delta: { role: "assistant", content: "Hi", tool_calls: calls }, finish_reason: null },
    { delta: {}, finish_reason: "stop" },
  ].map((choice) => JSON.stringify({ ...frame, choices: [{ index: 0, ...choice }], usage: {} }));
  const events = await bench.decodeStream([...said, "[DONE]"].map((data) => `data: ${data}\n\n`));
  const deltas = events.flatMap(({ chunk }) => chunk.choices.map(({ delta }) => delta));
  expect(deltas.flatMap((delta) => delta.tool_calls ?? [])).toEqual([]);
  expect(deltas.map((delta) => delta.content).join("")).toBe("Hi");
  expect(events.filter(({ usage }) => usage !== undefined)).toEqual([]);
  expect(events.at(-1)?.chunk.choices[0]?.finish_reason).toBe("stop");
});
