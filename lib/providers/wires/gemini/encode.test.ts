import { describe, expect, it } from "vitest";
import type { ChatRequest } from "#lib/contract/chat.ts";
import { benchWire, refusalOf } from "#lib/testing/wire-bench.ts";
import { gemini } from "./wire.ts";

const on = (modelName: string) => benchWire(gemini, "google", { modelName });
const THREE = on("gemini-3-pro-preview");
const TWO_FIVE = on("gemini-2.5-flash");
const TWO = on("gemini-2.0-flash");
const DROPPING = benchWire(gemini, "google", {
  modelName: "gemini-3-pro-preview",
  allowDroppingUnsupportedFields: true,
});

const user = (content: string) => ({ role: "user" as const, content });
const call = (id: string, name: string, text = "{}") => ({
  id,
  type: "function" as const,
  function: { name, arguments: text },
});
const tool = (name: string, parameters?: Record<string, unknown>) => ({
  type: "function" as const,
  function: { name, ...(parameters === undefined ? {} : { parameters }) },
});
const config = (request: Partial<ChatRequest>, bench = THREE) =>
  bench.encode(request).body["generationConfig"];

describe("the path", () => {
  it.each([
    ["gemini-3-pro-preview", "/models/gemini-3-pro-preview"],
    ["models/gemini-3-pro-preview", "/models/gemini-3-pro-preview"],
    ["tunedModels/mine", "/tunedModels/mine"],
    ["a?b", "/models/a%3Fb"],
  ])("of %s", (modelName, path) => {
    expect(on(modelName).encode({}).path).toBe(`${path}:generateContent`);
    expect(on(modelName).encode({ stream: true }).path).toBe(
      `${path}:streamGenerateContent?alt=sse`,
    );
  });
});

describe("the conversation", () => {
  it("keeps system text apart and joins neighbours", () => {
    const { body, adjusted } = THREE.encode({
      messages: [
        { role: "system", content: "Be kind." },
        { role: "developer", content: "Be brief." },
        user("Hi"),
        user("There"),
        { role: "assistant", content: "Hello" },
        user("Go on"),
      ],
    });
    expect(body).toEqual({
      systemInstruction: { parts: [{ text: "Be kind." }, { text: "Be brief." }] },
      contents: [
        { role: "user", parts: [{ text: "Hi" }, { text: "There" }] },
        { role: "model", parts: [{ text: "Hello" }] },
        { role: "user", parts: [{ text: "Go on" }] },
      ],
    });
    expect(adjusted).toEqual(["messages.role", "messages"]);
  });

  it("puts system text into the first message of models that have no place for it", () => {
    const { body, adjusted } = on("gemma-3-27b-it").encode({
      messages: [{ role: "system", content: "Be kind." }, user("Hi")],
    });
    expect(body).toEqual({
      contents: [{ role: "user", parts: [{ text: "Be kind." }, { text: "Hi" }] }],
    });
    expect(adjusted).toEqual(["messages"]);
  });

  it("names, orders and wraps tool results; text beside them follows", () => {
    const { body } = THREE.encode({
      messages: [
        user("Hi"),
        {
          role: "assistant",
          content: "Looking.",
          tool_calls: [call("call_1", "weather", '{"at":"SF"}'), call("own-2", "news")],
        },
        { role: "tool", tool_call_id: "own-2", content: '{"headline":"x"}' },
        { role: "tool", tool_call_id: "call_1", content: [{ type: "text", text: "rain" }] },
        user("And?"),
      ],
    });
    expect(body["contents"]).toEqual([
      { role: "user", parts: [{ text: "Hi" }] },
      {
        role: "model",
        parts: [
          { text: "Looking." },
          {
            functionCall: { name: "weather", args: { at: "SF" } },
            thoughtSignature: "skip_thought_signature_validator",
          },
          { functionCall: { id: "own-2", name: "news", args: {} } },
        ],
      },
      {
        role: "user",
        parts: [
          { functionResponse: { name: "weather", response: { result: "rain" } } },
          { functionResponse: { id: "own-2", name: "news", response: { headline: "x" } } },
          { text: "And?" },
        ],
      },
    ]);
  });

  it("gives the stand-in signature once a turn, and to generation 3 alone", () => {
    const messages = [
      user("Hi"),
      { role: "assistant" as const, tool_calls: [call("call_1", "f"), call("call_2", "f")] },
      { role: "tool" as const, tool_call_id: "call_1", content: "1" },
      { role: "tool" as const, tool_call_id: "call_2", content: "2" },
    ];
    const signed = THREE.encode({ messages });
    expect(JSON.stringify(signed.body).match(/skip_thought/g)).toHaveLength(1);
    expect(signed.adjusted).toEqual(["thought_signature"]);
    const unsigned = TWO_FIVE.encode({ messages });
    expect(JSON.stringify(unsigned.body)).not.toContain("skip_thought");
    expect(unsigned.adjusted).toEqual([]);
  });

  it("reads a signature in Google's own extension of a tool call", () => {
    const extra_content = { google: { thought_signature: "EpE=" } };
    const { body, adjusted } = THREE.encode({
      messages: [
        user("Hi"),
        { role: "assistant", tool_calls: [{ ...call("call_1", "f"), extra_content }] },
        { role: "tool", tool_call_id: "call_1", content: "1" },
      ],
    });
    expect(body["contents"]).toMatchObject([{}, { parts: [{ thoughtSignature: "EpE=" }] }, {}]);
    expect(adjusted).toEqual([]);
  });

  it("leaves out empty texts, and refuses a conversation without any", () => {
    const { body } = THREE.encode({
      messages: [user("Hi"), { role: "assistant", content: "" }, user("There")],
    });
    expect(body["contents"]).toEqual([
      { role: "user", parts: [{ text: "Hi" }, { text: "There" }] },
    ]);
    expect(refusalOf(() => THREE.encode({ messages: [user("")] })).param).toBe("messages");
  });
});

