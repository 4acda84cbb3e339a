import { expect, test } from "vitest";
import type { PromptVariable } from "#lib/contract/managed-prompt.ts";
import { problemsOf, textAt, valuesOf } from "./value-texts.ts";

const variable = (name: string, type: PromptVariable["type"]): PromptVariable => ({
  name,
  type,
  required: true,
  default: null,
  description: null,
});

test("a box that is empty gives nothing, and the others give what they are", () => {
  const variables = [
    variable("text", "string"),
    variable("count", "number"),
    variable("flag", "boolean"),
    variable("constructor", "string"),
  ];
  expect(valuesOf(variables, { text: " 5 ", count: "-1.5e3", flag: "false" })).toEqual({
    text: " 5 ",
    count: -1500,
    flag: false,
  });
  expect(problemsOf(variables, { text: "", count: "five", flag: "true" })).toEqual({
    text: "is required.",
    count: "has to be a number.",
    constructor: "is required.",
  });
  expect(textAt({}, "constructor")).toBeUndefined();
});
