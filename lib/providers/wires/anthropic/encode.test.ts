import { describe, expect, it } from "vitest";
import type { ChatRequest } from "#lib/contract/chat.ts";
import { benchWire, refusalOf } from "#lib/testing/wire-bench.ts";
import { anthropic } from "./wire.ts";

const NEWEST = benchWire(anthropic, "anthropic", { modelName: "claude-opus-4-7" });
const ADAPTIVE = benchWire(anthropic, "anthropic", { modelName: "claude-opus-4-6" });
const SCHEMAS = benchWire(anthropic, "anthropic", { modelName: "claude-sonnet-4-5-20250929" });
const BUDGET = benchWire(anthropic, "anthropic", { modelName: "claude-opus-4-20250514" });
const OLDEST = benchWire(anthropic, "anthropic", { modelName: "claude-3-haiku-20240307" });
const DROPPING = benchWire(anthropic, "anthropic", {
  modelName: "claude-opus-4-7",
  allowDroppingUnsupportedFields: true,
});

const weather = {
  type: "function" as const,
  function: { name: "weather", parameters: { type: "object", properties: { at: {} } } },
};
const news = { type: "function" as const, function: { name: "news" } };
const user = (content: string) => ({ role: "user" as const, content });
const blocks = (text: string) => [{ type: "text", text }];

function messagesOf(messages: ChatRequest["messages"], bench = ADAPTIVE): unknown {
  return bench.encode({ messages }).body["messages"];
}

