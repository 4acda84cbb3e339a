import { expect, test } from "vitest";
import { isConduitError } from "../errors.ts";
import type { PromptVariable } from "./managed-prompt.ts";
import {
  findValueProblems,
  MAX_RENDERED_CHARACTERS,
  MAX_VALUE_CHARACTERS,
  renderPrompt,
} from "./prompt-values.ts";

const variable = (fields: Partial<PromptVariable> & { name: string }): PromptVariable => ({
  type: "string",
  required: true,
  default: null,
  description: null,
  ...fields,
});

const template = (content: string, ...variables: PromptVariable[]) => ({
  messages: [{ role: "user" as const, content }],
  variables,
});

function refusalOf(run: () => unknown): [string, string | null] {
  try {
    run();
  } catch (error) {
    if (isConduitError(error)) {
      return [error.code, error.param];
    }
    throw error;
  }
  throw new Error("It was accepted.");
}

test("a value of another type is refused by name and never turned into one", () => {
  const variables = [
    variable({ name: "text" }),
    variable({ name: "count", type: "number" }),
    variable({ name: "flag", type: "boolean" }),
  ];
  const values = { text: 5, count: "5", flag: "true" };
  expect(findValueProblems(variables, values).map(({ name, code }) => [name, code])).toEqual([
    ["text", "invalid_type"],
    ["count", "invalid_type"],
    ["flag", "invalid_type"],
  ]);
  for (const count of [null, Number.POSITIVE_INFINITY, Number.NaN, {}, ["1"]]) {
    expect(findValueProblems(variables, { text: "", count, flag: true }), String(count)).toEqual([
      { name: "count", code: "invalid_type", message: "has to be a number." },
    ]);
  }
});

test("a missing value, a misspelt name and an inherited one are errors with their place", () => {
  const one = template("{{name}}", variable({ name: "name" }));
  const render = (values: Record<string, unknown>) =>
    refusalOf(() => renderPrompt(one, { values, param: "conduit_prompt.variables" }));
  expect(render({})).toEqual(["missing_required_parameter", "conduit_prompt.variables.name"]);
  expect(render({ name: "x", nmae: "y" })).toEqual([
    "unknown_parameter",
    "conduit_prompt.variables.nmae",
  ]);
  expect(render(JSON.parse('{"name":"x","__proto__":"y"}'))).toEqual([
    "unknown_parameter",
    "conduit_prompt.variables.__proto__",
  ]);
  const inherited = template("{{toString}}", variable({ name: "toString" }));
  expect(refusalOf(() => renderPrompt(inherited, { values: {}, param: "v" }))[0]).toBe(
    "missing_required_parameter",
  );
});

test("a default stands in for what is not given, and an optional value for nothing at all", () => {
  const all = template(
    "{{a}}|{{b}}|{{c}}|{{d}}",
    variable({ name: "a", default: "{{b}}" }),
    variable({ name: "b", required: false }),
    variable({ name: "c", type: "number", default: 0 }),
    variable({ name: "d", type: "boolean", default: false }),
  );
  expect(renderPrompt(all, { values: {}, param: "v" })[0]?.content).toBe("{{b}}||0|false");
  const given = { a: "", b: "x", c: -1.5, d: true };
  expect(renderPrompt(all, { values: given, param: "v" })[0]?.content).toBe("|x|-1.5|true");
});

test("a small request cannot become a huge one", () => {
  const long = "y".repeat(MAX_VALUE_CHARACTERS);
  const times = MAX_RENDERED_CHARACTERS / MAX_VALUE_CHARACTERS;
  const repeated = (count: number) => template("{{x}}".repeat(count), variable({ name: "x" }));
  const render = (count: number, x: string) =>
    renderPrompt(repeated(count), { values: { x }, param: "v" });
  expect(render(times, long)[0]?.content).toHaveLength(MAX_RENDERED_CHARACTERS);
  expect(refusalOf(() => render(times + 1, long))).toEqual(["invalid_value", "v"]);
  expect(refusalOf(() => render(1, `${long}y`))).toEqual(["invalid_value", "v.x"]);
});

test("thousands of unknown names cost one message, which lists the variables once", () => {
  const variables = [variable({ name: "topic" })];
  const strangers = Array.from({ length: 5_000 }, (_, at) => [`k${at}`, 1]);
  const values = { topic: 5, ...Object.fromEntries(strangers) };
  expect(findValueProblems(variables, values)).toEqual([
    {
      name: "k0",
      code: "unknown_parameter",
      message: "is no variable of this prompt. It has: topic.",
    },
    { name: "topic", code: "invalid_type", message: "has to be a string." },
  ]);
});
