import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { threat } from "#lib/testing/reliability-rows.ts";
import type { Finding, RemoteContext } from "../define-rule.ts";
import { getRule } from "./index.ts";
import { compilePattern } from "./regex/pattern.ts";
import { simplePattern } from "./regex/simple.ts";

const CONTEXT: RemoteContext = {
  stage: "pre",
  countTokens: () => 0,
  signal: new AbortController().signal,
  secret: null,
  powers: {
    ask: () => Promise.reject(new Error("A pattern asks no model.")),
    moderate: () => Promise.reject(new Error("A pattern asks no model.")),
    post: () => Promise.reject(new Error("A pattern asks no service.")),
  },
};

function compile(config: object) {
  const rule = getRule("regex");
  if (rule === undefined) {
    throw new Error("There is no rule for patterns.");
  }
  return rule.compile(rule.config.parse(config));
}

async function find(config: object, ...texts: string[]): Promise<Finding> {
  return await compile(config).check(
    texts.map((text, at) => ({ path: `messages[${at}].content`, origin: "user", text })),
    CONTEXT,
  );
}

describe("a pattern finds every span in every text", () => {
  it("with its label", async () => {
    const finding = await find(
      { pattern: "PROJ-\\d{4}", label: "ticket" },
      "PROJ-1234 PROJ-5678",
      "no",
      "x PROJ-9999",
    );
    expect(finding).toEqual({
      triggered: true,
      matches: [
        { at: 0, start: 0, end: 9, kind: "ticket" },
        { at: 0, start: 10, end: 19, kind: "ticket" },
        { at: 2, start: 2, end: 11, kind: "ticket" },
      ],
    });
  });

  it("in UTF-16 units, beyond the basic plane too", async () => {
    const { matches } = await find({ pattern: "🐙+" }, "😀🐙🐙!");
    expect(matches).toEqual([{ at: 0, start: 2, end: 6, kind: "match" }]);
  });

  it("whatever the case, when asked", async () => {
    expect((await find({ pattern: "falcon" }, "FALCON")).triggered).toBe(false);
    expect((await find({ pattern: "falcon", ignore_case: true }, "FALCON")).triggered).toBe(true);
  });
});

describe("a pattern that cannot work is refused where it is written", () => {
  it.each([
    ["(ab", "at its end: missing closing )"],
    ["ab**", "at character 3, **: invalid nested repetition operator"],
    ["x[z-a]", "at character 3, z-a: invalid character class range"],
    ["a(?=b)", "at character 2: look-around is not possible in linear time"],
    ["(a)\\1", "at character 4, \\1: invalid escape sequence"],
    ["a*", "matches a text without any characters"],
    ["(a{31}){31}(b{31}){31}(c{31}){31}", "too large"],
    ["((a{100}){100}){100}", "too large"],
  ])("%s", (pattern, message) => {
    expect(() => compile({ pattern })).toThrow(message);
  });

  it("a pattern of more than 1,024 characters", () => {
    expect(() => compile({ pattern: "a".repeat(1_025) })).toThrow();
  });
});

describe(`${threat("T26")}: a pattern that takes too long`, () => {
  it("fails, and the next one is answered", async () => {
    const slow = find({ pattern: "(.*a){20}" }, "a".repeat(200_000));
    const next = find({ pattern: "b+" }, "abc");
    await expect(slow).rejects.toThrow("longer than 100 ms");
    expect((await next).matches).toHaveLength(1);
  });

  it("is not even tried on more than 256 KiB", async () => {
    await expect(find({ pattern: "b+" }, "a".repeat(262_145))).rejects.toThrow("256 KiB");
  });
});

describe("a plain pattern", () => {
  it("runs in this thread and holds a stream back by its length", () => {
    expect(compile({ pattern: "PROJ-\\d{4,6}|EMP\\d{8}" })).toMatchObject({
      kind: "local",
      window: 12,
    });
  });

  it.each(["(a)", "a+", "a*b", "[^a]", "a.c", "^a", "a{2,}", "[a-z]{1,60}[a-z]{60}", "é", "a|"])(
    "%s is none, or no pattern at all",
    (pattern) => {
      expect(simplePattern({ pattern, ignoreCase: false })).toBeUndefined();
    },
  );

  it("finds what the other engine finds", () => {
    const atom = fc.constantFrom(
      "a",
      "B",
      "k",
      "\\d",
      "\\w",
      "[a-c]",
      "[\\dx-]",
      "\\.",
      "-",
      "\\b",
    );
    const count = fc.constantFrom("", "", "?", "{2}", "{1,3}", "{0,2}");
    const part = fc.array(fc.tuple(atom, count), { minLength: 1, maxLength: 4 });
    const pattern = fc
      .array(part, { minLength: 1, maxLength: 3 })
      .map((parts) => parts.map((one) => one.flat().join("")).join("|"));
    const unit = fc.constantFrom(
      "a",
      "b",
      "B",
      "c",
      "k",
      "K",
      "\u212a",
      "1",
      "2",
      "x",
      "-",
      ".",
      " ",
      "😀",
    );
    const text = fc.string({ unit, maxLength: 40 });
    fc.assert(
      fc.property(pattern, text, fc.boolean(), (source, body, ignoreCase) => {
        const simple = simplePattern({ pattern: source, ignoreCase });
        const other = tryCompile(source, ignoreCase);
        fc.pre(simple !== undefined && other !== undefined);
        const found = Array.from(body.matchAll(simple.expression), ({ index, 0: one }) => [
          index,
          one,
        ]);
        expect(found).toEqual(other.spansIn(body));
      }),
      { numRuns: 1_000 },
    );
  });
});

/** The same pattern in the engine of the thread, when that takes it. */
function tryCompile(pattern: string, ignoreCase: boolean) {
  let compiled: ReturnType<typeof compilePattern>;
  try {
    compiled = compilePattern({ pattern, ignoreCase });
  } catch {
    return undefined;
  }
  return {
    spansIn: (text: string) => {
      const spans: [number, string][] = [];
      const matcher = compiled.matcher(text);
      while (matcher.find()) {
        spans.push([matcher.start(), text.slice(matcher.start(), matcher.end())]);
      }
      return spans;
    },
  };
}

it(`${threat("T26")}: what makes other engines run for ever is answered`, async () => {
  for (const pattern of [
    "(a+)+$",
    "(a|aa)+$",
    "(a|a?)+b$",
    "(.*a){12}$",
    "^(([a-z])+.)+[A-Z]([a-z])+$",
  ]) {
    await expect(find({ pattern }, `${"a".repeat(5_000)}!`)).resolves.toBeDefined();
  }
});
