import { expect, it } from "vitest";
import type { StreamEvent } from "#lib/contract/answer.ts";
import { ChunkSettler } from "./chunk-settler.ts";

/** What the chunks of one choice come to, each with its content and its finish. */
function settled(chunks: readonly { content: string; finish: unknown }[]) {
  const settler = new ChunkSettler({ id: "c", created: 1, model: "m" }, {});
  const events: StreamEvent[] = [];
  for (const { content, finish } of chunks) {
    const choices = [{ index: 0, delta: { content }, finish_reason: finish }];
    const chunk = { id: "c", object: "chat.completion.chunk", created: 1, model: "m", choices };
    settler.settle(chunk, JSON.stringify(chunk), events);
  }
  return { events, complete: settler.complete };
}

it("a finish that says nothing is none, also in the text that goes out", () => {
  const { events, complete } = settled([
    { content: "a", finish: "" },
    { content: "b", finish: "" },
  ]);
  expect(complete).toBe(false);
  for (const { chunk, text } of events) {
    expect(chunk.choices[0]?.finish_reason).toBeNull();
    expect(text).toBeUndefined();
  }
  const ended = settled([
    { content: "a", finish: "" },
    { content: "", finish: "stop" },
  ]);
  expect(ended.complete).toBe(true);
  expect(ended.events.map(({ chunk }) => chunk.choices[0]?.finish_reason)).toEqual([null, "stop"]);
});
