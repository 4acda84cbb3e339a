import type { StreamBatch, WholeAnswer } from "#lib/contract/answer.ts";
import { restoreAnswer, restoreStream } from "#lib/guardrails/restore.ts";
import type { Story } from "./story.ts";

/*
 * Placeholders are restored last, on the way to the caller: what is counted, stored and cached has
 * them still.
 */

/** The answer as its caller gets it. */
export function restoredAnswer({ guard }: Story, answer: WholeAnswer): WholeAnswer {
  return guard === null || guard.masks.isEmpty ? answer : restoreAnswer(answer, guard.masks);
}

/** The answer's events as their caller gets them. */
export function restoredBatches(
  { guard }: Story,
  batches: AsyncIterable<StreamBatch>,
): AsyncIterable<StreamBatch> {
  return guard === null || guard.masks.isEmpty ? batches : restoreStream(batches, guard.masks);
}
