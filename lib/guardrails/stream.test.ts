import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { StreamBatch, StreamEvent } from "#lib/contract/answer.ts";
import type { ChatDelta } from "#lib/contract/chat.ts";
import type { GuardrailRule } from "#lib/contract/guardrail-rule.ts";
import type { VerdictRecord } from "#lib/contract/guardrail-verdict.ts";
import { ConduitError, isConduitError } from "#lib/errors.ts";
import { Masks } from "./mask.ts";
import { compileStage } from "./policy.ts";
import { restoreAnswer, restoreStream } from "./restore.ts";
import type { CheckTools } from "./run-rule.ts";
import { screenStage } from "./screen.ts";
import { ScreenedStream } from "./stream.ts";
import { readAnswerTexts } from "./texts.ts";

/** Streams under rules on answers, cut in every way that a network and a provider could. */
let counter = 0;

function rule(fields: Partial<GuardrailRule>): GuardrailRule {
  counter += 1;
  return {
    id: `rule-${counter}`,
    name: `rule ${counter}`,
    version: 1,
    type: "pii",
    stages: ["post"],
    action: "redact",
    mode: "enforced",
    scope: { kind: "organization" },
    fail: "closed",
    priority: counter,
    config: { kinds: ["email", "payment_card"] },
    secret: null,
    message: null,
    ...fields,
  };
}

const TOOLS: CheckTools = {
  signal: new AbortController().signal,
  powersFor: () => {
    throw new Error("No rule here asks anybody.");
  },
  countTokens: (texts) => texts.join("").length,
};

type Channel = "content" | "reasoning_content" | "refusal" | "tool";

/** One piece of one channel of one choice, and whether the network breaks after it. */
interface Piece {
  choice: number;
  channel: Channel;
  text: string;
  breaks: boolean;
}

function deltaOf({ channel, text }: Piece): ChatDelta {
  return channel === "tool"
    ? { tool_calls: [{ index: 0, function: { arguments: text } }] }
    : { [channel]: text };
}

function eventOf(index: number, delta: ChatDelta, finish: "stop" | null): StreamEvent {
  const choices = [{ index, delta, logprobs: null, finish_reason: finish }];
  const chunk = {
    id: "c",
    object: "chat.completion.chunk" as const,
    created: 1,
    model: "m",
    choices,
  };
  return { chunk, text: JSON.stringify(chunk) };
}

async function* batchesOf(pieces: readonly Piece[]): AsyncGenerator<StreamBatch> {
  let events: StreamEvent[] = [];
  for (const piece of pieces) {
    events.push(eventOf(piece.choice, deltaOf(piece), null));
    if (piece.breaks) {
      yield { events };
      events = [];
    }
  }
  const choices = new Set(pieces.map(({ choice }) => choice));
  yield { events: [...events, ...[...choices].map((index) => eventOf(index, {}, "stop"))] };
}

interface Read {
  /** What left, by `choice.channel`. */
  texts: Record<string, string>;
  events: StreamEvent[];
  blocked: boolean;
  verdicts: VerdictRecord[];
  withheld: number;
}

async function readScreened(pieces: readonly Piece[], rules: GuardrailRule[]): Promise<Read> {
  const read: Read = { texts: {}, events: [], blocked: false, verdicts: [], withheld: 0 };
  const stream = new ScreenedStream({
    batches: batchesOf(pieces),
    rules: compileStage(rules, "post"),
    tools: TOOLS,
    blocked: ({ rule: by }) => new ConduitError("content_blocked", { message: by.name }),
    onVerdicts: (verdicts) => read.verdicts.push(...verdicts),
    onWithheld: (events) => {
      read.withheld += events.length;
    },
  });
  try {
    await collect(stream, read);
  } catch (thrown) {
    read.blocked = isConduitError(thrown) && thrown.code === "content_blocked";
    if (!read.blocked) {
      throw thrown;
    }
  }
  return read;
}

