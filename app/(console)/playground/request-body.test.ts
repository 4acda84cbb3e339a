import { expect, test } from "vitest";
import { deltaOf } from "./chat-chunk.ts";
import { codeSamples } from "./code-samples.ts";
import { emptyTexts, problemsOf } from "./parameter-texts.ts";
import { newPanel } from "./playground-state.ts";
import { requestBody } from "./request-body.ts";

const asked = {
  ...newPanel("fast"),
  turns: [{ id: "1", role: "user", content: "It's here" } as const],
};

test("an empty box sends nothing, and the shared system prompt comes first", () => {
  expect(requestBody(asked, "Be brief.")).toEqual({
    model: "fast",
    messages: [
      { role: "system", content: "Be brief." },
      { role: "user", content: "It's here" },
    ],
  });
});

test("a panel's own system prompt replaces the shared one, also when it is empty", () => {
  expect(requestBody({ ...asked, system: "" }, "Be brief.")["messages"]).toHaveLength(1);
});

test("parameters are sent as what they are", () => {
  const parameters = {
    ...emptyTexts(),
    temperature: "0.2",
    max_tokens: "10",
    stop: "END\nSTOP",
    response_format: "json_schema" as const,
    schema: '{"type":"object"}',
    tools: '[{"type":"function","function":{"name":"f"}}]',
  };
  expect(requestBody({ ...asked, parameters }, "")).toMatchObject({
    temperature: 0.2,
    max_tokens: 10,
    stop: ["END", "STOP"],
    response_format: { type: "json_schema", json_schema: { schema: { type: "object" } } },
    tools: [{ type: "function" }],
  });
});

test("what cannot be sent is told by its box", () => {
  const problems = problemsOf({
    ...emptyTexts(),
    temperature: "3",
    max_tokens: "1.5",
    seed: "x",
    tools: "{}",
    response_format: "json_schema",
  });
  expect(Object.keys(problems).toSorted()).toEqual([
    "max_tokens",
    "schema",
    "seed",
    "temperature",
    "tools",
  ]);
});

test("a quote in a prompt ends no shell word", () => {
  const curl = codeSamples(requestBody(asked, ""), "http://localhost/v1").at(-1)?.code;
  expect(curl).toContain(`It'\\''s here`);
});

test("an event brings text, figures, or the reason of an end", () => {
  expect(deltaOf('{"choices":[{"delta":{"content":"Hi"}}]}').text).toBe("Hi");
  const last = deltaOf(
    '{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4},"conduit":{"cost_usd":"0.1"}}',
  );
  expect(last.run).toEqual({ inputTokens: 3, outputTokens: 4, costUsd: "0.1" });
  expect(deltaOf('{"error":{"message":"No.","code":"budget_exceeded"}}').problem).toEqual({
    code: "budget_exceeded",
    message: "No.",
  });
  expect(deltaOf("[DONE]").text).toBe("");
  expect(deltaOf("not json").problem).toBeNull();
});
