import { describe, expect, it } from "vitest";
import { checkText, localCheck } from "#lib/testing/rule-check.ts";

const CITY = {
  type: "object",
  properties: { city: { type: "string" }, people: { $ref: "#/$defs/count" } },
  required: ["city"],
  additionalProperties: false,
  $defs: { count: { type: "integer", minimum: 0 } },
};
const judge = (schema: object, text: string) =>
  checkText(localCheck("json_schema", { schema }), text, "assistant");

describe("an answer", () => {
  it.each([
    ["as described", '{"city": "Paris", "people": 2}'],
    ["in a code fence", '```json\n{"city": "Paris"}\n```\n'],
    ["with space around it", '\n\n {"city": "Paris"} '],
  ])("%s passes", (_how, text) => {
    expect(judge(CITY, text).triggered).toBe(false);
  });

  it.each([
    ["that is prose", "The city is Paris.", "not_json"],
    ["that is empty", " ", "not_json"],
    ["that was cut", '{"city": "Par', "not_json"],
    ["with a word before it", 'Sure: {"city": "Paris"}', "not_json"],
    ["that leaves something out", "{}", "other_form"],
    ["that adds something", '{"city": "Paris", "x": 1}', "other_form"],
    ["with a wrong number", '{"city": "Paris", "people": 1.5}', "other_form"],
    ["that is null", "null", "other_form"],
  ])("%s is found", (_how, text, kind) => {
    expect(judge(CITY, text)).toMatchObject({ triggered: true, kinds: { [kind]: 1 } });
  });

  it("in a code fence is none where fences are not accepted", () => {
    const check = localCheck("json_schema", { schema: CITY, code_fence: false });
    const found = checkText(check, '```json\n{"city": "Paris"}\n```', "assistant");
    expect(found).toMatchObject({ kinds: { not_json: 1 } });
  });

  it("without any text was not judged", () => {
    const check = localCheck("json_schema", { schema: CITY });
    expect(checkText(check, "{}", "tool_call")).toMatchObject({ skipped: expect.any(String) });
  });

  it("is matched with patterns that would never end elsewhere", () => {
    const schema = { type: "string", pattern: "^(a+)+$" };
    expect(judge(schema, JSON.stringify("a".repeat(40))).triggered).toBe(false);
    expect(judge(schema, JSON.stringify(`${"a".repeat(40)}!`)).triggered).toBe(true);
  });

  it("keeps a pattern beside the schema's own conditions", () => {
    const schema = { type: "string", pattern: "^a", allOf: [{ pattern: "b$" }] };
    expect(judge(schema, '"ab"').triggered).toBe(false);
    expect(judge(schema, '"a"').triggered).toBe(true);
    expect(judge(schema, '"b"').triggered).toBe(true);
  });

  it("nested too deep or with too much to compare could not be judged", () => {
    expect(() => judge({}, "[".repeat(100) + "]".repeat(100))).toThrow();
    const list = JSON.stringify(Array.from({ length: 3000 }, (_, at) => at));
    expect(() => judge({ type: "array", uniqueItems: true }, list)).toThrow(/2000/);
  });
});

it.each([
  [{ type: "strin" }, "/type"],
  [{ properties: { age: { minimum: "1" } } }, "/properties/age/minimum"],
  [{ properties: [] }, "/properties"],
  [{ items: 4 }, "/items"],
  [{ anyOf: {} }, "/anyOf"],
  [{ required: "city" }, "/required"],
  [{ $defs: { a: { pattern: "(?=a)" } } }, "/$defs/a/pattern"],
  [{ properties: { a: { pattern: "a".repeat(2000) } } }, "/properties/a/pattern"],
  [{ patternProperties: { "^a": {} } }, "/patternProperties"],
  [{ $ref: "#/nowhere" }, "#/nowhere"],
  [{ $ref: "https://example.com/schema" }, "https://example.com/schema"],
])("a schema that cannot be followed is refused with the place: %j", (schema, place) => {
  expect(() => judge(schema, "{}")).toThrow(place);
});
