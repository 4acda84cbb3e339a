import { beforeAll, describe, expect, it } from "vitest";
import type { ChatMessage, ChatRequest } from "#lib/contract/chat.ts";
import type { Price } from "#lib/contract/snapshot.ts";
import { countTokens, loadTokenizer } from "./token-count.ts";
import { DEFAULT_OUTPUT_CAP, estimateRequest } from "./tokens.ts";
import { estimateUsage } from "./usage-estimate.ts";

/** What the frame of a one-message chat counts. */
const FRAME = 7;

function price(input: bigint, output: bigint): Price {
  const base = {
    input,
    output,
    cacheRead: 0n,
    cacheWrite5m: 0n,
    cacheWrite1h: 0n,
    audioIn: 40n * input,
    audioOut: output,
  };
  return { state: "priced", list: { base, tiers: [], source: "override" } };
}

const CHEAP = price(1_000_000_000n, 2_000_000_000n);
const DEAR = price(5_000_000_000n, 10_000_000_000n);

function chat(content: ChatMessage["content"], extra: Partial<ChatRequest> = {}): ChatRequest {
  const messages = [{ role: "user", content }] as ChatRequest["messages"];
  return { model: "any", messages, ...extra } as ChatRequest;
}

function estimate(request: ChatRequest, prices: Price[] = [CHEAP]) {
  return estimateRequest({ endpoint: "chat", request, prices });
}

beforeAll(loadTokenizer);

describe("what a request is reserved at", () => {
  it("short text is counted with the tokenizer", () => {
    const sentence = "The quick brown fox jumps over the lazy dog.";
    expect(estimate(chat(sentence)).inputTokens).toBe(10 + FRAME);
  });

  it("text over 8 kB is a third of its bytes, in UTF-8", () => {
    expect(estimate(chat("ab ".repeat(4_000))).inputTokens).toBe(4_000 + FRAME);
    expect(estimate(chat("é ".repeat(4_000))).inputTokens).toBe(4_000 + FRAME);
  });

  it("an unbroken run of over 200 characters is half its bytes", () => {
    expect(estimate(chat(`hello ${"x".repeat(3_000)}`)).inputTokens).toBe(1_500 + 2 + FRAME);
  });

  it("the output cap is the newer field, then the older one, then the model's, then the default", () => {
    const output = (extra: Partial<ChatRequest>) => estimate(chat("", extra)).outputTokens;
    expect(output({ max_completion_tokens: 10, max_tokens: 20 })).toBe(10);
    expect(output({ max_tokens: 20 })).toBe(20);
    expect(output({})).toBe(DEFAULT_OUTPUT_CAP);
    const request = chat("");
    const modelCap = { endpoint: "chat", request, prices: [], outputCap: 99 } as const;
    expect(estimateRequest(modelCap).outputTokens).toBe(99);
  });

  it("several answers are reserved several times", () => {
    expect(estimate(chat("", { max_tokens: 100, n: 3 })).outputTokens).toBe(300);
  });

  it("the dearest candidate decides, and free or unpriced ones add nothing", () => {
    const request = chat("", { max_tokens: 1_000 });
    const dear = BigInt(FRAME) * 5_000n + 10_000_000n;
    expect(estimate(request, [CHEAP, DEAR, { state: "free" }, { state: "unpriced" }]).nanos).toBe(
      dear,
    );
    expect(estimate(request, [{ state: "free" }]).nanos).toBe(0n);
  });

  it("a limit on tokens holds the input and the output that the request itself caps", () => {
    expect(estimate(chat("", { max_tokens: 50 })).tokens).toBe(FRAME + 50);
    expect(estimate(chat("")).tokens).toBe(FRAME);
  });

  it("pictures, sound and documents count, and sound at its own price", () => {
    const image = { type: "image_url", image_url: { url: "https://example.com/a.png" } } as const;
    const low = { type: "image_url", image_url: { url: "x", detail: "low" } } as const;
    const audio = {
      type: "input_audio",
      input_audio: { data: "A".repeat(4_000), format: "wav" },
    } as const;
    const file = { type: "file", file: { file_data: "A".repeat(100_000) } } as const;
    const tokens = (part: object) => estimate(chat([part] as never)).inputTokens - FRAME;
    expect(tokens(image)).toBe(1_600);
    expect(tokens(low)).toBe(100);
    expect(tokens(audio)).toBe(24);
    expect(tokens(file)).toBe(3_000);
    const plain = estimate(chat("", { max_tokens: 1 })).nanos;
    expect(estimate(chat([audio] as never, { max_tokens: 1 })).nanos - plain).toBe(24n * 40_000n);
  });

  it("tools, calls of tools and schemas are part of the input", () => {
    const tool = {
      type: "function",
      function: { name: "weather", description: "Tells the weather of a city." },
    } as const;
    const plain = estimate(chat("hi")).inputTokens;
    expect(estimate(chat("hi", { tools: [tool] })).inputTokens).toBeGreaterThan(plain + 10);
    const call = { id: "c", type: "function", function: { name: "f", arguments: '{"a":1}' } };
    const request = chat("hi");
    request.messages.push({ role: "assistant", content: null, tool_calls: [call] } as never);
    expect(estimate(request).inputTokens).toBeGreaterThan(plain + 10);
  });

  it("embeddings count every input, token ids by their number, and have no output", () => {
    const embed = (input: string | string[] | number[] | number[][]) =>
      estimateRequest({ endpoint: "embeddings", request: { model: "m", input }, prices: [CHEAP] });
    expect(embed("hello world")).toMatchObject({ inputTokens: 2, outputTokens: 0, nanos: 2_000n });
    expect(embed(["hello", "world"]).inputTokens).toBe(2);
    expect(embed([1, 2, 3]).inputTokens).toBe(3);
    expect(embed([[1, 2], [3]]).inputTokens).toBe(3);
  });
});

describe("counting tokens", () => {
  it("names of special tokens are plain text", async () => {
    expect(await countTokens("<|endoftext|>")).toBeGreaterThan(1);
  });

  it("an empty text has none", async () => {
    expect(await countTokens("")).toBe(0);
  });

  it("a long text counts the same in pieces", async () => {
    const sentence = "The quick brown fox jumps over the lazy dog.";
    expect(await countTokens(`${sentence} `.repeat(2_000).trim())).toBe(10 * 2_000);
  });

  // Merged as one piece, 100,000 equal letters hold up the event loop for seconds.
  it.each([
    ["letters", "x", 200_000],
    ["spaces", " ", 200_000],
    ["newlines", "\n", 200_000],
    ["ideographs", "語", 600_000],
  ])("a text of equal %s is not merged but counted by its bytes", async (_, char, tokens) => {
    expect(await countTokens(char.repeat(400_000))).toBe(tokens);
  });
});

describe("usage that an upstream did not report", () => {
  const request = chat("The quick brown fox jumps over the lazy dog.");

  it("is counted from the text that was delivered", async () => {
    const usage = await estimateUsage({ endpoint: "chat", request, delivered: "hello world" });
    expect(usage).toMatchObject({ input: 10 + FRAME, output: 2 });
  });

  it("is counted from a whole answer's messages", async () => {
    const message = { role: "assistant", content: "hello world" };
    const body = { choices: [{ message }, { message }] };
    const usage = await estimateUsage({ endpoint: "chat", request, delivered: body });
    expect(usage.output).toBe(5);
  });

  it("an answer that delivered nothing has no output", async () => {
    expect((await estimateUsage({ endpoint: "chat", request, delivered: "" })).output).toBe(0);
    expect((await estimateUsage({ endpoint: "chat", request, delivered: {} })).output).toBe(0);
  });
});
