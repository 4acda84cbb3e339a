import { zodResponseFormat } from "openai/helpers/zod";
import type { ChatCompletionTool } from "openai/resources/chat/completions";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { chunkEvent, EVENT_STREAM } from "#lib/testing/openai-replies.ts";
import { sharedWorld } from "./shared-world.ts";
import { BYTES_MODEL, CHAT_MODELS, DOORS, VENDORS, WEATHER, type World } from "./world.ts";

const ASK_WEATHER = [{ role: "user" as const, content: "What is the weather in two cities?" }];
const GET_WEATHER: ChatCompletionTool = {
  type: "function",
  function: {
    name: "get_weather",
    description: "The temperature in a city.",
    parameters: {
      type: "object",
      properties: { city: { type: "string" } },
      required: ["city"],
      additionalProperties: false,
    },
  },
};
const CAPITAL = z.object({ city: z.string(), population: z.number() });

describe.each(DOORS)("tools through the %s door, with the official Node SDK", (door) => {
  let world: World;

  beforeAll(async () => {
    world = await sharedWorld(door);
  });

  describe.each(VENDORS)("%s", (vendor) => {
    const model = CHAT_MODELS[vendor];

    it("calls two tools at once", async () => {
      const answer = await world.client.chat.completions.create({
        model,
        messages: ASK_WEATHER,
        tools: [GET_WEATHER],
      });
      const calls = answer.choices[0]?.message.tool_calls ?? [];
      expect(answer.choices[0]?.finish_reason).toBe("tool_calls");
      expect(calls.map(argumentsOf)).toEqual([{ city: "Paris" }, { city: "Oslo" }]);
      expect(new Set(calls.map((call) => call.id)).size).toBe(2);
    });

    it("streams two tool calls with their own ids and indices", async () => {
      const stream = world.client.chat.completions.stream({
        model,
        messages: ASK_WEATHER,
        tools: [GET_WEATHER],
      });
      const indices = new Set<number>();
      stream.on("chunk", (chunk) => {
        for (const call of chunk.choices[0]?.delta.tool_calls ?? []) {
          indices.add(call.index);
        }
      });
      const completion = await stream.finalChatCompletion();
      const calls = completion.choices[0]?.message.tool_calls ?? [];
      expect(completion.choices[0]?.finish_reason).toBe("tool_calls");
      expect(calls.map(argumentsOf)).toEqual([{ city: "Paris" }, { city: "Oslo" }]);
      expect([...indices].sort()).toEqual([0, 1]);
    });

    it.each([false, true])("runs the SDK's tool loop to its end (stream: %s)", async (streamed) => {
      const asked: string[] = [];
      const runner = world.client.chat.completions.runTools({
        model,
        stream: streamed,
        messages: ASK_WEATHER,
        tools: [
          {
            type: "function",
            function: {
              name: "get_weather",
              description: "The temperature in a city.",
              parameters: { type: "object", properties: { city: { type: "string" } } },
              parse: (text: string) => z.object({ city: z.string() }).parse(JSON.parse(text)),
              function: ({ city }: { city: string }) => {
                asked.push(city);
                return city === "Paris" ? "21" : "9";
              },
            },
          },
        ],
        // The two forms of this call have types of their own; the suite runs both.
      } as Parameters<typeof world.client.chat.completions.runTools>[0]);
      expect(await runner.finalContent()).toBe(WEATHER);
      expect(asked.sort()).toEqual(["Oslo", "Paris"]);
    });

    it("parses structured output", async () => {
      const answer = await world.client.chat.completions.parse({
        model,
        messages: [{ role: "user", content: "The capital as json, please." }],
        response_format: zodResponseFormat(CAPITAL, "capital"),
      });
      expect(answer.choices[0]?.message.parsed).toEqual({ city: "Paris", population: 2_103_000 });
      expect(answer.choices[0]?.finish_reason).toBe("stop");
    });

    it("parses structured output from a stream", async () => {
      const stream = world.client.chat.completions.stream({
        model,
        messages: [{ role: "user", content: "The capital as json, please." }],
        response_format: zodResponseFormat(CAPITAL, "capital"),
      });
      const completion = await stream.finalChatCompletion();
      expect(completion.choices[0]?.message.parsed).toEqual({
        city: "Paris",
        population: 2_103_000,
      });
    });
  });

  it("joins arguments that come letter by letter and interleaved", async () => {
    const call = (index: number, part: Record<string, unknown>) =>
      chunkEvent({ tool_calls: [{ index, ...part }] }, null);
    const open = (index: number) =>
      call(index, {
        id: `call_${index}`,
        type: "function",
        function: { name: "get_weather", arguments: "" },
      });
    const letters = (index: number, text: string) =>
      [...text].map((letter) => call(index, { function: { arguments: letter } }));
    const first = letters(0, '{"city":"Zürich"}');
    const second = letters(1, '{"city":"Łódź"}');
    const mixed = first.flatMap((event, at) => [event, ...(second[at] ? [second[at]] : [])]);
    world.script(() => ({
      headers: EVENT_STREAM,
      steps: [open(0), open(1), ...mixed, chunkEvent({}, "tool_calls"), "data: [DONE]\n\n"],
      splitBytes: 3,
    }));
    const stream = world.client.chat.completions.stream({
      model: BYTES_MODEL,
      messages: ASK_WEATHER,
      tools: [GET_WEATHER],
    });
    const completion = await stream.finalChatCompletion();
    const calls = completion.choices[0]?.message.tool_calls ?? [];
    expect(calls.map(argumentsOf)).toEqual([{ city: "Zürich" }, { city: "Łódź" }]);
  });
});

function argumentsOf(call: { type: string; function?: { arguments: string } }): unknown {
  return JSON.parse(call.function?.arguments ?? "null");
}
