import { expect, test } from "vitest";
import { promptCreate, promptVersionCreate } from "#lib/contract/prompt.ts";
import {
  draftOf,
  newMessage,
  newPromptValues,
  promptInput,
  shownVariables,
  valuesOf,
  versionInput,
} from "./prompt-values.ts";

const VERSION = {
  version: 3,
  messages: [{ role: "user" as const, content: "{{n}} of {{what}}" }],
  variables: [
    { name: "n", type: "number" as const, required: true, default: 2, description: null },
    { name: "gone", type: "string" as const, required: false, default: null, description: "Old" },
  ],
  model_hint: "fast",
  note: "Third",
  labels: ["production"],
  created_by: null,
  created_at: "2026-11-22T12:00:00.000Z",
};

test("the editor lists what the messages use beside what was said before", () => {
  const values = valuesOf("mail/reply", VERSION);
  expect(shownVariables(values).map(({ name, isUsed }) => [name, isUsed])).toEqual([
    ["n", true],
    ["gone", false],
    ["what", true],
  ]);
});

test("a version comes back as it was, with a note of its own", () => {
  const { name, ...input } = versionInput({ ...valuesOf("mail/reply", VERSION), note: "Fourth" });
  const sent = promptVersionCreate.parse(input);
  expect(name).toBe("mail/reply");
  expect(sent).toMatchObject({ messages: VERSION.messages, model_hint: "fast", note: "Fourth" });
  expect(sent.variables.slice(0, 2)).toEqual(VERSION.variables);
  expect(sent.labels).toEqual([]);
});

test("a new prompt is what the contract takes, and production unless that is unticked", () => {
  const typed = { ...newPromptValues(), name: " a ", messages: [newMessage("user", "Hi")] };
  expect(promptCreate.parse(promptInput(typed))).toMatchObject({
    name: "a",
    note: "First version",
    labels: ["production"],
    model_hint: null,
    description: null,
  });
  expect(promptInput({ ...typed, isProduction: false })["labels"]).toEqual([]);
});

test("a default that does not fit its type is sent as it was typed, and refused by name", () => {
  const values = valuesOf("a", VERSION);
  const wrong = values.variables.map((each) =>
    each.name === "n" ? { ...each, default: "many" } : each,
  );
  const checked = promptVersionCreate.safeParse({
    ...draftOf({ ...values, variables: wrong }),
    note: "x",
  });
  expect(checked.error?.issues[0]?.path).toEqual(["variables", 0, "default"]);
});
