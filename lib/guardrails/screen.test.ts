import { expect, it } from "vitest";
import type { GuardrailRule } from "#lib/contract/guardrail-rule.ts";
import type { RuleType } from "#lib/contract/guardrail-verdict.ts";
import { Masks } from "./mask.ts";
import { compileStage } from "./policy.ts";
import { type CheckTools, MAX_LOCAL_UNITS } from "./run-rule.ts";
import { screenStage } from "./screen.ts";
import { readRequestTexts } from "./texts.ts";

/** A stage over more text than may be read at once. */
function rule(type: RuleType, fields: Partial<GuardrailRule> = {}): GuardrailRule {
  return {
    id: `rule ${type} ${JSON.stringify(fields)}`,
    name: type,
    version: 1,
    type,
    stages: ["pre"],
    action: "block",
    mode: "enforced",
    scope: { kind: "organization" },
    fail: "open",
    priority: 1,
    config: {},
    secret: null,
    message: null,
    ...fields,
  };
}

const TOOLS: CheckTools = {
  signal: new AbortController().signal,
  powersFor: () => {
    throw new Error("No rule here asks anybody.");
  },
  countTokens: (texts) => texts.join("").length,
};

function screen(rules: readonly GuardrailRule[], ...contents: readonly string[]) {
  const messages = contents.map((content) => ({ role: "user", content }));
  const { slots: texts, unreadable } = readRequestTexts("chat", { messages });
  const compiled = compileStage(rules, "pre");
  return screenStage({
    stage: "pre",
    rules: compiled,
    texts,
    unreadable,
    masks: new Masks(),
    tools: TOOLS,
  });
}

const WORDS = { config: { words: ["forbidden"] } };
const LOCAL = [
  rule("pii"),
  rule("secrets"),
  rule("content_filter"),
  rule("injection"),
  rule("word_list", WORDS),
  rule("regex", { config: { pattern: "forbidden" } }),
];

it.each([
  ["one text", ["1 ".repeat(MAX_LOCAL_UNITS / 2), "x"]],
  ["many texts", Array<string>(1025).fill("forbidden ".repeat(103).slice(0, 1024))],
])(
  "no local rule reads more than its limit, in %s, and none says that it did",
  async (_, texts) => {
    const { verdicts, block, isClean } = await screen(LOCAL, ...texts);
    expect(verdicts.map(({ type, state }) => [type, state])).toEqual(
      LOCAL.map(({ type }) => [type, "failed"]),
    );
    expect(verdicts[0]).toMatchObject({ durationUs: 0, reason: expect.stringContaining("1 MiB") });
    expect({ block, isClean }).toEqual({ block: null, isClean: false });
  },
);

it("too much text stops the request where a rule fails closed", async () => {
  const closed = rule("word_list", { ...WORDS, fail: "closed" });
  const { block } = await screen([closed], "x".repeat(MAX_LOCAL_UNITS + 1));
  expect(block).toMatchObject({ why: "failed", rule: { type: "word_list" } });
});

it("as much text as the limit is read", async () => {
  const { verdicts } = await screen([rule("word_list", WORDS)], "x".repeat(MAX_LOCAL_UNITS));
  expect(verdicts).toMatchObject([{ state: "passed" }]);
});

it("a length limit finds also what is too long for every other rule", async () => {
  const limit = rule("max_tokens", { config: { max_tokens: 1000 } });
  const { block } = await screen([limit], "x".repeat(MAX_LOCAL_UNITS + 1));
  expect(block).toMatchObject({ why: "found" });
});
