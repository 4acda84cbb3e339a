import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SseEvent, SseReader } from "./sse.ts";
import { fault } from "./testing/reliability-rows.ts";
import { byTier, seed } from "./testing/tier.ts";

/**
 * The rules of the HTML standard (9.2.6), line by line and without any of the reader's shortcuts. It
 * differs in one thing: what the stream's end leaves open is an event as well, for the decoders to
 * judge, because some servers forget the last blank line.
 */
function byTheBook(bytes: Uint8Array): SseEvent[] {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes).replace(/^\ufeff/, "");
  const events: SseEvent[] = [];
  let data: string[] = [];
  let event = "";
  for (const line of [...text.split(/\r\n|\r|\n/), ""]) {
    const [, field = "", value = ""] = /^([^:]*)(?:: ?)?(.*)$/s.exec(line) ?? [];
    if (line === "") {
      if (data.length > 0) {
        events.push({ event, data: data.join("\n") });
      }
      data = [];
      event = "";
    } else if (field === "data") {
      data.push(value);
    } else if (field === "event") {
      event = value;
    }
  }
  return events;
}

function read(parts: readonly Uint8Array[]): { events: SseEvent[]; bytes: Buffer } {
  const reader = new SseReader();
  const blocks = [...parts.map((part) => reader.push(part)), reader.flush()];
  return {
    events: blocks.flatMap((block) => block?.events ?? []),
    bytes: Buffer.concat(blocks.map((block) => block?.bytes ?? new Uint8Array(0))),
  };
}

const LINE_ENDS = ["\n", "\r\n", "\r"];

/** Lines of one event, or between two; each is tried with every line end, alone and among others. */
const BLOCKS: readonly (readonly string[])[] = [
  ["data: 1"],
  ["data:1"],
  ["data:  two spaces"],
  ["data:\ttab"],
  ["data"],
  ["data:"],
  ["data: "],
  ["data: a", "data: b"],
  ["data", "data"],
  ["data: a", "data", "data: c"],
  [": a comment"],
  [":"],
  ["::"],
  [": data: no"],
  ["data: 1", ": in between", "data: 2"],
  ["event: ping"],
  ["event: x", "data: 1"],
  ["data: 1", "event: late"],
  ["event: x", "event: y", "data: 1"],
  ["event", "data: 1"],
  ["event:", "data: 1"],
  ["id: 7", "data: 1"],
  ["id", "data: 1"],
  ["retry: 3000", "data: 1"],
  ["retry: soon"],
  ["unknown: 1", "data: 1"],
  ["no colon at all"],
  ["Data: 1"],
  ["DATA: 1"],
  [" data: 1"],
  ["data : 1"],
  ["dataset: 1"],
  ["events: 1"],
  ["data: a:b:c"],
  ['data: {"a": "\\n"}'],
  ["data: [DONE]"],
  ["data: \u2028 and \u2029 and \u0085 are no line ends"],
  ["data: \ufeff inside"],
  ["\ufeffdata: not at the start"],
  ["data: \u0000 nul"],
  ["data: ελληνικά 日本語 العربية 👩‍👩‍👧"],
  [`data: ${"long ".repeat(2000)}`],
  ["data: 1", "", "", "", "data: 2"],
  ["", "", "data: after blank lines"],
];

/** Bytes that no text has, where a character should be. */
const INVALID = [
  [0xff],
  [0xc3, 0x28],
  [0xe2, 0x82],
  [0xed, 0xa0, 0x80],
  [0xf0, 0x9f, 0x99],
  [0xc0, 0xaf],
];

function corpus(): { name: string; bytes: Buffer }[] {
  const cases: { name: string; bytes: Buffer }[] = [];
  const add = (name: string, bytes: Buffer) =>
    cases.push({ name: `${cases.length} ${name}`, bytes });
  for (const block of BLOCKS) {
    for (const end of LINE_ENDS) {
      const lines = block.join(end);
      const around = (inner: string) =>
        `data: before${end}${end}${inner}${end}${end}data: after${end}${end}`;
      add(`${JSON.stringify(block[0])} alone`, Buffer.from(lines + end + end));
      add(`${JSON.stringify(block[0])} among others`, Buffer.from(around(lines)));
      add(`${JSON.stringify(block[0])} unfinished`, Buffer.from(`\ufeff${around("")}${lines}`));
    }
  }
  for (const bytes of INVALID) {
    add(
      `bytes ${bytes.join(" ")}`,
      Buffer.concat([Buffer.from("data: a"), Buffer.from(bytes), Buffer.from("b\n\ndata: c\n\n")]),
    );
  }
  add(
    "mixed line ends",
    Buffer.from(
      "data: 1\r\ndata: 2\rdata: 3\n\r\ndata: 4\n\rdata: 5\r\r\ndata: 6\r\n\rdata: 7\n\n",
    ),
  );
  add("nothing", Buffer.alloc(0));
  add("only line ends", Buffer.from("\n\r\n\r\r\n\n"));
  return cases;
}

function cut(bytes: Uint8Array, at: readonly number[]): Uint8Array[] {
  const places = [0, ...at.toSorted((a, b) => a - b), bytes.length];
  return places.slice(1).map((end, index) => bytes.slice(places[index], end));
}

describe(fault("F9"), () => {
  const cases = corpus();

  it("more than two hundred odd streams are read as the standard reads them", () => {
    expect(cases.length).toBeGreaterThan(200);
    for (const { name, bytes } of cases) {
      expect(read([bytes]).events, name).toEqual(byTheBook(bytes));
    }
  });

  it("and the same in single bytes", () => {
    for (const { name, bytes } of cases) {
      const got = read(Array.from(bytes, (byte) => Uint8Array.of(byte)));
      expect(got.events, name).toEqual(byTheBook(bytes));
    }
  });

  it("any bytes, cut anywhere, are read without a crash and as the standard reads them", () => {
    const bits = fc.constantFrom(
      "data:",
      "data: x",
      "event: e",
      ":",
      "\n",
      "\r",
      "\r\n",
      "\n\n",
      "\ufeff",
      "é",
      "👍",
      " ",
    );
    const text = fc.array(fc.oneof(bits, fc.string({ maxLength: 4 })), { maxLength: 30 });
    const noise = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes));
    const stream = fc.oneof(
      text.map((parts) => Buffer.from(parts.join(""))),
      noise,
    );
    fc.assert(
      fc.property(stream, fc.array(fc.nat(60), { maxLength: 8 }), (bytes, at) => {
        const got = read(
          cut(
            bytes,
            at.map((place) => place % (bytes.length + 1)),
          ),
        );
        expect(got.events).toEqual(byTheBook(bytes));
        // What a reader leaves out at the end holds no event.
        expect(bytes.subarray(0, got.bytes.length).equals(got.bytes)).toBe(true);
      }),
      { numRuns: byTier({ quick: 2000, all: 50_000 }), seed: seed() },
    );
  });
});

describe(fault("F10"), () => {
  it("a text of many scripts is the same wherever it is cut in two", () => {
    const text = "data: ελληνικά 日本語 العربية हिन्दी 👩‍👩‍👧 é̂ 𝔘𝔫𝔦\n\ndata: second 🙂\n\n";
    const bytes = Buffer.from(text);
    for (let at = 0; at <= bytes.length; at += 1) {
      const got = read(cut(bytes, [at]));
      expect(got.events).toEqual(byTheBook(bytes));
      expect(got.bytes.toString()).toBe(text);
    }
  });
});
