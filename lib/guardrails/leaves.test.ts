import { describe, expect, it } from "vitest";
import type { GuardrailRule } from "#lib/contract/guardrail-rule.ts";
import { Masks } from "./mask.ts";
import { compileStage } from "./policy.ts";
import type { CheckTools } from "./run-rule.ts";
import { type StageResult, screenStage } from "./screen.ts";
import { readAnswerTexts, readRequestTexts, type ScannedBody } from "./texts.ts";

/** Places in which something could hide from rules, and what rules do about what stands there. */
const CARD = "4111 1111 1111 1111";
const DIGITS = "4111111111111111";
const MAIL = "ann@example.com";
const TOOLS: CheckTools = {
  signal: new AbortController().signal,
  powersFor: () => {
    throw new Error("No rule here asks anybody.");
  },
  countTokens: (texts) => texts.join("").length,
};

async function screen(body: ScannedBody, fields: Partial<GuardrailRule>): Promise<StageResult> {
  const rule: GuardrailRule = {
    id: `rule-${fields.type ?? "pii"}-${fields.action}-${fields.fail}`,
    name: "rule",
    version: 1,
    type: "pii",
    stages: ["pre"],
    action: "block",
    mode: "enforced",
    scope: { kind: "organization" },
    fail: "closed",
    priority: 1,
    config: { kinds: ["email", "payment_card"] },
    secret: null,
    message: null,
    ...fields,
  };
  const rules = compileStage([rule], "pre");
  const { slots: texts, unreadable } = body;
  const masks = new Masks();
  return await screenStage({ stage: "pre", rules, texts, unreadable, masks, tools: TOOLS });
}

function user(content: unknown, rest: object = {}): ScannedBody {
  return readRequestTexts("chat", { model: "m", messages: [{ role: "user", content }], ...rest });
}

function base64(text: string | Buffer): string {
  return Buffer.from(text).toString("base64");
}

function tool(fields: object): ScannedBody {
  return user("hi", {
    tools: [{ type: "function", function: { name: "send", parameters: {}, ...fields } }],
  });
}

function file(fields: object): ScannedBody {
  return user([{ type: "file", file: { filename: "a.txt", ...fields } }]);
}

const PICTURE = base64(
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, ...Array(500).fill(0)]),
);

/** Where nothing can be put in the place of what was found. */
const FIXED: [string, () => ScannedBody][] = [
  ["a key of a tool's schema", () => tool({ parameters: { properties: { [MAIL]: {} } } })],
  ["a number of a tool's schema", () => tool({ parameters: { enum: [Number(DIGITS)] } })],
  ["a tool's name", () => tool({ name: DIGITS })],
  ["a key that nobody knows", () => user("hi", { extra: { [MAIL]: true } })],
  ["a number that nobody knows", () => user("hi", { extra: Number(DIGITS) })],
  [
    "a text document",
    () => file({ file_data: `data:text/plain;base64,${base64(`card ${CARD}`)}` }),
  ],
  ["a document without a type", () => file({ file_data: `data:;base64,${base64(CARD)}` })],
  [
    "a document that is said to be a picture",
    () => file({ file_data: `data:image/png;base64,${base64(CARD)}` }),
  ],
  [
    "a long document in plain base64",
    () => file({ file_data: base64(`${"word ".repeat(100)}${CARD}`) }),
  ],
  [
    "a document in UTF-16",
    () =>
      file({
        file_data: `data:text/plain;base64,${base64(Buffer.from(`\ufeff${CARD}`, "utf16le"))}`,
      }),
  ],
];

/** Where a text can be replaced, though it looks like something else. */
const TEXTS: [string, () => ScannedBody][] = [
  ["a message that begins like bytes", () => user(`data:;base64, my card ${CARD}`)],
  [
    "a part that begins like bytes",
    () => user([{ type: "text", text: `data:a;base64,A ${CARD}` }]),
  ],
  ["a message that is nothing but a data URL", () => user(`data:;base64,${DIGITS}`)],
  ["bytes with a text behind", () => file({ file_data: `${"A".repeat(400)} ${CARD}` })],
  ["a data URL with a text behind", () => file({ file_data: `data:;base64,AAAA ${CARD}` })],
  ["a short text in a field for bytes", () => user([{ type: "x", data: DIGITS }])],
  ["a format", () => tool({ parameters: { properties: { a: { format: CARD } } } })],
  ["an id in the metadata", () => user("hi", { metadata: { id: DIGITS } })],
  ["an id with spaces", () => user("hi", { extra: { id: CARD } })],
];