async function collect(batches: AsyncIterable<StreamBatch>, read: Read): Promise<void> {
  for await (const { events } of batches) {
    for (const event of events) {
      read.events.push(event);
      add(read.texts, event);
    }
  }
}

function add(texts: Record<string, string>, { chunk }: StreamEvent): void {
  for (const { index, delta } of chunk.choices) {
    for (const channel of ["content", "reasoning_content", "refusal"] as const) {
      const text = delta[channel];
      if (typeof text === "string") {
        texts[`${index}.${channel}`] = (texts[`${index}.${channel}`] ?? "") + text;
      }
    }
    for (const call of delta.tool_calls ?? []) {
      texts[`${index}.tool`] = (texts[`${index}.tool`] ?? "") + (call.function?.arguments ?? "");
    }
  }
}

function joined(pieces: readonly Piece[]): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const piece of pieces) {
    add(texts, eventOf(piece.choice, deltaOf(piece), null));
  }
  return texts;
}

/** The same texts as a whole answer. */
function wholeOf(texts: Record<string, string>): Record<string, unknown> {
  const indexes = new Set(Object.keys(texts).map((key) => Number(key.split(".")[0])));
  const choices = [...indexes].map((index) => ({
    index,
    message: {
      role: "assistant",
      content: texts[`${index}.content`] ?? null,
      reasoning_content: texts[`${index}.reasoning_content`] ?? null,
      refusal: texts[`${index}.refusal`] ?? null,
      tool_calls: [{ index: 0, function: { arguments: texts[`${index}.tool`] ?? "" } }],
    },
    finish_reason: "stop",
  }));
  return { choices };
}

async function screenWhole(texts: Record<string, string>, rules: GuardrailRule[]) {
  const { slots, unreadable, body } = readAnswerTexts(wholeOf(texts));
  const compiled = compileStage(rules, "post");
  const input = { stage: "post", masks: new Masks(), tools: TOOLS, unreadable } as const;
  const result = await screenStage({ ...input, rules: compiled, texts: slots });
  const read: Record<string, string> = {};
  const { choices } = body() as {
    choices: { index: number; message: ChatDelta & Record<string, unknown> }[];
  };
  for (const { index, message } of choices) {
    add(read, eventOf(index, message as ChatDelta, null));
  }
  return { result, texts: read };
}

function textsWithoutEmpty(texts: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== ""));
}

const FRAGMENTS = [
  "hello ",
  "ann.lee@example.com",
  "4111 1111 1111 1111",
  "a.b@c.de",
  " and ",
  "\n",
  "@",
  "4",
  "1111 ",
  "é🙂",
  "plain words that go on for a while, as answers do. ",
];

const plain = fc
  .array(fc.constantFrom(...FRAGMENTS), { maxLength: 60 })
  .map((parts) => parts.join(""));
const json = plain.map((text) => JSON.stringify({ to: text, n: 4111111111111111 }));

/** A text cut anywhere, also inside of a character. */
function cut(text: string, cuts: readonly number[]): string[] {
  const places = [...new Set(cuts.map((at) => at % (text.length + 1)))].toSorted((a, b) => a - b);
  const pieces = [0, ...places].map((from, at) => text.slice(from, places[at]));
  return pieces.filter((piece) => piece !== "");
}