describe("media", () => {
  const sent = (part: Record<string, unknown>) =>
    THREE.encode({ messages: [{ role: "user", content: [part] as never }] }).body["contents"];

  it.each([
    [
      { type: "image_url", image_url: { url: "https://x.test/a.webp?w=1" } },
      { fileData: { mimeType: "image/webp", fileUri: "https://x.test/a.webp?w=1" } },
    ],
    [
      { type: "image_url", image_url: { url: "https://x.test/picture" } },
      { fileData: { mimeType: "image/jpeg", fileUri: "https://x.test/picture" } },
    ],
    [
      { type: "input_audio", input_audio: { data: "AA==", format: "mp3" } },
      { inlineData: { mimeType: "audio/mpeg", data: "AA==" } },
    ],
    [
      { type: "file", file: { file_data: "data:application/pdf;base64,JVBERg==" } },
      { inlineData: { mimeType: "application/pdf", data: "JVBERg==" } },
    ],
    [
      {
        type: "file",
        file: { file_id: "https://generativelanguage.googleapis.com/v1beta/files/x" },
      },
      { fileData: { fileUri: "https://generativelanguage.googleapis.com/v1beta/files/x" } },
    ],
  ])("sends %j", (part, written) => {
    expect(sent(part)).toEqual([{ role: "user", parts: [written] }]);
  });

  it.each([
    [{ type: "input_audio", input_audio: { data: "AA==", format: "pcm16" } }],
    [{ type: "image_url", image_url: { url: "ftp://x.test/a.png" } }],
    [{ type: "file", file: { file_id: "file-1" } }],
  ])("refuses %j by its place", (part) => {
    const error = refusalOf(() => sent(part));
    expect([error.code, error.param]).toEqual(["unsupported_content", "messages[0].content[0]"]);
  });

  it("knows which models fetch images by themselves", () => {
    expect(gemini.readsRemoteImages?.("gemini-2.0-flash")).toBe(false);
    expect(gemini.readsRemoteImages?.("gemini-1.5-pro")).toBe(false);
    expect(gemini.readsRemoteImages?.("gemini-2.5-flash")).toBe(true);
    expect(gemini.readsRemoteImages?.("gemini-flash-latest")).toBe(true);
  });
});