describe("the conversation", () => {
  it("joins system and developer messages, wherever they stand", () => {
    const { body, adjusted } = ADAPTIVE.encode({
      messages: [
        { role: "system", content: "Be kind." },
        { role: "developer", content: [{ type: "text", text: "Be brief." }] },
        user("Hi"),
        { role: "system", content: "In French." },
        user("Go on"),
      ],
    });
    expect(body["system"]).toEqual([
      ...blocks("Be kind."),
      ...blocks("Be brief."),
      ...blocks("In French."),
    ]);
    expect(body["messages"]).toEqual([
      { role: "user", content: [...blocks("Hi"), ...blocks("Go on")] },
    ]);
    expect(adjusted).toEqual(["messages.role", "messages", "max_tokens"]);
  });

  it("puts all results of a turn first, into one user message, in the order of the calls", () => {
    const call = (id: string, args: string) => ({
      id,
      type: "function" as const,
      function: { name: "weather", arguments: args },
    });
    const written = messagesOf([
      user("Weather?"),
      {
        role: "assistant",
        content: null,
        tool_calls: [call("toolu_1", '{"at":"SF"}'), call("call.2", "")],
      },
      { role: "tool", tool_call_id: "call.2", content: [{ type: "text", text: "rain" }] },
      { role: "tool", tool_call_id: "toolu_1", content: "" },
      user("And now?"),
    ]);
    const renamed = expect.stringMatching(/^[0-9A-Za-z]{24}$/);
    expect(written).toEqual([
      { role: "user", content: blocks("Weather?") },
      {
        role: "assistant",
        content: [
          { type: "tool_use", id: "toolu_1", name: "weather", input: { at: "SF" } },
          { type: "tool_use", id: renamed, name: "weather", input: {} },
        ],
      },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "toolu_1" },
          { type: "tool_result", tool_use_id: renamed, content: blocks("rain") },
          ...blocks("And now?"),
        ],
      },
    ]);
    const [, assistant, results] = written as { content: Record<string, unknown>[] }[];
    expect(assistant?.content[1]?.["id"]).toBe(results?.content[1]?.["tool_use_id"]);
  });

  it("keeps broken tool arguments for the model to see", () => {
    const written = messagesOf([
      user("Hi"),
      {
        role: "assistant",
        tool_calls: [
          { id: "toolu_1", type: "function", function: { name: "f", arguments: '{"a":' } },
        ],
      },
      { role: "tool", tool_call_id: "toolu_1", content: "x" },
    ]);
    expect(written).toMatchObject([{}, { content: [{ input: { input: '{"a":' } }] }, {}]);
  });

  it.each([
    ["a call without a result", [{ id: "a" }], [], "messages[1]"],
    ["a result without a call", [], ["b"], "messages[2].tool_call_id"],
  ])("refuses %s", (_name, calls, results, param) => {
    const error = refusalOf(() =>
      ADAPTIVE.encode({
        messages: [
          user("Hi"),
          {
            role: "assistant",
            content: "…",
            tool_calls: calls.map(({ id }) => ({
              id,
              type: "function" as const,
              function: { name: "f", arguments: "{}" },
            })),
          },
          ...results.map((id) => ({ role: "tool" as const, tool_call_id: id, content: "x" })),
        ],
      }),
    );
    expect([error.status, error.param]).toEqual([400, param]);
  });

  it("leaves out empty texts and says so, and refuses a conversation without any", () => {
    const { body, adjusted } = ADAPTIVE.encode({
      messages: [user("Hi"), { role: "assistant", content: "" }, user("There")],
    });
    expect(body["messages"]).toEqual([
      { role: "user", content: [...blocks("Hi"), ...blocks("There")] },
    ]);
    expect(adjusted).toContain("messages");
    expect(refusalOf(() => ADAPTIVE.encode({ messages: [user(" ")] })).param).toBe("messages");
  });

  it("says instructions that stand alone as the user", () => {
    const { body, adjusted } = ADAPTIVE.encode({
      messages: [{ role: "system", content: "Say hi." }],
    });
    expect(body).not.toHaveProperty("system");
    expect(body["messages"]).toEqual([{ role: "user", content: blocks("Say hi.") }]);
    expect(adjusted).toContain("messages");
  });

  it("opens with a user message when the history begins with the assistant", () => {
    expect(messagesOf([{ role: "assistant", content: "Hello" }, user("Hi")])).toMatchObject([
      { role: "user" },
      { role: "assistant", content: blocks("Hello") },
      { role: "user" },
    ]);
  });

  it("passes a beginning of the answer to models that take one, without its last space", () => {
    const messages = [user("Hi"), { role: "assistant" as const, content: "The answer is " }];
    expect(messagesOf(messages, SCHEMAS)).toMatchObject([
      {},
      { role: "assistant", content: blocks("The answer is") },
    ]);
    expect(messagesOf(messages, ADAPTIVE)).toMatchObject([
      {},
      { role: "assistant", content: blocks("The answer is ") },
      { role: "user", content: [{ text: expect.stringContaining("Continue") }] },
    ]);
  });

  it("passes cache markers on, from parts, messages, tools and calls", () => {
    const cache_control = { type: "ephemeral", ttl: "1h" };
    const { body } = ADAPTIVE.encode({
      messages: [
        { role: "system", content: "Long.", cache_control },
        { role: "user", content: [{ type: "text", text: "Hi", cache_control }] },
        {
          role: "assistant",
          tool_calls: [
            {
              id: "toolu_1",
              type: "function",
              function: { name: "weather", arguments: "{}" },
              cache_control,
            },
          ],
        },
        { role: "tool", tool_call_id: "toolu_1", content: "x", cache_control },
      ],
      tools: [{ ...weather, cache_control }],
      cache_control,
    });
    expect(body).toMatchObject({
      cache_control,
      system: [{ text: "Long.", cache_control }],
      messages: [
        { content: [{ text: "Hi", cache_control }] },
        { content: [{ type: "tool_use", cache_control }] },
        { content: [{ type: "tool_result", content: "x", cache_control }] },
      ],
      tools: [{ name: "weather", cache_control }],
    });
  });

  it("turns OpenAI's cache marker into its own", () => {
    const part = {
      type: "text" as const,
      text: "Hi",
      prompt_cache_breakpoint: { mode: "explicit" },
    };
    const { body, adjusted } = ADAPTIVE.encode({ messages: [{ role: "user", content: [part] }] });
    expect(body["messages"]).toMatchObject([
      { content: [{ text: "Hi", cache_control: { type: "ephemeral" } }] },
    ]);
    expect(adjusted).toContain("prompt_cache_breakpoint");
  });
});

