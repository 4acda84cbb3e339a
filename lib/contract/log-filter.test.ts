import { expect, test } from "vitest";
import { histogramBounds } from "./log-buckets.ts";
import { costBillOf } from "./log-cost.ts";
import { type LogFilter, readLogFilter, writeLogFilter } from "./log-filter.ts";
import { readCursor, writeCursor } from "./log-list.ts";

const ID = "01990000-0000-7000-8000-000000000001";

test("a filter written into an address is read as the same filter", () => {
  const filter: LogFilter = {
    outcome: { include: ["over_budget", "success"], exclude: ["cached"] },
    code: { include: ["502"], exclude: [] },
    model: { include: ["odd,name", "100%2C", "!bang"], exclude: ["a/b"] },
    key: { include: [], exclude: [ID] },
    tag: { include: ["team=search, ranking"], exclude: [] },
    stream: false,
    minlat: 250,
    mincost: "0.0001",
    rid: ID,
  };

  const search = new URLSearchParams(writeLogFilter(filter));

  expect(readLogFilter(Object.fromEntries(new URLSearchParams(search.toString())))).toEqual({
    filter,
    ignored: [],
  });
});

test("what cannot be read is named and not dropped in silence", () => {
  const { filter, ignored } = readLogFilter({
    outcome: "abc,success",
    code: ["999", "200"],
    stream: "maybe",
    minlat: "-1",
    mincost: "cheap",
    rid: "x",
    key: "!nobody",
    model: "bad\0name",
  });

  expect(filter).toEqual({
    outcome: { include: ["success"], exclude: [] },
    code: { include: ["200"], exclude: [] },
  });
  expect(ignored.map(({ name, value }) => `${name}=${value}`).sort()).toEqual(
    [
      "code=999",
      "key=!nobody",
      "mincost=cheap",
      "minlat=-1",
      "model=bad\0name",
      "outcome=abc",
      "rid=x",
      "stream=maybe",
    ].sort(),
  );
});

test("a cursor survives its address, and no other text is one", () => {
  const cursor = { to: "older", list: "m", id: ID, pin: ID, value: "120.5" } as const;

  expect(readCursor(writeCursor(cursor))).toEqual(cursor);
  expect(writeCursor(cursor)).toMatch(/^[\w-]+$/);
  expect(readCursor("nonsense")).toBeUndefined();
  expect(readCursor(btoa(JSON.stringify({ ...cursor, id: "1 or 1=1" })))).toBeUndefined();
});

const HOUR = 3_600_000;

test.each([
  ["15 minutes", 0.25],
  ["an hour", 1],
  ["six hours", 6],
  ["a day", 24],
  ["a week", 168],
  ["a month", 720],
  ["a quarter", 2160],
  ["three years", 26_280],
])("the bars of %s cover it without gaps, 48 to 96 of them", (_, hours) => {
  const toMs = Date.UTC(2026, 10, 3, 14, 3, 22, 418);
  const fromMs = toMs - hours * HOUR;

  for (const zone of ["UTC", "America/Los_Angeles", "Asia/Kathmandu", "Australia/Lord_Howe"]) {
    const bounds = histogramBounds({ fromMs, toMs, zone });

    expect(bounds.at(0)).toBe(fromMs);
    expect(bounds.at(-1)).toBe(toMs);
    expect(bounds).toEqual(bounds.toSorted((one, other) => one - other));
    expect(new Set(bounds).size).toBe(bounds.length);
    expect(bounds.length - 1).toBeGreaterThanOrEqual(46);
    expect(bounds.length - 1).toBeLessThanOrEqual(96);
  }
});

test("bars of a day begin at midnight, also where clocks change", () => {
  const zone = "America/Los_Angeles";
  const bounds = histogramBounds({
    fromMs: Date.UTC(2026, 8, 20, 12),
    toMs: Date.UTC(2026, 11, 12),
    zone,
  });

  const clock = new Intl.DateTimeFormat("en-GB", { timeZone: zone, timeStyle: "medium" });
  expect(new Set(bounds.slice(1, -1).map((at) => clock.format(at)))).toEqual(new Set(["00:00:00"]));
});

const TOKENS = {
  input: 1203,
  cache_read: 7,
  cache_write_5m: 0,
  cache_write_1h: 0,
  output: 356,
  reasoning: 100,
  audio_in: 0,
  audio_out: 0,
};

test("the lines of a bill and its rounding sum to the total to the last digit", () => {
  const bill = costBillOf({
    tokens: TOKENS,
    price_snapshot: { input: "2.5", cache_read: "0.0000003", output: "10", reasoning: "12.5" },
    // (1203 × 2.5 + 7 × 0.0000003 + 256 × 10 + 100 × 12.5) / 10⁶, rounded to nano-dollars.
    cost_usd: "0.0068175",
  });

  expect(bill?.parts).toEqual([
    { id: "input", label: "Input", tokens: 1203, price_usd: "2.5", amount_usd: "0.0030075" },
    {
      id: "cache_read",
      label: "Cache read",
      tokens: 7,
      price_usd: "0.0000003",
      amount_usd: "0.0000000000021",
    },
    { id: "output", label: "Output", tokens: 256, price_usd: "10", amount_usd: "0.00256" },
    { id: "reasoning", label: "Reasoning", tokens: 100, price_usd: "12.5", amount_usd: "0.00125" },
  ]);
  expect(bill?.rounding_usd).toBe("-0.0000000000021");
  expect(bill?.total_usd).toBe("0.0068175");
});

test("a fee for the request has a line of its own, and no price at all has no bill", () => {
  const bill = costBillOf({
    tokens: TOKENS,
    price_snapshot: { request: "5000" },
    cost_usd: "0.005",
  });

  expect(bill).toEqual({
    parts: [
      { id: "request", label: "Request", tokens: null, price_usd: "0.005", amount_usd: "0.005" },
    ],
    rounding_usd: null,
    total_usd: "0.005",
  });
  expect(costBillOf({ tokens: TOKENS, price_snapshot: null, cost_usd: "0" })).toBeNull();
});