describe("tools", () => {
  const declarations = (parameters: Record<string, unknown>, bench = THREE) => {
    const { body, adjusted } = bench.encode({ tools: [tool("f", parameters)] });
    const [entry] = body["tools"] as { functionDeclarations: Record<string, unknown>[] }[];
    return { declared: entry?.functionDeclarations[0], adjusted };
  };

  it("stand in one entry, without a schema where there are no parameters", () => {
    const { body } = THREE.encode({
      tools: [tool("a"), tool("b", { type: "object", properties: {} })],
    });
    expect(body["tools"]).toEqual([{ functionDeclarations: [{ name: "a" }, { name: "b" }] }]);
  });

  it("have their schema in Gemini's words when nothing is lost by it", () => {
    const { declared, adjusted } = declarations({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "object",
      additionalProperties: false,
      properties: {
        unit: { const: "celsius" },
        note: { type: ["string", "null"], description: "Any" },
        place: { $ref: "#/$defs/place" },
        when: { oneOf: [{ type: "string", format: "date-time" }, { type: "integer" }] },
        maybe: { anyOf: [{ type: "number" }, { type: "null" }] },
        list: { type: "array" },
        mixed: { type: ["string", "integer"] },
      },
      required: ["unit"],
      $defs: { place: { type: "object", properties: { city: { type: "string" } } } },
    });
    expect(declared).toEqual({
      name: "f",
      parameters: {
        type: "object",
        properties: {
          unit: { type: "string", enum: ["celsius"] },
          note: { type: "string", nullable: true, description: "Any" },
          place: { type: "object", properties: { city: { type: "string" } } },
          when: { anyOf: [{ type: "string", format: "date-time" }, { type: "integer" }] },
          maybe: { type: "number", nullable: true },
          list: { type: "array", items: {} },
          mixed: { anyOf: [{ type: "string" }, { type: "integer" }] },
        },
        required: ["unit"],
      },
    });
    expect(adjusted).toEqual([]);
  });

  it.each([
    ["maps", { tags: { type: "object", additionalProperties: { type: "string" } } }],
    ["recursion", { next: { $ref: "#" } }],
    ["lists of numbers", { size: { enum: [1, 2] } }],
    ["other formats", { mail: { type: "string", format: "email" } }],
    ["words of the future", { x: { type: "string", futureRule: 1 } }],
  ])("have it as full JSON Schema for %s, where the model takes that", (_name, properties) => {
    const schema = { type: "object", properties };
    expect(declarations({ $schema: "x", ...schema }).declared).toEqual({
      name: "f",
      parametersJsonSchema: schema,
    });
    const older = declarations(schema, TWO);
    expect(older.declared).toHaveProperty("parameters");
    expect(older.adjusted).toContain("tools.function.parameters");
  });

  it.each([
    ["auto", { mode: "AUTO" }],
    ["none", { mode: "NONE" }],
    ["required", { mode: "ANY" }],
    [
      { type: "function", function: { name: "f" } },
      { mode: "ANY", allowedFunctionNames: ["f"] },
    ],
    [
      {
        type: "allowed_tools",
        allowed_tools: { mode: "required", tools: [{ type: "function", name: "f" }] },
      },
      { mode: "ANY", allowedFunctionNames: ["f"] },
    ],
  ] as const)("are steered by tool_choice %j", (choice, written) => {
    const tool_choice = choice as ChatRequest["tool_choice"];
    expect(THREE.encode({ tools: [tool("f"), tool("g")], tool_choice }).body["toolConfig"]).toEqual(
      {
        functionCallingConfig: written,
      },
    );
  });

  it("are offered as far as they are allowed when the model may choose", () => {
    const { body, adjusted } = THREE.encode({
      tools: [tool("f"), tool("g")],
      tool_choice: {
        type: "allowed_tools",
        allowed_tools: { mode: "auto", tools: [{ type: "function", function: { name: "g" } }] },
      },
    });
    expect(body).toMatchObject({
      tools: [{ functionDeclarations: [{ name: "g" }] }],
      toolConfig: { functionCallingConfig: { mode: "AUTO" } },
    });
    expect(adjusted).toEqual(["tool_choice"]);
  });

  it("refuse what Gemini cannot do", () => {
    const tools = [tool("f")];
    const refused = (request: Partial<ChatRequest>) => refusalOf(() => THREE.encode(request)).param;
    expect(refused({ tools, parallel_tool_calls: false })).toBe("parallel_tool_calls");
    expect(refused({ tools: [{ type: "custom", custom: { name: "c" } }] })).toBe("tools[0]");
    expect(refused({ tool_choice: "required" })).toBe("tool_choice");
    expect(THREE.encode({ tools, parallel_tool_calls: true }).adjusted).toEqual([]);
  });
});

