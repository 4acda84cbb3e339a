import type { ProviderFixtures } from "./fixture.ts";
import { fixtures as openai } from "./openai.ts";

/** The mock speaks OpenAI's format word for word, so it has no recordings of its own. */
export const fixtures: ProviderFixtures = {
  ...openai,
  provider: "mock",
  modelName: "mock-1",
  cases: {
    ...openai.cases,
    text: openai.cases.text && { ...openai.cases.text, sent: sentText() },
    length: openai.cases.length && { ...openai.cases.length, sent: sentLength() },
  },
};

function sentText() {
  return { model: "mock-1", messages: [{ role: "user", content: "Say hi" }] };
}

function sentLength() {
  return { model: "mock-1", messages: [{ role: "user", content: "Tell a story" }], max_tokens: 16 };
}