describe("a request", () => {
  it.each([...FIXED, ...TEXTS])("hides nothing in %s", async (_where, body) => {
    const { verdicts, block } = await screen(body(), {});
    expect(verdicts).toMatchObject([{ state: "acted" }]);
    expect(block?.why).toBe("found");
  });

  it.each(TEXTS)("loses what was found in %s", async (_where, body) => {
    const scanned = body();
    const { verdicts, block } = await screen(scanned, { action: "redact" });
    expect([verdicts[0]?.state, block]).toEqual(["acted", null]);
    expect(JSON.stringify(scanned.body())).toContain("[PAYMENT_CARD]");
    expect(JSON.stringify(scanned.body())).not.toMatch(/4111 ?1111/);
  });

  it.each(FIXED)("is refused when a rule would have to replace %s", async (_where, body) => {
    const closed = await screen(body(), { action: "redact" });
    expect(closed.verdicts).toMatchObject([{ state: "failed" }]);
    expect([closed.block?.why, closed.isClean]).toEqual(["failed", false]);
    const open = await screen(body(), { action: "mask", fail: "open" });
    expect([open.block, open.isClean]).toEqual([null, false]);
  });

  it("keeps pictures, sound, PDF and what the interface itself has unread", () => {
    const body = user(
      [
        {
          type: "image_url",
          image_url: { url: `data:image/png;base64,${PICTURE}`, detail: "low" },
        },
        { type: "input_audio", input_audio: { data: PICTURE, format: "wav" } },
        {
          type: "file",
          file: { file_data: `data:application/pdf;base64,${base64("%PDF-1.7\n1")}` },
        },
      ],
      {
        temperature: 0.2,
        max_completion_tokens: 4096,
        logprobs: true,
        tools: [
          {
            type: "function",
            function: {
              name: "send",
              parameters: {
                type: "object",
                properties: {
                  when: { type: "string", format: "date-time" },
                  n: { maximum: 2147483647 },
                },
                required: ["when"],
              },
            },
          },
        ],
      },
    );
    expect(body.slots.map(({ text }) => text)).toEqual(["send", "when", "n", "when"]);
  });
});

describe("JSON in a message", () => {
  const result = (content: string) =>
    readRequestTexts("chat", { messages: [{ role: "tool", tool_call_id: "t", content }] });

  it.each([
    ['{"mail":"ann\\u0040example.com"}', '{"mail":"[EMAIL]"}'],
    [' [ "ann\\x40example.com", "\\u0022\\n" ]', ' [ "[EMAIL]", "\\u0022\\n" ]'],
  ])("is read without its escapes, and stays JSON: %s", async (content, expected) => {
    const body = result(content);
    await screen(body, { action: "redact" });
    expect(body.body()).toMatchObject({ messages: [{ content: expected }] });
  });

  it("hides no word behind an escape", async () => {
    const config = { words: ["Müller"] };
    const { block } = await screen(result('["M\\u00fcller"]'), { type: "word_list", config });
    expect(block?.why).toBe("found");
  });

  it("is unchanged where nothing was found, and where an escape is escaped", async () => {
    const body = result('{"a":"\\u00fc","b":"ann\\\\u0040example.com"}');
    const before = body.body();
    await screen(body, { action: "redact" });
    expect(body.body()).toBe(before);
  });

  it("of a tool's arguments is decoded also beside a raw line break", async () => {
    const source = '{"to":"ann\\u0040example.com\n\\q"}';
    const call = { id: "t", type: "function", function: { name: "f", arguments: source } };
    const body = readRequestTexts("chat", {
      messages: [{ role: "assistant", tool_calls: [call] }],
    });
    await screen(body, { action: "redact" });
    expect(JSON.stringify(body.body())).toContain("[EMAIL]");
  });
});

describe("an answer", () => {
  it("is read beside its messages as well, and its bookkeeping is not", async () => {
    const answer = {
      id: MAIL,
      object: "chat.completion",
      created: 1,
      model: "m",
      citations: [`https://x.test/?q=${MAIL}`],
      search_results: [{ title: "t", snippet: MAIL }],
      choices: [
        {
          index: 0,
          finish_reason: "stop",
          message: { role: "assistant" },
          text: MAIL,
          sources: [MAIL],
        },
      ],
      usage: { note: MAIL },
    };
    const body = readAnswerTexts(answer);
    await screen(body, { action: "redact" });
    expect(body.body()).toMatchObject({
      id: MAIL,
      citations: ["https://x.test/?q=[EMAIL]"],
      search_results: [{ title: "t", snippet: "[EMAIL]" }],
      choices: [{ text: "[EMAIL]", sources: ["[EMAIL]"] }],
      usage: { note: MAIL },
    });
    // A schema for answers is for what the model said.
    expect(body.slots.filter(({ origin }) => origin === "assistant")).toHaveLength(1);
  });

  it("with vectors in base64 has no text", () => {
    const vector = base64(Buffer.alloc(6144, 7));
    const answer = { object: "list", data: [{ object: "embedding", index: 0, embedding: vector }] };
    expect(readAnswerTexts(answer).slots).toEqual([]);
  });
});
