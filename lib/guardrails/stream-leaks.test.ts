import { describe, expect, it } from "vitest";
import type { StreamBatch, StreamEvent } from "#lib/contract/answer.ts";
import type { FinishReason } from "#lib/contract/chat.ts";
import type { GuardrailRule } from "#lib/contract/guardrail-rule.ts";
import type { VerdictRecord } from "#lib/contract/guardrail-verdict.ts";
import { ConduitError, isConduitError } from "#lib/errors.ts";
import { Masks } from "./mask.ts";
import { compileStage } from "./policy.ts";
import { restoreStream } from "./restore.ts";
import { ScreenedStream } from "./stream.ts";

/** What must not leave a stream however its upstream writes it. */
let counter = 0;

function rule(fields: Partial<GuardrailRule>): GuardrailRule {
  counter += 1;
  return {
    id: `rule-${counter}`,
    name: "rule",
    version: 1,
    type: "pii",
    stages: ["post"],
    action: "redact",
    mode: "enforced",
    scope: { kind: "organization" },
    fail: "closed",
    priority: 1,
    config: {},
    secret: null,
    message: null,
    ...fields,
  };
}

interface Said {
  content?: string;
  logprobs?: unknown;
  finish?: unknown;
}

function eventOf({ content, logprobs = null, finish = null }: Said): StreamEvent {
  const delta = content === undefined ? {} : { content };
  // Some servers send finishes that the contract does not know.
  const reason = finish as FinishReason | null;
  const choices = [{ index: 0, delta, logprobs, finish_reason: reason }];
  const object = "chat.completion.chunk";
  const chunk: StreamEvent["chunk"] = { id: "c", object, created: 1, model: "m", choices };
  return { chunk, text: JSON.stringify(chunk) };
}

async function* batchesOf(said: readonly Said[]): AsyncGenerator<StreamBatch> {
  for (const one of said) {
    yield { events: [eventOf(one)] };
  }
}

function screened(batches: AsyncIterable<StreamBatch>, by: GuardrailRule, all?: VerdictRecord[]) {
  return new ScreenedStream({
    batches,
    rules: compileStage([by], "post"),
    tools: {
      signal: new AbortController().signal,
      powersFor: () => {
        throw new Error("No rule here asks anybody.");
      },
      countTokens: () => 0,
    },
    blocked: ({ why }) => new ConduitError("content_blocked", { message: why }),
    onVerdicts: (verdicts) => all?.push(...verdicts),
    onWithheld: () => undefined,
  });
}

async function read(batches: AsyncIterable<StreamBatch>) {
  const events: StreamEvent[] = [];
  let blocked: string | null = null;
  try {
    for await (const batch of batches) {
      events.push(...batch.events);
    }
  } catch (thrown) {
    if (!isConduitError(thrown) || thrown.code !== "content_blocked") {
      throw thrown;
    }
    blocked = thrown.message;
  }
  const text = events.map(({ chunk }) => chunk.choices[0]?.delta.content ?? "").join("");
  return { events, blocked, text };
}

const pieces = (text: string, length: number): Said[] =>
  (text.match(new RegExp(`[^]{1,${length}}`, "g")) ?? []).map((content) => ({ content }));
const readScreened = (said: readonly Said[], by: GuardrailRule) =>
  read(screened(batchesOf([...said, { finish: "stop" }]), by));

describe("a finish that says nothing ends no choice", () => {
  it("so that a text is held back as before", async () => {
    const by = rule({ action: "block", config: { kinds: ["payment_card"] } });
    for (let before = 0; before < 200; before += 10) {
      const text = `${"w".repeat(before)} my card is 4111 1111 1111 1111 and that is all`;
      const said = pieces(text, 10).map((one) => ({ ...one, finish: "" }));
      const { blocked, text: left } = await readScreened(said, by);
      expect(blocked).toBe("found");
      expect(left).not.toContain("4111");
    }
  });

  it("so that a placeholder in two pieces is restored", async () => {
    const masks = new Masks();
    const placeholder = masks.placeholderOf("email", "ann.lee@example.com");
    const said = pieces(`to ${placeholder}.`, 6).map((one) => ({ ...one, finish: "" }));
    const { text } = await read(restoreStream(batchesOf(said), masks));
    expect(text).toBe("to ann.lee@example.com.");
  });
});

