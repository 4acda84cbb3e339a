import { expect, test } from "vitest";
import type { GuardrailInfo } from "#lib/contract/guardrail.ts";
import type { RuleForm } from "#lib/contract/guardrail-form.ts";
import {
  actionChoices,
  inputOf,
  newValues,
  type RuleValues,
  stageChoices,
  valuesOf,
} from "./rule-values.ts";

const frame = { title: "", description: null, isRequired: false };
const FORM: RuleForm = {
  type: "regex",
  label: "Any",
  description: "",
  stages: ["pre", "during", "post"],
  actions: ["block", "redact", "mask", "warn", "log"],
  secret: { label: "Token", required: false },
  fields: [
    { ...frame, name: "on", kind: "switch", initial: true },
    { ...frame, name: "least", kind: "number", initial: 0.5, least: 0, most: 1 },
    { ...frame, name: "words", kind: "lines", initial: [], mostLines: null },
    {
      ...frame,
      name: "kinds",
      kind: "choices",
      initial: ["a"],
      options: [
        { value: "a", label: "A" },
        { value: "b", label: "B" },
      ],
    },
    { ...frame, name: "schema", kind: "json", initial: undefined },
    { ...frame, name: "model", kind: "text", initial: "", isLong: false, mostCharacters: null },
  ],
};

const stored: GuardrailInfo = {
  id: "019ac0de-0000-7000-8000-000000000000",
  name: "Stored",
  description: null,
  type: "regex",
  stage: "both",
  action: "redact",
  mode: "enforced",
  scope: { kind: "alias", name: "fast" },
  fail: "open",
  priority: 10,
  config: {
    on: false,
    least: 0.25,
    words: ["one", "two"],
    kinds: ["b"],
    schema: { type: "object" },
  },
  secret: { set: true, last4: "1234" },
  message: "No.",
  version: 3,
  created_at: "",
  updated_at: "",
};

test("a stored rule that nobody has touched is sent as it is stored, without its secret", () => {
  const { id: _, type: _type, priority, secret, version, created_at, updated_at, ...sent } = stored;
  expect(inputOf(valuesOf(stored, FORM), FORM)).toEqual(sent);
});

test("what is left empty is left out, so that the default holds; what is no number is sent as typed", () => {
  const values: RuleValues = {
    ...newValues(FORM),
    config: { on: true, least: "much", words: " a \n\n b ", kinds: [], schema: "{", model: " " },
  };
  expect(inputOf(values, FORM)["config"]).toEqual({
    on: true,
    least: "much",
    words: ["a", "b"],
    kinds: [],
    schema: "{",
  });
});

test("a new rule is in shadow mode, and a secret goes out only when it was typed", () => {
  const fresh = newValues(FORM);
  expect(inputOf(fresh, FORM)).toMatchObject({ mode: "shadow", secret: null });
  expect(inputOf({ ...fresh, secret: " s " }, FORM)).toMatchObject({ secret: "s" });
  expect(inputOf(valuesOf(stored, FORM), FORM)).not.toHaveProperty("secret");
});

test("only what can be done there is offered", () => {
  expect(stageChoices(FORM)).toEqual(["pre", "during", "post", "both"]);
  expect(stageChoices({ ...FORM, stages: ["post"] })).toEqual(["post"]);
  expect(actionChoices(FORM, "pre")).toContain("mask");
  expect(actionChoices(FORM, "during")).toEqual(["block", "warn", "log"]);
  expect(actionChoices(FORM, "post")).toEqual(["block", "redact", "warn", "log"]);
  expect(actionChoices(FORM, "both")).toEqual(["block", "redact", "warn", "log"]);
});
