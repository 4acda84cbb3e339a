import { expect, it } from "vitest";
import { NO_USAGE } from "#lib/contract/usage.ts";
import { assembleChat } from "#lib/testing/chat-assembly.ts";
import { ChunkWriter } from "./chunks.ts";
import { completionOf } from "./completion.ts";

const IDENTITY = { id: "c1", created: 1, model: "m" };

it("writes a stream that the official clients can put together", () => {
  const writer = new ChunkWriter(IDENTITY);
  writer.reasoning("Hm");
  writer.content("Looking.");
  writer.openTool({ key: 3, id: "a", name: "f" });
  writer.openTool({ key: 7, id: "b", name: "g" });
  writer.toolArguments(7, '{"y":');
  writer.toolArguments(7, "2}");
  writer.toolArguments(99, "lost");
  writer.finish("stop");
  writer.finish("length");
  writer.usage({ ...NO_USAGE, input: 5, output: 2 });
  expect(assembleChat(writer.drain())).toEqual({
    text: "Looking.",
    refusal: "",
    reasoning: "Hm",
    toolCalls: [
      { id: "a", name: "f", arguments: "{}" },
      { id: "b", name: "g", arguments: '{"y":2}' },
    ],
    finishReason: "tool_calls",
    usage: { ...NO_USAGE, input: 5, output: 2 },
  });
});

it("takes the upstream's identity until the first chunk and never after", () => {
  const writer = new ChunkWriter(IDENTITY);
  writer.identify({ id: "upstream" });
  writer.open();
  writer.identify({ id: "late", model: "late" });
  writer.content("Hi");
  writer.finish("stop");
  expect(writer.drain().map(({ chunk }) => [chunk.id, chunk.model])).toEqual(
    Array.from({ length: 3 }, () => ["upstream", "m"]),
  );
});

it("hands over each event once and writes none for nothing", () => {
  const writer = new ChunkWriter(IDENTITY);
  writer.content("Hi");
  expect(writer.drain()).toHaveLength(2);
  writer.content("");
  writer.reasoning("");
  writer.reasoningDetails([]);
  expect(writer.drain()).toEqual([]);
  expect(writer.finished).toBe(false);
});

it("keeps choices apart", () => {
  const writer = new ChunkWriter(IDENTITY);
  writer.content("a", 0);
  writer.content("b", 1);
  writer.finish("stop", { choice: 1, native: "END" });
  expect(writer.drain().map(({ chunk }) => chunk.choices[0]?.index)).toEqual([0, 0, 1, 1, 1]);
});

it("writes the same answer whole", () => {
  const body = completionOf({
    identity: IDENTITY,
    choices: [
      { reasoning: "Hm", toolCalls: [{ id: "a", name: "f", arguments: "" }], finishReason: "stop" },
    ],
    usage: { ...NO_USAGE, input: 5, output: 2 },
  });
  expect(body).toMatchObject({
    id: "c1",
    object: "chat.completion",
    choices: [
      {
        finish_reason: "tool_calls",
        message: {
          role: "assistant",
          content: null,
          refusal: null,
          reasoning_content: "Hm",
          tool_calls: [{ id: "a", type: "function", function: { name: "f", arguments: "{}" } }],
        },
      },
    ],
    usage: { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 },
  });
});
