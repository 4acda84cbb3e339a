import { expect, it } from "vitest";
import type { Answer, StreamBatch, StreamEvent } from "#lib/contract/answer.ts";
import type { FinishReason } from "#lib/contract/chat.ts";
import { ConduitError } from "#lib/errors.ts";
import { waitForContent } from "./first-content.ts";

function batchOf(content: string, finish: unknown): StreamBatch {
  const choice = { index: 0, delta: { content }, logprobs: null };
  // Some servers send finishes that the contract does not know.
  const choices = [{ ...choice, finish_reason: finish as FinishReason | null }];
  const object = "chat.completion.chunk";
  const event: StreamEvent = { chunk: { id: "c", object, created: 1, model: "m", choices } };
  return { events: [event] };
}

async function* failing(batches: readonly StreamBatch[]): AsyncGenerator<StreamBatch> {
  yield* batches;
  throw new ConduitError("upstream_error", { message: "The provider failed." });
}

it("an upstream that fails before its first word can still be left for another", async () => {
  for (const finish of [null, "", undefined]) {
    const answer: Answer = { kind: "stream", batches: failing([batchOf("", finish)]) };
    await expect(waitForContent(answer)).rejects.toMatchObject({ code: "upstream_error" });
  }
});

it("the first word or a finish commits to the upstream", async () => {
  for (const batch of [batchOf("word", ""), batchOf("", "stop")]) {
    const answer: Answer = { kind: "stream", batches: failing([batch]) };
    await expect(waitForContent(answer)).resolves.toMatchObject({ kind: "stream" });
  }
});