describe("media", () => {
  const sent = (part: Record<string, unknown>) =>
    messagesOf([{ role: "user", content: [part] as never }]);

  it.each([
    [
      "an image by its address",
      { type: "image_url", image_url: { url: "https://x.test/a.png" } },
      { type: "image", source: { type: "url", url: "https://x.test/a.png" } },
    ],
    [
      "a PDF",
      {
        type: "file",
        file: { file_data: "data:application/pdf;base64,JVBERg==", filename: "a.pdf" },
      },
      {
        type: "document",
        source: { type: "base64", media_type: "application/pdf", data: "JVBERg==" },
        title: "a.pdf",
      },
    ],
    [
      "a text file",
      { type: "file", file: { file_data: "data:text/markdown;base64,w6Q=" } },
      { type: "document", source: { type: "text", media_type: "text/plain", data: "ä" } },
    ],
  ])("sends %s", (_name, part, block) => {
    expect(sent(part)).toEqual([{ role: "user", content: [block] }]);
  });

  it.each([
    [{ type: "input_audio", input_audio: { data: "AA==", format: "wav" } }],
    [{ type: "image_url", image_url: { url: "data:image/tiff;base64,AA==" } }],
    [{ type: "image_url", image_url: { url: "http://x.test/a.png" } }],
    [{ type: "file", file: { file_id: "file-1" } }],
  ])("refuses %j by its place", (part) => {
    const error = refusalOf(() => sent(part));
    expect([error.code, error.param]).toEqual(["unsupported_content", "messages[0].content[0]"]);
  });
});

describe("tools", () => {
  const tools = [weather, news];
  const choice = (changes: Partial<ChatRequest>) =>
    ADAPTIVE.encode({ tools, ...changes }).body["tool_choice"];

  it("gives a tool without parameters an empty schema", () => {
    expect(ADAPTIVE.encode({ tools: [news] }).body["tools"]).toEqual([
      { name: "news", input_schema: { type: "object", properties: {} } },
    ]);
  });

  it.each([
    ["auto", { type: "auto" }],
    ["required", { type: "any" }],
    ["none", { type: "none" }],
    [
      { type: "function", function: { name: "news" } },
      { type: "tool", name: "news" },
    ],
  ] as const)("translates tool_choice %j", (asked, written) => {
    expect(choice({ tool_choice: asked })).toEqual(written);
  });

  it("turns parallel calls off on every choice, also on none given", () => {
    const off = { parallel_tool_calls: false };
    expect(choice(off)).toEqual({ type: "auto", disable_parallel_tool_use: true });
    expect(choice({ ...off, tool_choice: "required" })).toEqual({
      type: "any",
      disable_parallel_tool_use: true,
    });
    expect(choice({ ...off, tool_choice: "none" })).toEqual({ type: "none" });
    expect(choice({ parallel_tool_calls: true })).toBeUndefined();
  });

  it("offers only the allowed tools", () => {
    const { body, adjusted } = ADAPTIVE.encode({
      tools,
      tool_choice: {
        type: "allowed_tools",
        allowed_tools: {
          mode: "required",
          tools: [{ type: "function", function: { name: "news" } }],
        },
      },
    });
    expect(body).toMatchObject({ tools: [{ name: "news" }], tool_choice: { type: "any" } });
    expect(body["tools"]).toHaveLength(1);
    expect(adjusted).toContain("tool_choice");
  });

  it("declares the tools of a history that this request offers none of", () => {
    const { body, adjusted } = ADAPTIVE.encode({
      messages: [
        user("Hi"),
        {
          role: "assistant",
          tool_calls: [{ id: "a", type: "function", function: { name: "f", arguments: "{}" } }],
        },
        { role: "tool", tool_call_id: "a", content: "x" },
      ],
    });
    expect(body).toMatchObject({ tools: [{ name: "f" }], tool_choice: { type: "none" } });
    expect(adjusted).toContain("tools");
  });

  it("holds strict tools to their schema where the model can, and says where it cannot", () => {
    const strict = (parameters: Record<string, unknown>) => [
      { type: "function" as const, function: { name: "f", parameters, strict: true } },
    ];
    const closed = { type: "object", properties: { a: { type: "string" } } };
    expect(SCHEMAS.encode({ tools: strict(closed) }).body["tools"]).toEqual([
      { name: "f", input_schema: { ...closed, additionalProperties: false }, strict: true },
    ]);
    const open = { type: "object", additionalProperties: { type: "string" } };
    const loose = SCHEMAS.encode({ tools: strict(open) });
    expect(loose.body["tools"]).toEqual([{ name: "f", input_schema: open }]);
    expect(loose.adjusted).toContain("tools.function.strict");
    expect(BUDGET.encode({ tools: strict(closed) }).adjusted).toContain("tools.function.strict");
  });

  it("refuses custom tools and a forced choice without tools", () => {
    const custom = [{ type: "custom" as const, custom: { name: "grammar" } }];
    expect(refusalOf(() => ADAPTIVE.encode({ tools: custom })).param).toBe("tools[0]");
    expect(refusalOf(() => ADAPTIVE.encode({ tool_choice: "required" })).param).toBe("tool_choice");
  });
});

