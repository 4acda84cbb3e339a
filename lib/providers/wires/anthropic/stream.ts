import type { StreamBatch } from "#lib/contract/answer.ts";
import { jsonEvents, truncated } from "#lib/providers/codec/json-events.ts";
import { linger } from "#lib/providers/codec/linger.ts";
import type { DecodeContext } from "#lib/providers/wire.ts";
import { StreamedAnswer } from "./streamed-answer.ts";

/**
 * A stream of the Messages API as chunks of OpenAI's form. Complete with
 * `message_stop`, or with the reason to stop where a server ends its stream after that. Throws the upstream's `error` events, `upstream_protocol` for a second message
 * inside the first, and what `jsonEvents` throws.
 */
export async function* decodeChatStream(
  bytes: AsyncIterable<Uint8Array>,
  context: DecodeContext,
): AsyncGenerator<StreamBatch> {
  const source = bytes[Symbol.asyncIterator]();
  const answer = new StreamedAnswer(context);
  for await (const events of jsonEvents(source, () => answer.hasStopped)) {
    for (const event of events) {
      answer.take(event);
    }
    const batch = answer.drain();
    if (batch.length > 0) {
      yield { events: batch };
    }
    if (answer.isComplete) {
      await linger(source);
      return;
    }
  }
  if (!answer.hasStopped) {
    throw truncated();
  }
  yield { events: answer.end() };
}
