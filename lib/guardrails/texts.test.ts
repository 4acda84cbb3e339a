import { describe, expect, it } from "vitest";
import { readAnswerTexts, readRequestTexts, type ScannedBody } from "./texts.ts";

/** What rules get to read of a request or an answer, and what a change of it leaves alone. */
const BAD = "ann@example.com";

function changed(scanned: ScannedBody): Record<string, unknown> {
  for (const slot of scanned.slots.filter(({ text }) => text.includes(BAD))) {
    slot.replace(slot.text.replaceAll(BAD, "[EMAIL]"));
  }
  return scanned.body();
}

const REQUEST = {
  model: "gpt-5.2",
  messages: [
    { role: "system", content: `system ${BAD}` },
    { role: "developer", content: [{ type: "text", text: `developer ${BAD}` }] },
    {
      role: "user",
      name: BAD,
      content: [
        { type: "text", text: `part ${BAD}` },
        { type: "image_url", image_url: { url: `https://x.test/?mail=${BAD}` } },
        { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
        { type: "input_audio", input_audio: { data: "AAAA", format: "wav" } },
        { type: "file", file: { filename: BAD, file_data: "AAAABBBB" } },
        { type: "some_future_part", note: { inner: [BAD] } },
      ],
    },
    {
      role: "assistant",
      content: `answer ${BAD}`,
      refusal: BAD,
      reasoning_content: BAD,
      reasoning_details: [{ type: "reasoning.text", index: 0, text: BAD, signature: "c2ln" }],
      tool_calls: [
        {
          id: "t1",
          type: "function",
          function: { name: "send", arguments: '{"to": "ann\\u0040example.com", "n": 1}' },
        },
        { id: "t2", type: "custom", custom: { name: "free", input: BAD } },
      ],
    },
    { role: "tool", tool_call_id: "t1", content: `result ${BAD}` },
    { role: "function", name: "old", content: BAD },
  ],
  tools: [
    {
      type: "function",
      function: {
        name: "send",
        description: BAD,
        parameters: { type: "object", properties: { to: { type: "string", description: BAD } } },
      },
    },
  ],
  response_format: { type: "json_schema", json_schema: { name: "x", description: BAD } },
  prediction: { type: "content", content: BAD },
  user: BAD,
  metadata: { customer: BAD },
  stop: [BAD],
  some_future_field: { deep: [{ text: BAD }] },
};

describe("a chat request", () => {
  it("is read wherever somebody can have written something, also in fields that nobody knows", () => {
    const body = changed(readRequestTexts("chat", REQUEST));
    const text = JSON.stringify(body);
    expect(text).not.toContain(BAD);
    expect(text).not.toContain("ann\\\\u0040");
    const places = JSON.stringify(REQUEST).split(BAD).length - 1;
    // And once in the tool's arguments, where it stood escaped.
    expect(text.split("[EMAIL]").length - 1).toBe(places + 1);
  });

  it("keeps names, ids, bytes and everything else as they are", () => {
    const body = changed(readRequestTexts("chat", REQUEST)) as typeof REQUEST;
    const [, , user, assistant] = body.messages;
    expect(body.model).toBe("gpt-5.2");
    expect(user?.content?.[2]).toEqual(REQUEST.messages[2]?.content?.[2]);
    expect(assistant?.tool_calls?.[0]).toEqual({
      id: "t1",
      type: "function",
      function: { name: "send", arguments: '{"to": "[EMAIL]", "n": 1}' },
    });
  });

  it("is not changed itself: its messages may be a managed prompt's", () => {
    const before = structuredClone(REQUEST);
    changed(readRequestTexts("chat", REQUEST));
    expect(REQUEST).toEqual(before);
    expect(readRequestTexts("chat", REQUEST).body()).toBe(REQUEST);
  });

  it("says of each text who wrote it, and where it stands", () => {
    const { slots } = readRequestTexts("chat", REQUEST);
    const origins = Object.groupBy(slots, ({ origin }) => origin);
    expect(Object.keys(origins).toSorted()).toEqual(
      [
        "assistant",
        "reasoning",
        "system",
        "tool_call",
        "tool_definition",
        "tool_result",
        "user",
      ].toSorted(),
    );
    expect(slots.map(({ path }) => path)).toContain("messages[2].content[0].text");
    expect(slots.map(({ path }) => path)).toContain("messages[3].tool_calls[0].function.arguments");
  });

  it("gives up the signature of reasoning that it has changed", () => {
    const body = changed(readRequestTexts("chat", REQUEST)) as typeof REQUEST;
    expect(body.messages[3]?.reasoning_details?.[0]).toEqual({
      type: "reasoning.text",
      index: 0,
      text: "[EMAIL]",
    });
  });
});

describe("a tool's arguments", () => {
  const read = (source: string) => {
    const message = {
      role: "assistant",
      tool_calls: [{ id: "t", type: "function", function: { name: "f", arguments: source } }],
    };
    const scanned = readRequestTexts("chat", { messages: [message] });
    const written = scanned.slots.filter(({ isFixed }) => isFixed !== true);
    const texts = written.map(({ text }) => text);
    const body = changed(scanned) as { messages: (typeof message)[] };
    return { texts, source: body.messages[0]?.tool_calls[0]?.function.arguments };
  };

  it.each([
    ["numbers", '{"card":4111111111111111,"ok":true}', ["card", "4111111111111111", "ok"]],
    ["keys", `{"${BAD}":null}`, [BAD]],
    ["a JSON string", `"${BAD}"`, [BAD]],
    ["no JSON", `mail ${BAD}`, [`mail ${BAD}`]],
    ["a cut string", `{"to":"to ${BAD}`, ["to", `to ${BAD}`]],
    ["a string cut inside an escape", '{"to":"a\\u00', ["to", "a"]],
    ["words between", `{to: ${BAD}}`, ["to", BAD]],
    ["nothing", "{}", []],
  ])("with %s are read completely", (_what, source, texts) => {
    expect(read(source).texts).toEqual(texts);
  });

  it.each([
    [`{"a":"x ${BAD}\\n"}`, '{"a":"x [EMAIL]\\n"}'],
    [`{"a":"${BAD}`, '{"a":"[EMAIL]'],
    [`mail ${BAD}`, "mail [EMAIL]"],
    [`{ "${BAD}" : "\\"${BAD}\\"" }`, '{ "[EMAIL]" : "\\"[EMAIL]\\"" }'],
  ])("stay as valid as they were: %s", (source, expected) => {
    expect(read(source).source).toBe(expected);
  });
});

describe("other bodies", () => {
  it("an embeddings request is read text by text", () => {
    const one = readRequestTexts("embeddings", { model: "e", input: BAD, user: BAD });
    expect(one.slots.map(({ origin }) => origin)).toEqual(["input", "input"]);
    expect(changed(one)).toEqual({ model: "e", input: "[EMAIL]", user: "[EMAIL]" });
    const many = readRequestTexts("embeddings", { model: "e", input: ["fine", BAD] });
    expect(changed(many)).toEqual({ model: "e", input: ["fine", "[EMAIL]"] });
    expect(many.unreadable).toBeNull();
  });

  it.each([[[1, 2, 3]], [[[1], [2, 3]]]])("token ids are told to be unreadable: %j", (input) => {
    expect(readRequestTexts("embeddings", { model: "e", input }).unreadable).not.toBeNull();
  });

  it("every choice of an answer is read, and its tokens' probabilities go with its text", () => {
    const choice = (index: number, content: string) => ({
      index,
      message: { role: "assistant", content, audio: { data: "AAAA", transcript: content } },
      logprobs: { content: [{ token: content, logprob: 0 }] },
      finish_reason: "stop",
    });
    const answer = { id: "x", choices: [choice(0, "fine"), choice(1, BAD)] };
    const body = changed(readAnswerTexts(answer)) as typeof answer;
    expect(body.choices[0]).toBe(answer.choices[0]);
    expect(body.choices[1]).toMatchObject({
      message: { content: "[EMAIL]", audio: { data: "AAAA", transcript: "[EMAIL]" } },
      logprobs: null,
    });
  });
});