describe("max_tokens", () => {
  it.each([
    ["claude-opus-4-6", 128_000],
    ["claude-of-the-future", 128_000],
    ["claude-sonnet-4-5-20250929", 64_000],
    ["claude-sonnet-4-20250514", 64_000],
    ["claude-opus-4-1-20250805", 32_000],
    ["claude-3-5-sonnet-20241022", 4096],
    ["claude-3-haiku-20240307", 4096],
  ])("of %s is the model's most when none is given, and reported", (modelName, most) => {
    const bench = benchWire(anthropic, "anthropic", { modelName });
    const { body, adjusted } = bench.encode({});
    expect([body["max_tokens"], adjusted]).toEqual([most, ["max_tokens"]]);
  });

  it("comes from the deployment's settings before that", () => {
    const bench = benchWire(anthropic, "anthropic", {
      modelName: "claude-opus-4-6",
      settings: { default_max_tokens: 4096 },
    });
    expect(bench.encode({}).body["max_tokens"]).toBe(4096);
  });

  it("prefers max_completion_tokens and passes a given value as it is", () => {
    const { body, adjusted } = ADAPTIVE.encode({ max_tokens: 5, max_completion_tokens: 7 });
    expect([body["max_tokens"], adjusted]).toEqual([7, ["max_tokens"]]);
    expect(ADAPTIVE.encode({ max_tokens: 7 }).adjusted).toEqual([]);
  });
});