/** Channels of two choices, each in order, dealt out in any order. */
const streams = fc
  .record({
    texts: fc.array(
      fc.tuple(
        fc.integer({ min: 0, max: 1 }),
        fc.constantFrom<Channel>("content", "reasoning_content", "refusal", "tool"),
        plain,
        json,
        fc.array(fc.nat(5000), { maxLength: 30 }),
      ),
      { minLength: 1, maxLength: 4 },
    ),
    order: fc.array(fc.nat(100), { minLength: 1, maxLength: 50 }),
    breaks: fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }),
  })
  .map(({ texts, order, breaks }) => {
    const lines = new Map<string, Piece[]>();
    for (const [choice, channel, text, arguments_, cuts] of texts) {
      const key = `${choice}.${channel}`;
      if (!lines.has(key)) {
        const parts = cut(channel === "tool" ? arguments_ : text, cuts);
        lines.set(
          key,
          parts.map((part) => ({ choice, channel, text: part, breaks: false })),
        );
      }
    }
    const queues = [...lines.values()];
    const dealt: Piece[] = [];
    for (let turn = 0; queues.some((queue) => queue.length > 0); turn += 1) {
      const open = queues.filter((queue) => queue.length > 0);
      const piece = open[(order[turn % order.length] ?? 0) % open.length]?.shift();
      if (piece !== undefined) {
        dealt.push({ ...piece, breaks: breaks[turn % breaks.length] === true });
      }
    }
    return dealt;
  });

