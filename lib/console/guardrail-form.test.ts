import { expect, test } from "vitest";
import { z } from "zod";
import { RULE_TYPES } from "#lib/contract/guardrail-verdict.ts";
import { listRules } from "#lib/guardrails/rules/index.ts";
import { showRuleForms } from "./guardrail-form.ts";

test("every type of rule has a form, and every field of it says what it is for", () => {
  const forms = showRuleForms();
  expect(forms.map(({ type }) => type).toSorted()).toEqual([...RULE_TYPES].toSorted());
  for (const { type, fields } of forms) {
    expect(fields.length, type).toBeGreaterThan(0);
    for (const { name, title, description } of fields) {
      expect(title, `${type}.${name}`).not.toBe("");
      expect(description, `${type}.${name}`).toMatch(/\S+ \S+/);
    }
  }
});

test("a form begins with the defaults of its schema", () => {
  for (const rule of listRules()) {
    const form = showRuleForms().find(({ type }) => type === rule.type);
    const defaults = rule.config.safeParse({}).data as Record<string, unknown> | undefined;
    for (const field of form?.fields ?? []) {
      const expected = defaults?.[field.name];
      if (expected !== undefined) {
        expect(field.initial, `${rule.type}.${field.name}`).toEqual(expected);
      }
    }
  }
});

test("a field is drawn by the kind of its value", () => {
  const kinds = Object.fromEntries(
    showRuleForms().flatMap(({ type, fields }) =>
      fields.map(({ name, kind }) => [`${type}.${name}`, kind]),
    ),
  );
  expect(kinds).toMatchObject({
    "pii.kinds": "choices",
    "pii.private_addresses": "switch",
    "regex.pattern": "text",
    "word_list.words": "lines",
    "max_tokens.max_tokens": "number",
    "content_filter.strictness": "choice",
    "json_schema.schema": "json",
  });
});

test("what is offered to choose from is what the schema takes", () => {
  const pii = showRuleForms().find(({ type }) => type === "pii");
  const kinds = pii?.fields.find(({ name }) => name === "kinds");
  const values = kinds?.kind === "choices" ? kinds.options.map(({ value }) => value) : [];
  const rule = listRules().find(({ type }) => type === "pii");
  const taken = z.object({ kinds: z.array(z.string()) }).parse(rule?.config.parse({}));
  expect(values).toEqual(taken.kinds);
});
