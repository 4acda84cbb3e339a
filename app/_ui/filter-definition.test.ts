import { expect, test } from "vitest";
import { chipsOf, choiceOf, chooseValue, type FilterDefinition } from "./filter-definition.ts";

const FILTERS: readonly FilterDefinition[] = [
  {
    kind: "list",
    name: "model",
    label: "Model",
    options: [{ value: "gpt", label: "GPT" }],
  },
  { kind: "flag", name: "stream", label: "Streamed", yes: "Streamed", no: "Not streamed" },
  { kind: "number", name: "minlat", label: "Latency", unit: "ms" },
  { kind: "amount", name: "mincost", label: "Cost", unit: "USD" },
  { kind: "text", name: "rid", label: "Request" },
];

test("every value that is set has a chip that says what it does", () => {
  const chips = chipsOf(FILTERS, {
    model: ["gpt", "!other"],
    stream: false,
    minlat: 500,
    mincost: "0.5",
    rid: null,
  });
  expect(chips.map(({ text }) => text)).toEqual([
    "Model: GPT",
    "Model: not other",
    "Not streamed",
    "Latency ≥ 500 ms",
    "Cost ≥ 0.5 USD",
  ]);
});

test("a filter that the page does not offer has no chip", () => {
  expect(chipsOf([], { model: ["gpt"] })).toEqual([]);
});

test("a value is taken, left out, or neither, and never both", () => {
  expect(chooseValue(null, "a", "include")).toEqual(["a"]);
  expect(chooseValue(["a", "b"], "a", "exclude")).toEqual(["b", "!a"]);
  expect(chooseValue(["!a"], "a", "include")).toEqual(["a"]);
  expect(chooseValue(["a"], "a", "any")).toBeNull();
  expect([choiceOf(["a"], "a"), choiceOf(["!a"], "a"), choiceOf([], "a")]).toEqual([
    "include",
    "exclude",
    "any",
  ]);
});
