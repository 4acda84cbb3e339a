import { expect, test } from "vitest";
import { emptyPlayground, newId, newPanel } from "./playground-state.ts";
import { isRearranged, promptOf, withPrompt } from "./prompt-content.ts";

const MESSAGES = [
  { role: "system" as const, content: "Be brief." },
  { role: "user" as const, content: "Hello" },
  { role: "assistant" as const, content: "Hi" },
];

test("a prompt takes the place of what every panel had", () => {
  const before = emptyPlayground("fast");
  const two = { ...before, panels: [...before.panels, { ...newPanel("slow"), system: "Own" }] };
  const loaded = withPrompt(two, { messages: MESSAGES, model: "other" });
  expect(loaded.system).toBe("Be brief.");
  expect(loaded.panels.map(({ model, system }) => [model, system])).toEqual([
    ["fast", null],
    ["slow", null],
  ]);
  expect(loaded.panels[1]?.turns.map(({ content }) => content)).toEqual(["Hello", "Hi"]);
  const alone = withPrompt(before, { messages: MESSAGES, model: "other" });
  expect(alone.panels[0]?.model).toBe("other");
});

test("messages that would be asked in another order are told apart", () => {
  expect(isRearranged(MESSAGES)).toBe(false);
  expect(isRearranged(MESSAGES.toReversed())).toBe(true);
  expect(isRearranged([{ role: "developer", content: "x" }])).toBe(true);
});

test("braces of a conversation stay braces unless they are meant as variables", () => {
  const panel = {
    ...newPanel("fast"),
    turns: [{ id: newId(), role: "user" as const, content: "Say {{name}}" }],
  };
  const typed = { system: "", draft: "  " };
  expect(promptOf(typed, panel, { isTemplate: false })).toEqual([
    { role: "user", content: "Say \\{{name}}" },
  ]);
  expect(promptOf(typed, panel, { isTemplate: true })).toEqual([
    { role: "user", content: "Say {{name}}" },
  ]);
});
