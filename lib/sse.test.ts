import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseEvents, type SseEvent, SseReader } from "./sse.ts";

const encoder = new TextEncoder();

function readAll(chunks: readonly Uint8Array[]): { events: SseEvent[]; bytes: Uint8Array } {
  const reader = new SseReader();
  const events: SseEvent[] = [];
  const bytes: Uint8Array[] = [];
  for (const chunk of chunks) {
    const block = reader.push(chunk);
    events.push(...(block?.events ?? []));
    bytes.push(block?.bytes ?? new Uint8Array(0));
  }
  const last = reader.flush();
  events.push(...(last?.events ?? []));
  bytes.push(last?.bytes ?? new Uint8Array(0));
  return { events, bytes: Buffer.concat(bytes) };
}

function cut(bytes: Uint8Array, at: readonly number[]): Uint8Array[] {
  const cuts = [
    0,
    ...at.map((point) => point % bytes.length).toSorted((a, b) => a - b),
    bytes.length,
  ];
  return cuts.slice(1).map((end, index) => bytes.slice(cuts[index], end));
}

const TEXTS = [
  'data: {"a":"é🙂"}\n\n: note\n\nevent: x\ndata: 1\ndata: 2\n\n',
  "data:a\r\n\r\ndata: b\r\n\r\n",
];

describe("reading a stream of events", () => {
  it("gives the same events and the same bytes however the stream was cut", () => {
    fc.assert(
      fc.property(fc.constantFrom(...TEXTS), fc.array(fc.nat(), { maxLength: 12 }), (text, at) => {
        const whole = encoder.encode(text);
        const read = readAll(cut(whole, at));
        expect(read.events).toEqual(parseEvents(text));
        expect(Buffer.from(read.bytes).toString()).toBe(text);
      }),
      { numRuns: 400 },
    );
  });

  it("reads LF, CRLF and CR line ends alike", () => {
    for (const end of ["\n", "\r\n", "\r"]) {
      const { events } = readAll([encoder.encode(`data: 1${end}${end}data: 2${end}${end}`)]);
      expect(events.map((event) => event.data)).toEqual(["1", "2"]);
    }
  });

  it("skips comments and unknown fields, joins data lines, and drops one leading space", () => {
    expect(parseEvents(": ping\n\nid: 7\nevent: delta\ndata:  two\ndata:x\n\n")).toEqual([
      { event: "delta", data: " two\nx" },
    ]);
  });

  it("leaves out a byte order mark", () => {
    expect(readAll([encoder.encode("\ufeffdata: 1\n\n")]).events[0]?.data).toBe("1");
  });

  it("hands over an event as soon as its blank line is there", () => {
    const reader = new SseReader();
    expect(reader.push(encoder.encode("data: 1\n"))).toBeUndefined();
    expect(reader.push(encoder.encode("\ndata: 2"))?.events).toEqual([{ event: "", data: "1" }]);
  });

  it("refuses an event that never ends instead of filling memory", () => {
    const reader = new SseReader();
    const chunk = new Uint8Array(256 * 1024).fill(97);
    const feed = () => {
      for (let index = 0; index < 8; index += 1) {
        reader.push(chunk);
      }
    };
    // Told as the provider's failure, so that another one is asked and this one's health suffers.
    expect(feed).toThrow(
      expect.objectContaining({ code: "upstream_malformed", upstream: { kind: "protocol" } }),
    );
  });
});