describe("reasoning_effort", () => {
  it.each([
    ["low", "low", []],
    ["medium", "medium", []],
    ["high", "high", []],
    ["max", "max", []],
    ["minimal", "low", ["reasoning_effort"]],
    ["xhigh", "max", ["reasoning_effort"]],
  ])("%s is the effort %s of models that think adaptively", (effort, level, adjusted) => {
    const encoded = ADAPTIVE.encode({ reasoning_effort: effort, max_tokens: 10 });
    expect(encoded.body).toMatchObject({
      max_tokens: 10,
      thinking: { type: "adaptive" },
      output_config: { effort: level },
    });
    expect(encoded.adjusted).toEqual(adjusted);
  });

  it("xhigh is a level of its own from 4.7 on", () => {
    const { body } = NEWEST.encode({ reasoning_effort: "xhigh" });
    expect(body["output_config"]).toEqual({ effort: "xhigh" });
  });

  it.each([
    ["minimal", 1024],
    ["low", 3200],
    ["medium", 9600],
    ["high", 19_200],
    ["xhigh", 28_800],
  ])("%s is a budget on earlier models, on top of max_tokens", (effort, budget) => {
    const encoded = BUDGET.encode({ reasoning_effort: effort, max_tokens: 1000 });
    expect(encoded.body).toMatchObject({
      max_tokens: 1000 + budget,
      thinking: { type: "enabled", budget_tokens: budget },
    });
    expect(encoded.adjusted).toEqual(["reasoning_effort", "max_tokens"]);
  });

  it("never raises max_tokens beyond what the model can give, and never lowers it", () => {
    const raised = BUDGET.encode({ reasoning_effort: "high", max_tokens: 30_000 });
    expect(raised.body["max_tokens"]).toBe(32_000);
    const given = BUDGET.encode({ reasoning_effort: "high", max_tokens: 50_000 });
    expect(given.body["max_tokens"]).toBe(50_000);
  });

  it("none switches thinking off, where there is any", () => {
    const off = { thinking: { type: "disabled" } };
    expect(ADAPTIVE.encode({ reasoning_effort: "none" }).body).toMatchObject(off);
    expect(BUDGET.encode({ reasoning_effort: "none" }).body).toMatchObject(off);
    expect(OLDEST.encode({ reasoning_effort: "none" }).body).not.toHaveProperty("thinking");
  });

  it("is left out and reported for models that do not think", () => {
    const { body, adjusted } = OLDEST.encode({ reasoning_effort: "high", max_tokens: 10 });
    expect(body).not.toHaveProperty("thinking");
    expect(adjusted).toEqual(["reasoning_effort"]);
  });

  it("gives way to a forced tool where both together are refused", () => {
    const forced = { reasoning_effort: "high", tools: [weather], tool_choice: "required" as const };
    const budget = BUDGET.encode(forced);
    expect(budget.body).toMatchObject({
      thinking: { type: "disabled" },
      tool_choice: { type: "any" },
    });
    expect(budget.adjusted).toContain("reasoning_effort");
    expect(ADAPTIVE.encode(forced).body["thinking"]).toEqual({ type: "adaptive" });
  });

  it("that nobody knows is refused", () => {
    const error = refusalOf(() => ADAPTIVE.encode({ reasoning_effort: "constructor" }));
    expect([error.code, error.param]).toEqual(["unsupported_value", "reasoning_effort"]);
  });

  it("leaves the caller's own thinking field alone", () => {
    const thinking = { type: "enabled", budget_tokens: 2000 };
    const { body, adjusted } = BUDGET.encode({
      thinking,
      reasoning_effort: "low",
      max_tokens: 9000,
    });
    expect(body).toMatchObject({ thinking, max_tokens: 9000 });
    expect(adjusted).toEqual(["reasoning_effort"]);
  });
});