describe("generationConfig", () => {
  it("takes OpenAI's fields under its own names", () => {
    const { body, adjusted } = THREE.encode({
      max_completion_tokens: 9,
      temperature: 2,
      top_p: 0.5,
      top_k: 4,
      stop: ["a", "b"],
      n: 3,
      seed: -7,
      presence_penalty: 0.1,
      frequency_penalty: 0.2,
      logprobs: true,
      top_logprobs: 5,
      modalities: ["text", "image"],
      service_tier: "flex",
    });
    expect(body).toMatchObject({
      generationConfig: {
        maxOutputTokens: 9,
        temperature: 2,
        topP: 0.5,
        topK: 4,
        stopSequences: ["a", "b"],
        candidateCount: 3,
        seed: -7,
        presencePenalty: 0.1,
        frequencyPenalty: 0.2,
        responseLogprobs: true,
        logprobs: 5,
        responseModalities: ["TEXT", "IMAGE"],
      },
      serviceTier: "flex",
    });
    expect(adjusted).toEqual([]);
  });

  it("keeps the caller's own settings where OpenAI's fields say nothing", () => {
    const own = { mediaResolution: "LOW", temperature: 0.1 };
    expect(config({ generationConfig: own, temperature: 0.9 })).toEqual({
      mediaResolution: "LOW",
      temperature: 0.9,
    });
  });

  it.each([
    ["seed", 2 ** 31],
    ["seed", 1.5],
    ["stop", ["1", "2", "3", "4", "5", "6"]],
    ["n", 9],
    ["top_logprobs", 3],
    ["modalities", ["text", "audio"]],
    ["logit_bias", { "5": 1 }],
    ["audio", { voice: "x", format: "wav" }],
    ["web_search_options", {}],
  ])("refuses %s %j by name", (name, value) => {
    const error = refusalOf(() => THREE.encode({ [name]: value }));
    expect([error.status, error.param]).toEqual([400, name]);
    expect(DROPPING.encode({ [name]: value }).adjusted).toEqual([name]);
  });

  it.each([
    ["user", "u"],
    ["safety_identifier", "s"],
    ["metadata", { a: "b" }],
    ["store", true],
    ["prediction", { type: "content", content: "x" }],
    ["prompt_cache_key", "k"],
    ["verbosity", "low"],
    ["service_tier", "constructor"],
  ])("leaves the hint %s out and reports it", (name, value) => {
    const { body, adjusted } = THREE.encode({ [name]: value });
    expect(Object.keys(body)).toEqual(["contents"]);
    expect(adjusted).toEqual([name]);
  });
});

describe("reasoning_effort", () => {
  const thinkingOf = (modelName: string, effort: string) => {
    const { body, adjusted } = on(modelName).encode({ reasoning_effort: effort });
    const generation = body["generationConfig"] as Record<string, unknown> | undefined;
    return [generation?.["thinkingConfig"], adjusted];
  };
  const EXACT: string[] = [];
  const NEAR = ["reasoning_effort"];

  it.each([
    ["gemini-3-flash", "minimal", "minimal", EXACT],
    ["gemini-3-pro-preview", "minimal", "low", NEAR],
    ["gemini-3.7-flash", "minimal", "low", NEAR],
    ["gemini-flash-latest", "minimal", "low", NEAR],
    ["gemini-3-pro-preview", "low", "low", EXACT],
    ["gemini-3-pro-preview", "medium", "medium", EXACT],
    ["gemini-3-pro-preview", "high", "high", EXACT],
    ["gemini-3-pro-preview", "xhigh", "high", NEAR],
  ])("on %s: %s is the level %s", (modelName, effort, thinkingLevel, adjusted) => {
    expect(thinkingOf(modelName, effort)).toEqual([
      { thinkingLevel, includeThoughts: true },
      adjusted,
    ]);
  });

  it.each([
    ["gemini-2.5-flash", "minimal", 1310],
    ["gemini-2.5-flash", "low", 6553],
    ["gemini-2.5-flash", "medium", 19_660],
    ["gemini-2.5-flash", "high", 24_576],
    ["gemini-2.5-pro", "high", 32_768],
    ["gemini-2.5-pro", "max", 32_768],
    ["gemini-2.5-flash-lite", "minimal", 1310],
  ])("on %s: %s is a budget of %i", (modelName, effort, thinkingBudget) => {
    expect(thinkingOf(modelName, effort)).toEqual([
      { thinkingBudget, includeThoughts: true },
      NEAR,
    ]);
  });

  it("none switches thinking off where that is possible, else as low as it goes", () => {
    expect(thinkingOf("gemini-2.5-flash", "none")).toEqual([{ thinkingBudget: 0 }, EXACT]);
    expect(thinkingOf("gemini-2.5-pro", "none")).toEqual([{ thinkingBudget: 128 }, NEAR]);
    expect(thinkingOf("gemini-3-flash", "none")).toEqual([{ thinkingLevel: "minimal" }, NEAR]);
    expect(thinkingOf("gemini-2.0-flash", "none")).toEqual([undefined, EXACT]);
  });

  it("is left out and reported for models that do not think, and refused when nobody knows it", () => {
    expect(thinkingOf("gemini-2.0-flash", "high")).toEqual([undefined, NEAR]);
    const error = refusalOf(() => THREE.encode({ reasoning_effort: "constructor" }));
    expect([error.code, error.param]).toEqual(["unsupported_value", "reasoning_effort"]);
  });
});

