import { describe, expect, it } from "vitest";
import type { StreamBatch } from "#lib/contract/answer.ts";
import type { GuardrailRule } from "#lib/contract/guardrail-rule.ts";
import { ConduitError } from "#lib/errors.ts";
import { compileStage } from "./policy.ts";
import { ScreenedStream } from "./stream.ts";

/** What a stream brings beside its deltas, and JSON whose escapes are cut over events. */
const MAIL = "ann@example.com";
const FILL = "and so on, ".repeat(200);

function rule(fields: Partial<GuardrailRule>): GuardrailRule {
  return {
    id: `rule-${JSON.stringify(fields)}`,
    name: "rule",
    version: 1,
    type: "pii",
    stages: ["post"],
    action: "redact",
    mode: "enforced",
    scope: { kind: "organization" },
    fail: "closed",
    priority: 1,
    config: { kinds: ["email"] },
    secret: null,
    message: null,
    ...fields,
  };
}

function batch(choice: object, beside: object = {}): StreamBatch {
  const choices = [{ index: 0, delta: {}, logprobs: null, finish_reason: null, ...choice }];
  const base = { id: "c", object: "chat.completion.chunk" as const, created: 1, model: "m" };
  return { events: [{ chunk: { ...base, choices, ...beside } }] };
}

async function* batchesOf(batches: readonly StreamBatch[]): AsyncGenerator<StreamBatch> {
  yield* batches;
  yield batch({ finish_reason: "stop" });
}

async function read(batches: readonly StreamBatch[], fields: Partial<GuardrailRule> = {}) {
  const states: string[] = [];
  const stream = new ScreenedStream({
    batches: batchesOf(batches),
    rules: compileStage([rule(fields)], "post"),
    tools: {
      signal: new AbortController().signal,
      powersFor: () => {
        throw new Error("No rule here asks anybody.");
      },
      countTokens: (texts) => texts.join("").length,
    },
    blocked: () => new ConduitError("content_blocked", { message: "blocked" }),
    onVerdicts: (verdicts) => states.push(...verdicts.map(({ state }) => state)),
    onWithheld: () => undefined,
  });
  const chunks = [];
  for await (const { events } of stream) {
    chunks.push(...events.map(({ chunk }) => chunk));
  }
  const content = chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("");
  return { chunks, content, states };
}

function pieces(text: string, length: number): StreamBatch[] {
  const cuts = Math.ceil(text.length / length);
  return Array.from({ length: cuts }, (_, at) =>
    batch({ delta: { content: text.slice(at * length, (at + 1) * length) } }),
  );
}

describe("a stream", () => {
  it("is read beside its deltas, also where every chunk repeats it", async () => {
    const beside = {
      citations: [`https://x.test/?q=${MAIL}`],
      search_results: [{ snippet: MAIL }],
    };
    const { chunks, states } = await read([
      batch({ delta: { content: "one " } }, beside),
      batch({ delta: { content: "two" }, sources: [MAIL] }, beside),
    ]);
    expect(states).toEqual(["acted"]);
    expect(JSON.stringify(chunks)).not.toContain(MAIL);
    expect(JSON.stringify(chunks).split("[EMAIL]")).toHaveLength(6);
  });

  it("is blocked by what stands beside its deltas", async () => {
    const cited = batch({ delta: { content: "fine" } }, { citations: [MAIL] });
    await expect(read([cited], { action: "block" })).rejects.toThrow("blocked");
  });

  it("joins what a choice writes without a delta", async () => {
    const { chunks } = await read([batch({ text: "to ann@exa" }), batch({ text: "mple.com now" })]);
    const text = chunks.map(({ choices }) => choices[0]?.["text"] ?? "").join("");
    expect(text).toBe("to [EMAIL] now");
  });

  it.each([1, 2, 3, 7, 64, 5000])(
    "of JSON hides nothing behind escapes, cut by %i",
    async (length) => {
      const source = `{"note":"${FILL}","to":"ann\\u0040example.com","also":["${FILL}"]}`;
      const { content, states } = await read(pieces(source, length));
      expect(states).toEqual(["acted"]);
      expect(JSON.parse(content)).toEqual({ note: FILL, to: "[EMAIL]", also: [FILL] });
    },
  );

  it.each([1, 3, 64])("of JSON hides no short word behind escapes, cut by %i", async (length) => {
    const config = { words: ["Müller"] };
    const source = `["${FILL} M\\u00fcller"]`;
    const { content } = await read(pieces(source, length), { type: "word_list", config });
    expect(content).not.toContain("ller");
  });

  it("of JSON with escapes keeps its bytes where nothing was found", async () => {
    const source = `{"a":"\\u00fc","b":"${FILL}"}`;
    const { content, states } = await read(pieces(source, 5));
    expect([content, states]).toEqual([source, ["passed"]]);
  });

  it("of JSON with escapes is one text for a rule that needs all of it", async () => {
    const config = { schema: { type: "object", required: ["a"] } };
    const fields = { type: "json_schema", action: "block", config } as const;
    const good = await read(pieces('{"a":"\\u00fc"}', 4), fields);
    expect(good.states).toEqual(["passed"]);
    await expect(read(pieces('{"b":"\\u00fc"}', 4), fields)).rejects.toThrow("blocked");
  });
});

it("of a burst that comes in one read no more than the window waits for what comes after it", async () => {
  const events = Array.from({ length: 200 }, () => batch({ delta: { content: "plain words. " } }));
  const burst: StreamBatch = { events: events.flatMap((each) => each.events) };
  const pause = Promise.withResolvers<void>();
  const stream = new ScreenedStream({
    batches: (async function* () {
      yield burst;
      await pause.promise;
      yield batch({ finish_reason: "stop" });
    })(),
    rules: compileStage([rule({})], "post"),
    tools: {
      signal: new AbortController().signal,
      powersFor: () => {
        throw new Error("No rule here asks anybody.");
      },
      countTokens: () => 0,
    },
    blocked: () => new ConduitError("content_blocked", { message: "Blocked." }),
    onVerdicts: () => undefined,
    onWithheld: () => undefined,
  });
  const first = await stream.next();
  expect(first.done).toBe(false);
  expect(first.value?.events.length).toBeGreaterThan(100);
  pause.resolve();
  let rest = 0;
  for await (const { events: later } of stream) {
    rest += later.length;
  }
  expect((first.value?.events.length ?? 0) + rest).toBe(201);
});