describe("a stream cut anywhere", () => {
  it("leaves with the same text as the whole answer would", async () => {
    const rules = [rule({})];
    await fc.assert(
      fc.asyncProperty(streams, async (pieces) => {
        const streamed = await readScreened(pieces, rules);
        const whole = await screenWhole(joined(pieces), rules);
        expect(textsWithoutEmpty(streamed.texts)).toEqual(textsWithoutEmpty(whole.texts));
        expect(streamed.verdicts.map(({ state, matches }) => ({ state, matches }))).toEqual(
          whole.result.verdicts.map(({ state, matches }) => ({ state, matches })),
        );
      }),
      { numRuns: 400 },
    );
  });

  it("is blocked exactly when the whole answer would be, and no forbidden span has left", async () => {
    const rules = [rule({ action: "block" })];
    await fc.assert(
      fc.asyncProperty(streams, async (pieces) => {
        const texts = joined(pieces);
        const streamed = await readScreened(pieces, rules);
        const whole = await screenWhole(texts, rules);
        expect(streamed.blocked).toBe(whole.result.block !== null);
        const left = await screenWhole(streamed.texts, rules);
        expect(left.result.block).toBeNull();
        expect(streamed.blocked || streamed.withheld === 0).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  it("takes away all of a secret that is longer than what is held back of other text", async () => {
    const rules = [rule({ type: "secrets", config: {} })];
    const key = `-----BEGIN PRIVATE KEY-----\n${"MIIEvQIBADANBgkqhkiG9w0BAQEF\n".repeat(50)}-----END PRIVATE KEY-----`;
    const token = `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx${"a1B2".repeat(400)}.c2lnbmF0dXJl`;
    const texts = fc
      .array(fc.constantFrom(key, token, "plain words that go on. ".repeat(20), "\n", " "), {
        maxLength: 6,
      })
      .map((parts) => parts.join(" "));
    await fc.assert(
      fc.asyncProperty(texts, fc.array(fc.nat(9000), { maxLength: 80 }), async (text, cuts) => {
        const pieces = cut(text, cuts).map((part) => ({
          choice: 0,
          channel: "content" as const,
          text: part,
          breaks: true,
        }));
        const streamed = await readScreened(pieces, rules);
        const whole = await screenWhole(joined(pieces), rules);
        expect(textsWithoutEmpty(streamed.texts)).toEqual(textsWithoutEmpty(whole.texts));
      }),
      { numRuns: 200 },
    );
  });

  it("passes in the very events that came when nothing is found", async () => {
    const rules = [rule({})];
    const pieces = "words and more words, ".repeat(200).match(/.{1,9}/g) ?? [];
    const sent = pieces.map((text, at) => ({
      choice: 0,
      channel: "content" as const,
      text,
      breaks: at % 3 === 0,
    }));
    const streamed = await readScreened(sent, rules);
    expect(streamed.events.map(({ text }) => text)).toEqual([
      ...sent.map((piece) => eventOf(0, deltaOf(piece), null).text),
      eventOf(0, {}, "stop").text,
    ]);
    expect(streamed.verdicts).toMatchObject([{ state: "passed", matches: 0 }]);
  });

  it("lets a text go on its way before it is complete", async () => {
    const stream = new ScreenedStream({
      batches: endless(),
      rules: compileStage([rule({})], "post"),
      tools: TOOLS,
      blocked: () => new ConduitError("content_blocked", { message: "" }),
      onVerdicts: () => undefined,
      onWithheld: () => undefined,
    });
    const first = await (await stream.begin()).next();
    expect(first.done).toBe(false);
    await stream.return();
  });

  it("holds reasoning no longer than the answer after it needs to show that it is over", async () => {
    const seen: string[] = [];
    const stream = new ScreenedStream({
      batches: endless("content", { reasoning_content: "A short thought." }),
      rules: compileStage([rule({})], "post"),
      tools: TOOLS,
      blocked: () => new ConduitError("content_blocked", { message: "" }),
      onVerdicts: () => undefined,
      onWithheld: () => undefined,
    });
    const { value } = await (await stream.begin()).next();
    for (const { chunk } of (value as StreamBatch).events) {
      seen.push(String(chunk.choices[0]?.delta.reasoning_content));
    }
    expect(seen).toEqual(["A short thought."]);
    await stream.return();
  });

  it("takes the tokens' probabilities away with the text that they repeat", async () => {
    const event = eventOf(0, { content: "ann.lee@example.com" }, null);
    const [choice] = event.chunk.choices;
    const logprobs = { content: [{ token: "ann.lee@example.com", logprob: -1 }] };
    const chunk = {
      ...event.chunk,
      choices: choice === undefined ? [] : [{ ...choice, logprobs }],
    };
    const stream = new ScreenedStream({
      batches: (async function* () {
        yield { events: [{ chunk }] };
      })(),
      rules: compileStage([rule({})], "post"),
      tools: TOOLS,
      blocked: () => new ConduitError("content_blocked", { message: "" }),
      onVerdicts: () => undefined,
      onWithheld: () => undefined,
    });
    const read: Read = { texts: {}, events: [], blocked: false, verdicts: [], withheld: 0 };
    await collect(stream, read);
    expect(JSON.stringify(read.events)).not.toContain("ann");
    expect(read.texts["0.content"]).toBe("[EMAIL]");
  });
});

async function* endless(
  channel: "content" = "content",
  opening?: ChatDelta,
): AsyncGenerator<StreamBatch> {
  if (opening !== undefined) {
    yield { events: [eventOf(0, opening, null)] };
  }
  for (;;) {
    yield { events: [eventOf(0, { [channel]: "words and more words, " }, null)] };
  }
}

describe("rules that need the complete text", () => {
  const long = rule({ type: "max_tokens", action: "block", config: { max_tokens: 10 } });
  const pieces = (text: string): Piece[] =>
    text.split("").map((one) => ({ choice: 0, channel: "content", text: one, breaks: true }));

  it("hold all of an answer that they may stop", async () => {
    const read = await readScreened(pieces("far more than ten"), [long]);
    expect(read).toMatchObject({ blocked: true, texts: {}, verdicts: [{ state: "acted" }] });
    expect(await readScreened(pieces("short"), [long])).toMatchObject({
      blocked: false,
      texts: { "0.content": "short" },
      verdicts: [{ state: "passed" }],
    });
  });

  it("hold nothing of an answer that they only watch, and still read all of it", async () => {
    const watching = { ...long, id: "watching", mode: "shadow" as const };
    const stream = new ScreenedStream({
      batches: endless(),
      rules: compileStage([watching], "post"),
      tools: TOOLS,
      blocked: () => new ConduitError("content_blocked", { message: "" }),
      onVerdicts: () => undefined,
      onWithheld: () => undefined,
    });
    expect((await stream.next()).value.events).toHaveLength(1);
    await stream.return();
    const read = await readScreened(pieces("far more than ten"), [watching]);
    expect(read).toMatchObject({
      blocked: false,
      texts: { "0.content": "far more than ten" },
      verdicts: [{ state: "acted", mode: "shadow" }],
    });
  });

  it("read what rules with a window have left", async () => {
    const text = "ann.lee@example.com";
    const short = rule({ type: "max_tokens", action: "warn", config: { max_tokens: 10 } });
    const read = await readScreened(pieces(text), [short, rule({})]);
    expect(read.texts["0.content"]).toBe("[EMAIL]");
    expect(read.verdicts.map(({ type, state }) => [type, state])).toEqual([
      ["pii", "acted"],
      ["max_tokens", "passed"],
    ]);
  });

  it("say that they could not read an answer that nobody read to its end", async () => {
    const verdicts: VerdictRecord[] = [];
    const stream = new ScreenedStream({
      batches: endless(),
      rules: compileStage([long, rule({})], "post"),
      tools: TOOLS,
      blocked: () => new ConduitError("content_blocked", { message: "" }),
      onVerdicts: (all) => verdicts.push(...all),
      onWithheld: () => undefined,
    });
    await stream.return();
    expect(verdicts.map(({ state }) => state)).toEqual(["skipped", "skipped"]);
  });
});

describe("placeholders", () => {
  const VALUES = ['a "quoted" name', "b\\c", "ann@example.com", "line\nbreak"];

  it("are restored alike in a whole answer and in one cut anywhere", async () => {
    const masks = new Masks();
    const known = VALUES.map((value) => masks.placeholderOf("email", value));
    const texts = fc
      .array(fc.constantFrom(...known, "[EMAIL_9]", "[", "]", "[EMAIL", "_", " word ", "é🙂"), {
        maxLength: 30,
      })
      .map((parts) => parts.join(""));
    const cuts = fc.array(fc.nat(500), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(
        texts,
        cuts,
        fc.array(fc.boolean(), { minLength: 1 }),
        async (text, at, breaks) => {
          const argument = JSON.stringify({ to: text });
          const pieces = (["content", "tool"] as const).flatMap((channel) =>
            cut(channel === "tool" ? argument : text, at).map((part, turn) => ({
              choice: 0,
              channel,
              text: part,
              breaks: breaks[turn % breaks.length] === true,
            })),
          );
          const read: Read = { texts: {}, events: [], blocked: false, verdicts: [], withheld: 0 };
          await collect(restoreStream(batchesOf(pieces), masks), read);
          const whole = restoreAnswer({ kind: "whole", body: wholeOf(joined(pieces)) }, masks);
          const { choices } = whole.body as { choices: { message: ChatDelta }[] };
          const expected: Record<string, string> = {};
          for (const { message } of choices) {
            add(expected, eventOf(0, message, null));
          }
          expect(textsWithoutEmpty(read.texts)).toEqual(textsWithoutEmpty(expected));
          const originals = text.replace(
            /\[EMAIL_(\d)\]/g,
            (found, n) => VALUES[Number(n) - 1] ?? found,
          );
          expect(read.texts["0.content"] ?? "").toBe(originals);
          if (read.texts["0.tool"] !== undefined) {
            expect(JSON.parse(read.texts["0.tool"])).toEqual({ to: originals });
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it("avoid what the request says itself, and are the same for the same value", () => {
    const masks = new Masks();
    masks.avoid([{ path: "", origin: "user", text: "what is [EMAIL_1]?" }]);
    expect(masks.placeholderOf("email", "a@b.c")).toBe("[EMAIL_2]");
    expect(masks.placeholderOf("email", "d@e.f")).toBe("[EMAIL_3]");
    expect(masks.placeholderOf("email", "a@b.c")).toBe("[EMAIL_2]");
  });
});