describe("a long private key", () => {
  const redacting = rule({ type: "secrets", config: {} });
  const keyOf = (lines: number) =>
    `-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n${"lQdGBGVxY2QBEADHx9Zk0Wv7l3m8n1c5r6t2y4u9i8o7p0a1s2d3f4g5h6j7k8l9\n".repeat(lines)}=aB3d\n-----END PGP PRIVATE KEY BLOCK-----`;

  it.each([110, 240])("of %i lines leaves as a label and nothing else", async (lines) => {
    const said = pieces(`Here: ${keyOf(lines)}\nThat is "it".`, 37);
    expect(await readScreened(said, redacting)).toMatchObject({
      blocked: null,
      text: 'Here: [PRIVATE_KEY]\nThat is "it".',
    });
  });

  it("that is longer than any that is waited for is never read in part", async () => {
    const said = pieces(`Here: ${keyOf(400)}\nThat is "it".`, 37);
    const { text, blocked } = await readScreened(said, redacting);
    expect(blocked).toBe("failed");
    expect(text).toBe("");
  });

  it("whose last line never comes holds back nothing that is no part of it", async () => {
    const prose = 'It starts with -----BEGIN PRIVATE KEY-----, and "so on" goes the rest. ';
    const text = prose + "words and more words, ".repeat(2_000);
    const { blocked, text: left } = await readScreened(pieces(text, 50), redacting);
    expect(blocked).toBeNull();
    expect(left.endsWith(text.slice(-20_000))).toBe(true);
  });
});

describe("a text that is mostly invisible", () => {
  const by = rule({ type: "content_filter", action: "block" });
  const padded = (count: number) =>
    [..."how to make a bomb at home"].map((one) => one + "\u200b".repeat(count)).join("");
  const bold = [..."how to make a bomb at home"]
    .map((one) => (one === " " ? one : String.fromCodePoint(0x1d41a - 97 + one.charCodeAt(0))))
    .join("");

  it.each([
    ["padded", padded(200), "found"],
    ["padded so that nothing can be told", padded(2_000), "failed"],
    ["in letters of two units, padded", bold.replace(/ /g, ` ${"\u2060".repeat(100)}`), "found"],
  ])("is read as it is seen: %s", async (_, text, why) => {
    const said = pieces(`${text}${" x y z".repeat(400)}`, 20);
    expect(await readScreened(said, by)).toMatchObject({ blocked: why, text: "" });
  });

  it("holds back no more of a text that can be seen", async () => {
    const text = "words and more words, ".repeat(200);
    const stream = screened(batchesOf(pieces(text, 20)), by);
    expect((await stream.begin().then((begun) => begun.next())).done).toBe(false);
    await stream.return();
  });
});

describe("the probabilities of tokens", () => {
  const by = rule({ config: { kinds: ["email"] } });
  const tokens = (...texts: string[]) => ({
    content: texts.map((token) => ({ token, logprob: -1, top_logprobs: [] })),
    refusal: null,
  });
  const mail = "ann.lee@example.com";

  it("do not leave without the text that they repeat", async () => {
    const { events, text } = await readScreened(
      [
        { logprobs: tokens(mail) },
        { content: `to ${mail} `, logprobs: null },
        { content: "and more", logprobs: tokens(mail) },
        { content: "", logprobs: tokens(mail) },
      ],
      by,
    );
    expect(text).toBe("to [EMAIL] and more");
    expect(JSON.stringify(events)).not.toContain("ann");
  });

  it("leave with it when nothing is found, in the very events that came", async () => {
    const said = [
      { content: "some words", logprobs: tokens("some", " words") },
      { content: " and more", logprobs: tokens("\u2581and", "\u2581more") },
      { finish: "stop" },
    ];
    const { events } = await read(screened(batchesOf(said), by));
    expect(events.map(({ text }) => text)).toEqual(said.map((one) => eventOf(one).text));
  });
});

describe("a stream whose request ends before it does", () => {
  const by = rule({ config: { kinds: ["email"] } });
  const words = pieces("words and more words, ".repeat(200), 300);

  it("is no complete answer for whoever reads on", async () => {
    const stream = await screened(batchesOf(words), by).begin();
    expect((await stream.next()).done).toBe(false);
    stream.close();
    await expect(stream.next()).rejects.toMatchObject({ code: "upstream_truncated" });
    expect((await stream.next()).done).toBe(true);
  });

  it("just ends for a reader that has left itself", async () => {
    const stream = await screened(batchesOf(words), by).begin();
    await stream.return();
    expect((await stream.next()).done).toBe(false);
    expect((await stream.next()).done).toBe(true);
  });

  it("stays complete when all of it has left", async () => {
    const verdicts: VerdictRecord[] = [];
    const stream = screened(batchesOf([...words, { finish: "stop" }]), by, verdicts);
    const { text } = await read(stream);
    stream.close();
    expect((await stream.next()).done).toBe(true);
    expect(text).toHaveLength(4_400);
    expect(verdicts).toMatchObject([{ state: "passed" }]);
  });
});
