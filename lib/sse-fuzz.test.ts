import { describe, expect, it } from "vitest";
import { fault } from "#lib/testing/reliability-rows.ts";
import { byTier, recordFigure } from "#lib/testing/tier.ts";
import { type SseEvent, SseReader } from "./sse.ts";
import { bend, cutAnywhere, makeDice } from "./testing/fuzz.ts";

const INPUTS = byTier({ quick: 3_000, all: 500_000 });

const STREAMS = [
  'data: {"id":"1","choices":[{"delta":{"content":"Grüße"}}]}\n\ndata: [DONE]\n\n',
  'event: message_start\r\ndata: {"type":"message_start"}\r\n\r\n: ping\r\n\r\nevent: x\r\ndata: 1\r\ndata: 2\r\n\r\n',
  "\ufeffdata: a\rdata: b\r\rid: 7\rretry: 10\r\r",
].map((text) => Buffer.from(text, "utf8"));

function read(parts: readonly Buffer[]): SseEvent[] {
  const reader = new SseReader();
  const blocks = [...parts.map((part) => reader.push(part)), reader.flush()];
  return blocks.flatMap((block) => block?.events ?? []);
}

describe(fault("F9"), () => {
  it("bent streams crash no reader, and mean the same however they are cut", () => {
    const dice = makeDice();
    for (let at = 0; at < INPUTS; at += 1) {
      const bytes = bend(dice.pick(STREAMS), dice);
      const cut = cutAnywhere(bytes, dice);
      const whole = read([bytes]);
      if (JSON.stringify(read(cut)) !== JSON.stringify(whole)) {
        // Only on a difference, with the input that makes it: half a million expectations are slow.
        expect({ input: bytes.toString("latin1"), events: read(cut) }).toEqual({
          input: bytes.toString("latin1"),
          events: whole,
        });
      }
    }
    recordFigure({
      figure: "S1.sse",
      value: `0 of ${INPUTS} event streams`,
      met: true,
      how: "bent streams, cut anywhere, read twice",
    });
  });
});
