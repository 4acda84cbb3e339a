import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isConduitError } from "#lib/errors.ts";
import { Adjustments } from "./adjust.ts";
import { dataUri, parseDataUri } from "./data-uri.ts";
import { jsonInstruction } from "./json-schema.ts";
import { withSystemText } from "./system-text.ts";
import { parseArguments } from "./tool-arguments.ts";
import { newToolId, toolIdFor } from "./tool-ids.ts";

describe("data URIs", () => {
  it.each([
    ["data:image/png;base64,AAAA", { mediaType: "image/png", base64: "AAAA" }],
    ["DATA:Image/PNG;charset=x;BASE64,AAAA", { mediaType: "image/png", base64: "AAAA" }],
    ["data:,Hi%20you", { mediaType: "text/plain", base64: "SGkgeW91" }],
    ["data:text/plain,%zz", undefined],
    ["data:image/png;base64", undefined],
    ["https://images.test/a.png", undefined],
  ])("%s is read", (uri, expected) => {
    expect(parseDataUri(uri)).toEqual(expected);
  });

  it("come out as they went in", () => {
    const data = { mediaType: "audio/wav", base64: "UklGRg==" };
    expect(parseDataUri(dataUri(data))).toEqual(data);
  });
});

describe("tool-call ids", () => {
  const rule = { valid: /^[a-zA-Z0-9]{9}$/, length: 9 };

  it("always satisfy the rule, and the same id always becomes the same", () => {
    fc.assert(
      fc.property(fc.string(), (id) => {
        const rewritten = toolIdFor(id, rule);
        expect(rewritten).toMatch(rule.valid);
        expect(toolIdFor(id, rule)).toBe(rewritten);
        expect(toolIdFor(rewritten, rule)).toBe(rewritten);
      }),
    );
  });

  it("made for calls that have none differ", () => {
    expect(newToolId()).toMatch(/^call_[A-Za-z0-9]{24}$/);
    expect(newToolId()).not.toBe(newToolId());
  });
});

it("tool arguments are an object whatever a model wrote", () => {
  expect(parseArguments('{"a":1}')).toEqual({ a: 1 });
  expect(parseArguments(" ")).toEqual({});
  expect(parseArguments("[1]")).toEqual({ input: [1] });
  expect(parseArguments('{"a":')).toEqual({ input: '{"a":' });
});

it("a refusal names the field, and becomes a report where dropping is allowed", () => {
  const strict = new Adjustments({ allowDroppingUnsupportedFields: false });
  try {
    strict.refuse("logprobs", "No.");
    expect.unreachable();
  } catch (error) {
    expect(isConduitError(error) && [error.status, error.param]).toEqual([400, "logprobs"]);
  }
  const lenient = new Adjustments({ allowDroppingUnsupportedFields: true });
  lenient.refuse("logprobs", "No.");
  lenient.report("user");
  lenient.report("user");
  expect(lenient.list()).toEqual(["logprobs", "user"]);
});

it("an instruction joins the client's own system text and changes nothing of it", () => {
  const user = { role: "user" as const, content: "Hi" };
  expect(withSystemText([{ role: "system", content: "A" }, user], "B")).toEqual([
    { role: "system", content: "A\n\nB" },
    user,
  ]);
  expect(withSystemText([user], "B")).toEqual([{ role: "system", content: "B" }, user]);
});

it("a JSON instruction says JSON, and says the schema when there is one", () => {
  expect(jsonInstruction({ type: "json_object" })).toContain("JSON");
  const format = {
    type: "json_schema" as const,
    json_schema: { name: "city", schema: { type: "object" } },
  };
  expect(jsonInstruction(format)).toContain('{"type":"object"}');
});

it("names that a caller made up are reported short, harmless and few", () => {
  const adjust = new Adjustments({ allowDroppingUnsupportedFields: true });
  adjust.report("a\r\nb, c");
  adjust.report("é".repeat(100));
  adjust.report("\ud800");
  adjust.report("tools[0].function-x");
  expect(adjust.list().slice(0, 1)).toEqual(["a%0D%0Ab%2C%20c"]);
  expect(adjust.list().at(-1)).toBe("tools[0].function-x");
  for (let count = 0; count < 1000; count += 1) {
    adjust.report(`made up ${count}`);
  }
  expect(adjust.list()).toHaveLength(64);
  for (const name of adjust.list()) {
    expect(name).toMatch(/^(?:[\w.[\]-]|%[0-9A-F]{2}){1,64}$/);
    expect(name.length).toBeLessThanOrEqual(64);
  }
});
