import { expect, test } from "vitest";
import { promptReference } from "#lib/contract/prompt-fields.ts";
import { promptSamples } from "./prompt-samples.ts";

const VERSION = {
  version: 2,
  messages: [{ role: "user" as const, content: "{{who}} {{loud}}" }],
  variables: [
    { name: "who", type: "string" as const, required: true, default: "it's", description: null },
    { name: "loud", type: "boolean" as const, required: true, default: null, description: null },
  ],
  model_hint: "fast",
  note: "x",
  labels: [] as string[],
  created_by: null,
  created_at: "2026-11-22T12:00:00.000Z",
};

const samplesOf = (labels: string[]) =>
  promptSamples({
    name: "mail/reply",
    version: { ...VERSION, labels },
    baseUrl: "http://localhost:8000/v1",
  }).map(({ code }) => code);

test("a sample names the version by what leads to it", () => {
  const reference = (labels: string[]) => {
    const body = /-d '(.*)'\n$/s.exec(samplesOf(labels).at(-1) ?? "")?.[1] ?? "";
    return JSON.parse(body.replaceAll(`'\\''`, "'")).conduit_prompt;
  };
  expect(reference(["production", "staging"])).toEqual({
    name: "mail/reply",
    variables: { who: "it's", loud: true },
  });
  expect(reference(["staging"])).toMatchObject({ label: "staging" });
  expect(reference([])).toMatchObject({ version: 2 });
  expect(promptReference.safeParse(reference([])).success).toBe(true);
});

test("Python reads its own constants, and a quote ends no shell word", () => {
  const [python, , curl] = samplesOf([]);
  expect(python).toContain('"loud": True');
  expect(curl).toContain(`it'\\''s`);
});