describe("sampling", () => {
  it.each([
    ["beyond 1", ADAPTIVE, { temperature: 1.5 }, "temperature"],
    ["of models that fixed it", NEWEST, { temperature: 0.2 }, "temperature"],
    ["of models that fixed it", NEWEST, { top_p: 0.5 }, "top_p"],
    ["of models that fixed it", NEWEST, { top_k: 5 }, "top_k"],
    ["while thinking", ADAPTIVE, { temperature: 0.2, reasoning_effort: "low" }, "temperature"],
    ["as a pair", ADAPTIVE, { temperature: 0.2, top_p: 0.5 }, "top_p"],
  ])("is refused %s, never bent", (_name, bench, fields, param) => {
    const error = refusalOf(() => bench.encode(fields));
    expect([error.status, error.code, error.param]).toEqual([400, "unsupported_value", param]);
  });

  it("is dropped instead where the deployment allows that", () => {
    const { body, adjusted } = DROPPING.encode({ temperature: 0.2, top_p: 0.5, max_tokens: 1 });
    expect(body).not.toHaveProperty("temperature");
    expect(body).not.toHaveProperty("top_p");
    expect(adjusted).toEqual(["temperature", "top_p"]);
  });

  it("passes what the model takes", () => {
    expect(BUDGET.encode({ temperature: 0.2, top_p: 0.5, top_k: 5 }).body).toMatchObject({
      temperature: 0.2,
      top_p: 0.5,
      top_k: 5,
    });
    expect(NEWEST.encode({ temperature: 1 }).body["temperature"]).toBe(1);
  });

  it("leaves out the half of a pair that says nothing", () => {
    const tempered = ADAPTIVE.encode({ temperature: 0.2, top_p: 1, max_tokens: 1 });
    expect(tempered.body).toMatchObject({ temperature: 0.2 });
    expect(tempered.adjusted).toEqual(["top_p"]);
    const cut = ADAPTIVE.encode({ temperature: 1, top_p: 0.5, max_tokens: 1 });
    expect(cut.body).toMatchObject({ top_p: 0.5 });
    expect(cut.adjusted).toEqual(["temperature"]);
  });
});

describe("response_format", () => {
  const schema = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
  const format = (changes: object = {}) => ({
    type: "json_schema" as const,
    json_schema: { name: "city", schema: { ...schema, ...changes } },
  });

  it("is native from 4.5 on, with every object closed", () => {
    const { body, adjusted, emulation } = SCHEMAS.encode({
      response_format: format(),
      max_tokens: 9,
    });
    expect(body["output_config"]).toEqual({
      format: { type: "json_schema", schema: { ...schema, additionalProperties: false } },
    });
    expect([adjusted, emulation]).toEqual([[], {}]);
  });

  it("stands beside an effort", () => {
    const { body } = ADAPTIVE.encode({ response_format: format(), reasoning_effort: "low" });
    expect(body["output_config"]).toMatchObject({ effort: "low", format: { type: "json_schema" } });
  });

  it("tells rules that cannot be enforced in the description, and reports that", () => {
    const { body, adjusted } = SCHEMAS.encode({
      response_format: format({
        properties: { city: { type: "string", minLength: 2, format: "iata" } },
      }),
    });
    expect(body).toMatchObject({
      output_config: {
        format: {
          schema: {
            properties: { city: { type: "string", description: '(minLength: 2, format: "iata")' } },
          },
        },
      },
    });
    expect(JSON.stringify(body)).not.toContain('"minLength":2');
    expect(adjusted).toContain("response_format");
  });

  it.each([
    ["earlier models", BUDGET, {}],
    ["open objects", SCHEMAS, { properties: { tags: { type: "object" } } }],
    ["recursion", SCHEMAS, { properties: { next: { $ref: "#" } } }],
  ])("is a forced tool for %s", (_name, bench, changes) => {
    const wanted = format(changes);
    const { body, adjusted, emulation } = bench.encode({ response_format: wanted, max_tokens: 9 });
    expect(body).toMatchObject({
      tools: [{ name: "json", input_schema: wanted.json_schema.schema }],
      tool_choice: { type: "tool", name: "json", disable_parallel_tool_use: true },
    });
    expect([adjusted, emulation]).toEqual([["response_format"], { jsonTool: "json" }]);
  });

  it("is one of several tools beside the caller's own, under a free name", () => {
    const own = { type: "function" as const, function: { name: "json" } };
    const { body, emulation } = BUDGET.encode({ response_format: format(), tools: [own] });
    expect(body).toMatchObject({
      tools: [{ name: "json" }, { name: "json_" }],
      tool_choice: { type: "any" },
    });
    expect(emulation).toEqual({ jsonTool: "json_" });
  });

  it("is asked for in words where the model thinks under a budget, and for plain JSON", () => {
    const thinking = BUDGET.encode({ response_format: format(), reasoning_effort: "low" });
    expect(thinking.body).not.toHaveProperty("tools");
    expect(JSON.stringify(thinking.body["system"])).toContain("JSON Schema");
    const plain = ADAPTIVE.encode({
      messages: [{ role: "system", content: "Be brief." }, user("Hi")],
      response_format: { type: "json_object" },
    });
    expect(plain.body["system"]).toMatchObject([
      { text: "Be brief." },
      { text: expect.stringContaining("JSON object") },
    ]);
    expect(plain.adjusted).toContain("response_format");
  });
});

