import { describe, expect, it } from "vitest";
import { getProvider, PROVIDER_ALIASES, PROVIDERS, type ProviderRow, WIRES } from "./providers.ts";

/** The ids of the public contract; removing one needs a decision record. */
const PUBLIC_IDS = [
  "openai",
  "azure",
  "anthropic",
  "google",
  "mistral",
  "groq",
  "deepseek",
  "xai",
  "together",
  "fireworks",
  "openrouter",
  "perplexity",
  "cerebras",
  "nvidia",
  "huggingface",
  "ollama",
  "vllm",
  "lmstudio",
  "openai_compatible",
  "mock",
];

const rows: [string, ProviderRow][] = Object.entries(PROVIDERS);

it("holds every provider id of the contract and no other", () => {
  expect(Object.keys(PROVIDERS).sort()).toEqual([...PUBLIC_IDS].sort());
});

it("finds a row by its id and by its other spelling, and nothing by a foreign word", () => {
  expect(getProvider("openai")).toBe(PROVIDERS.openai);
  expect(getProvider("gemini")).toBe(PROVIDERS.google);
  expect(getProvider("toString")).toBeUndefined();
  expect(getProvider("cohere")).toBeUndefined();
  for (const id of Object.values(PROVIDER_ALIASES)) {
    expect(PROVIDERS[id]).toBeDefined();
  }
});

describe.each(rows)("%s", (_id, row) => {
  it("names a wire that exists", () => {
    expect(WIRES).toContain(row.wire);
  });

  it("has a base URL that parses, without a slash at its end, holding its version segment", () => {
    if (row.baseUrl === null) {
      return;
    }
    const url = new URL(row.baseUrl);
    expect(row.baseUrl.endsWith("/")).toBe(false);
    expect(url.search + url.hash).toBe("");
    if (row.versionPath !== undefined) {
      expect(url.pathname).toBe(row.versionPath);
    }
  });

  it("is plain data", () => {
    expect(JSON.parse(JSON.stringify(row))).toEqual(row);
  });

  it("never both refuses a field and leaves it out as a hint", () => {
    const refused = new Set<string>(row.quirks?.refuse);
    expect((row.quirks?.drop ?? []).filter((name) => refused.has(name))).toEqual([]);
  });

  it("explains every setting that its quirks read", () => {
    for (const setting of Object.values(row.quirks?.query ?? {})) {
      expect(row.settings?.[setting]).toMatch(/\w/);
    }
  });
});

it("asks for a key wherever the provider is somebody else's", () => {
  const keyless = rows.filter(([, row]) => row.keyOptional === true).map(([id]) => id);
  expect(keyless.sort()).toEqual(["lmstudio", "mock", "ollama", "openai_compatible", "vllm"]);
});
