import type { StreamBatch, StreamEvent } from "#lib/contract/answer.ts";
import type { ChatDelta } from "#lib/contract/chat.ts";
import { ConduitError } from "#lib/errors.ts";
import type { Story } from "./story.ts";
import { openTopUps, type TopUps } from "./top-ups.ts";

/** No model writes as much; what does is no answer, and its text is kept until the end. */
const MAX_TEXT = 64 * 1024 * 1024;

/**
 * Counts a stream while it passes: usage, the first content, the delivered text. Throws
 * `budget_exceeded` when the answer outgrows its reservation and the budget grants no more.
 */
export async function* meter(
  story: Story,
  batches: AsyncIterable<StreamBatch>,
): AsyncGenerator<StreamBatch> {
  const topUps = openTopUps(story);
  for await (const batch of batches) {
    for (const event of batch.events) {
      count(story, event, topUps);
    }
    if (story.deliveredText.length > MAX_TEXT) {
      throw new ConduitError("upstream_protocol", {
        message: "The provider's answer is longer than 64 MiB.",
        upstream: { kind: "protocol" },
      });
    }
    if (topUps !== undefined && !(await topUps.cover())) {
      throw new ConduitError("budget_exceeded", {
        message: "The answer was cut because it outgrew what is left of the budget.",
      });
    }
    yield batch;
  }
}

function count(story: Story, event: StreamEvent, topUps: TopUps | undefined): void {
  if (event.usage !== undefined) {
    story.usage = event.usage;
  }
  story.payload?.keepChunk(event.chunk);
  for (const choice of event.chunk.choices) {
    const text = textOfDelta(choice.delta);
    if (text !== "") {
      story.deliveredText += text;
      topUps?.add(text);
      story.firstContentAt ??= performance.now();
    }
  }
}

/** Everything in a delta that the model was paid to write. */
export function textOfDelta(delta: ChatDelta | undefined): string {
  if (delta === undefined) {
    return "";
  }
  let text = (delta.content ?? "") + (delta.reasoning_content ?? "") + (delta.refusal ?? "");
  for (const call of delta.tool_calls ?? []) {
    text += (call.function?.name ?? "") + (call.function?.arguments ?? "");
  }
  return text;
}