describe("response_format", () => {
  const format = (schema: Record<string, unknown>) => ({
    type: "json_schema" as const,
    json_schema: { name: "city", schema },
  });
  const CITY = { type: "object", properties: { city: { type: "string" } } };

  it("is a mime type, with a schema where there is one", () => {
    expect(config({ response_format: { type: "json_object" } })).toEqual({
      responseMimeType: "application/json",
    });
    expect(config({ response_format: format({ ...CITY, additionalProperties: false }) })).toEqual({
      responseMimeType: "application/json",
      responseSchema: CITY,
    });
    const map = { type: "object", additionalProperties: { type: "string" } };
    expect(config({ response_format: format(map) })).toEqual({
      responseMimeType: "application/json",
      responseJsonSchema: map,
    });
    expect(THREE.encode({ response_format: format(CITY) }).adjusted).toEqual(["response_format"]);
  });

  it("is one more function beside tools on models that cannot have both", () => {
    const { body, emulation } = TWO_FIVE.encode({
      response_format: format(CITY),
      tools: [tool("json")],
    });
    expect(body).toMatchObject({
      tools: [{ functionDeclarations: [{ name: "json" }, { name: "json_", parameters: CITY }] }],
      toolConfig: { functionCallingConfig: { mode: "ANY" } },
    });
    expect(body).not.toHaveProperty("generationConfig");
    expect(emulation).toEqual({ jsonTool: "json_" });
    const both = THREE.encode({ response_format: format(CITY), tools: [tool("f")] });
    expect(both.body).toMatchObject({ generationConfig: { responseSchema: CITY } });
  });

  it("offers only the allowed functions beside that one", () => {
    const { body } = TWO_FIVE.encode({
      response_format: format(CITY),
      tools: [tool("f"), tool("g")],
      tool_choice: {
        type: "allowed_tools",
        allowed_tools: { mode: "required", tools: [{ type: "function", function: { name: "g" } }] },
      },
    });
    expect(body["tools"]).toMatchObject([
      { functionDeclarations: [{ name: "g" }, { name: "json" }] },
    ]);
  });

  it("is asked for in words there when no schema is given", () => {
    const { body } = TWO_FIVE.encode({
      response_format: { type: "json_object" },
      tools: [tool("f")],
    });
    expect(JSON.stringify(body["systemInstruction"])).toContain("JSON object");
  });
});

describe("extensions", () => {
  it("of Gemini go under its own names, unknown ones untouched", () => {
    const safety_settings = [{ category: "X", threshold: "BLOCK_NONE" }];
    const request = { safety_settings, cached_content: "cachedContents/1", future: 1 };
    expect(THREE.encode(request).body).toMatchObject({
      safetySettings: safety_settings,
      cachedContent: "cachedContents/1",
      future: 1,
    });
    const dropped = DROPPING.encode(request);
    expect(dropped.body).not.toHaveProperty("future");
    expect(dropped.adjusted).toEqual(["future"]);
  });

  it("cannot be given under two names, nor take the place of the conversation", () => {
    expect(refusalOf(() => THREE.encode({ safety_settings: [], safetySettings: [] })).status).toBe(
      400,
    );
    expect(refusalOf(() => THREE.encode({ contents: [] })).param).toBe("contents");
  });

  it("that mark caches are left out and reported, because caching is automatic", () => {
    const part = { type: "text" as const, text: "Hi", cache_control: { type: "ephemeral" } };
    const { body, adjusted } = THREE.encode({ messages: [{ role: "user", content: [part] }] });
    expect(JSON.stringify(body)).not.toContain("cache_control");
    expect(adjusted).toEqual(["cache_control"]);
  });
});