describe("the other fields", () => {
  it.each([
    ["n", 2],
    ["logprobs", true],
    ["top_logprobs", 3],
    ["logit_bias", { "5": 1 }],
    ["presence_penalty", 0.5],
    ["frequency_penalty", 0.5],
    ["audio", { voice: "alloy", format: "wav" }],
    ["modalities", ["text", "audio"]],
    ["web_search_options", {}],
    ["moderation", { model: "x" }],
    ["functions", [{ name: "f" }]],
  ])("%s is refused by name", (name, value) => {
    const error = refusalOf(() => ADAPTIVE.encode({ [name]: value }));
    expect([error.status, error.code, error.param]).toEqual([400, "unsupported_parameter", name]);
    const dropped = DROPPING.encode({ [name]: value, max_tokens: 1 });
    expect(dropped.body).not.toHaveProperty(name);
    expect(dropped.adjusted).toEqual([name]);
  });

  it("values that ask for nothing are no reason to refuse", () => {
    const { adjusted } = ADAPTIVE.encode({
      n: 1,
      logprobs: false,
      logit_bias: {},
      presence_penalty: 0,
      modalities: ["text"],
      response_format: { type: "text" },
      top_logprobs: null,
      max_tokens: 1,
    });
    expect(adjusted).toEqual([]);
  });

  it.each([
    ["seed", 7],
    ["store", true],
    ["metadata", { a: "b" }],
    ["prediction", { type: "content", content: "x" }],
    ["prompt_cache_key", "k"],
    ["verbosity", "low"],
    ["service_tier", "flex"],
  ])("the hint %s is left out and reported", (name, value) => {
    const { body, adjusted } = ADAPTIVE.encode({ [name]: value, max_tokens: 1 });
    expect(body).not.toHaveProperty(name);
    expect(adjusted).toEqual([name]);
  });

  it("stop, user, tier and stream have counterparts", () => {
    const { body, adjusted } = ADAPTIVE.encode({
      stop: "END",
      user: "u-1",
      service_tier: "default",
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 1,
    });
    expect(body).toMatchObject({
      stop_sequences: ["END"],
      metadata: { user_id: "u-1" },
      service_tier: "standard_only",
      stream: true,
    });
    expect(adjusted).toEqual([]);
    expect(refusalOf(() => ADAPTIVE.encode({ stop: ["\n\n"] })).param).toBe("stop");
  });

  it("own fields and unknown ones pass untouched; unknown ones go where dropping is allowed", () => {
    const own = { context_management: { edits: [] }, future_field: 1 };
    expect(ADAPTIVE.encode(own).body).toMatchObject(own);
    const dropped = DROPPING.encode({ ...own, max_tokens: 1 });
    expect(dropped.body).toMatchObject({ context_management: { edits: [] } });
    expect(dropped.adjusted).toEqual(["future_field"]);
  });

  it("no null and no key that the client did not ask for reaches the provider", () => {
    const { body } = ADAPTIVE.encode({
      max_tokens: 1,
      temperature: null,
      tools: null,
      extra: null,
    });
    expect(Object.keys(body)).toEqual(["model", "max_tokens", "messages"]);
  });

  it("beta features come from the deployment", () => {
    const bench = benchWire(anthropic, "anthropic", { settings: { anthropic_beta: "a,b" } });
    expect(bench.encode({}).headers).toEqual({ "anthropic-beta": "a,b" });
    expect(ADAPTIVE.encode({}).headers).toBeUndefined();
  });
});
