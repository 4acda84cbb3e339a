import { expect, test } from "vitest";
import { DEFAULT_USAGE_VIEW, groupLabel, type UsageView, writeUsageView } from "./usage-view.ts";
import { readUsageView } from "./usage-view-read.ts";

const FAR: UsageView = {
  metric: "ttft_p95",
  group: "tag:app=x",
  second: "key",
  rollup: "1mo",
  top: 20,
  compare: false,
};

test("a view is read from an address as it was written there", () => {
  for (const view of [DEFAULT_USAGE_VIEW, FAR, { ...FAR, second: "tag:job" } as const]) {
    expect(readUsageView(writeUsageView(view))).toEqual({ view, ignored: [] });
  }
});

test("what is usual is left out of the address", () => {
  expect(writeUsageView(DEFAULT_USAGE_VIEW)).toEqual({});
});

test("what cannot be read is named, and the usual stands in its place", () => {
  const { view, ignored } = readUsageView({ metric: "profit", top: "7", group: "tag:", cmp: "no" });

  expect(view).toEqual(DEFAULT_USAGE_VIEW);
  expect(ignored.map(({ name }) => name).sort()).toEqual(["cmp", "group", "metric", "top"]);
});

test("nothing is taken apart by the same thing twice", () => {
  const address = writeUsageView({ ...DEFAULT_USAGE_VIEW, group: "key", second: "key" });

  expect(address["then"]).toBe("key");
  expect(readUsageView(address).view.second).toBeNull();
});

test("a tag is called by its name", () => {
  expect(groupLabel("tag:app")).toBe("Tag app");
});
