import { parseAsStringLiteral } from "nuqs/server";
import { describe, expect, test } from "vitest";
import {
  filterParams,
  rangeOf,
  readParams,
  splitFilter,
  tableParams,
  teamParam,
  timeParams,
} from "./search-params.ts";

const page = {
  ...teamParam,
  ...timeParams,
  ...filterParams,
  ...tableParams,
  tab: parseAsStringLiteral(["members", "keys"]).withDefault("members"),
};
const ID = "0199aa11-2222-7333-8444-555566667777";

describe("an address", () => {
  test("is read into values, with defaults for what is absent", () => {
    const { values, ignored } = readParams(page, {
      team: ID.toUpperCase(),
      range: "7d",
      model: "gpt-5.2,!claude",
      key: `!${ID}`,
      unpriced: "true",
      mincost: "0.05",
      size: "100",
    });
    expect(ignored).toEqual([]);
    expect(values).toMatchObject({
      team: ID,
      range: "7d",
      from: null,
      model: ["gpt-5.2", "!claude"],
      key: [`!${ID}`],
      unpriced: true,
      mincost: "0.05",
      size: 100,
      tab: "members",
    });
  });

  test.each([
    ["team", "growth"],
    ["range", "2y"],
    ["from", "2026-11-20"],
    ["outcome", "excellent"],
    ["key", "my-key"],
    ["tag", "novalue"],
    ["mincost", "-1"],
    ["minlat", "slow"],
    ["size", "7"],
    ["tab", "settings"],
    ["status", "abc"],
  ])("says that %s=%s was ignored", (name, value) => {
    const { values, ignored } = readParams(page, { [name]: value });
    expect(ignored).toEqual([{ name, value }]);
    expect(Object.values(values)).not.toContain(value);
  });

  test("keeps the good values of a list and names the bad ones", () => {
    const { values, ignored } = readParams(page, { outcome: "success,excellent,!cached" });
    expect(values.outcome).toEqual(["success", "!cached"]);
    expect(ignored).toEqual([{ name: "outcome", value: "excellent" }]);
  });

  test("may carry what only other pages know", () => {
    expect(readParams(teamParam, { model: "x", metric: "spend", log: ID }).ignored).toEqual([]);
  });
});

test("a filter's values are taken or left out", () => {
  expect(splitFilter(["a", "!b", "c"])).toEqual({ include: ["a", "c"], exclude: ["b"] });
  expect(splitFilter(null)).toEqual({ include: [], exclude: [] });
});

test("two instants win over a relative range, and nonsense falls back", () => {
  const from = new Date("2026-11-20T00:00:00Z");
  const to = new Date("2026-11-21T00:00:00Z");
  expect(rangeOf({ range: "7d", from, to })).toEqual({
    kind: "absolute",
    fromMs: from.getTime(),
    toMs: to.getTime(),
  });
  expect(rangeOf({ range: null, from: to, to: from }, "30d")).toEqual({
    kind: "relative",
    token: "30d",
  });
  expect(rangeOf({ range: "mtd", from, to: null })).toEqual({ kind: "relative", token: "mtd" });
});
