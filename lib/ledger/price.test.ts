import { calcPrice, findProvider, type MatchLogic } from "@pydantic/genai-prices";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PROVIDERS, type ProviderRow } from "#lib/catalog/providers.ts";
import type { Price, UnitPrices } from "#lib/contract/snapshot.ts";
import { NO_USAGE, type Usage, usageOfChat } from "#lib/contract/usage.ts";
import { formatUsd, parseUsd } from "#lib/money.ts";
import { getCataloguePrice } from "./catalogue-price.ts";
import { compilePrice, priceUsage } from "./price.ts";

const UNSET = { inputPricePerMillionNanos: null, outputPricePerMillionNanos: null };

function catalogue(provider: string, modelName: string): Price {
  return compilePrice({ provider, modelName, ...UNSET });
}

function costUsd(usage: Partial<Usage>, price: Price, atMs?: number): string {
  return formatUsd(priceUsage({ ...NO_USAGE, ...usage }, price, atMs).costNanos);
}

function override(prices: Partial<UnitPrices>): Price {
  const base: UnitPrices = {
    input: 0n,
    output: 0n,
    cacheRead: 0n,
    cacheWrite5m: 0n,
    cacheWrite1h: 0n,
    audioIn: 0n,
    audioOut: 0n,
    ...prices,
  };
  return { state: "priced", list: { base, tiers: [], source: "override" } };
}

describe("the three states of a price", () => {
  it("two zeros are free by declaration", () => {
    const source = { provider: "openai", modelName: "gpt-4o" };
    const zero = { inputPricePerMillionNanos: 0n, outputPricePerMillionNanos: 0n };
    expect(compilePrice({ ...source, ...zero })).toEqual({ state: "free" });
  });

  it("figures of the deployment win over the catalogue, for every part", () => {
    const price = compilePrice({
      provider: "openai",
      modelName: "gpt-4o",
      inputPricePerMillionNanos: 1_000_000_000n,
      outputPricePerMillionNanos: 2_000_000_000n,
    });
    expect(costUsd({ input: 1_000_000, cacheRead: 1_000_000, output: 1_000_000 }, price)).toBe("4");
  });

  it("one given figure is priced, and the catalogue knows the other", () => {
    const price = compilePrice({
      provider: "openai",
      modelName: "gpt-4o",
      inputPricePerMillionNanos: 1_000_000_000n,
      outputPricePerMillionNanos: null,
    });
    expect(costUsd({ input: 1_000_000, output: 1_000_000 }, price)).toBe("11");
  });

  it("one given figure of an unknown model leaves the other at zero", () => {
    const price = compilePrice({
      provider: "openai",
      modelName: "our-own-embedder",
      inputPricePerMillionNanos: 20_000_000n,
      outputPricePerMillionNanos: null,
    });
    expect(costUsd({ input: 1_000_000, output: 1_000_000 }, price)).toBe("0.02");
  });

  it("a provider that costs nothing by declaration is free whatever the model", () => {
    const free = Object.entries(PROVIDERS as Record<string, ProviderRow>).filter(
      ([, row]) => row.free === true,
    );
    expect(free.length).toBeGreaterThan(0);
    for (const [provider] of free) {
      expect(catalogue(provider, "anything")).toEqual({ state: "free" });
    }
  });

  it("an unknown model or provider is unpriced, not free", () => {
    expect(catalogue("openai", "no-such-model").state).toBe("unpriced");
    expect(catalogue("no-such-provider", "gpt-4o").state).toBe("unpriced");
  });

  it("a model that is only priced by the hour or page is unpriced for tokens", () => {
    expect(catalogue("openai", "whisper-1").state).toBe("unpriced");
  });

  it("free and unpriced usage costs nothing and says which it was", () => {
    const usage = { ...NO_USAGE, input: 5 };
    expect(priceUsage(usage, { state: "free" })).toEqual({
      costNanos: 0n,
      snapshot: null,
      state: "free",
    });
    expect(priceUsage(usage, { state: "unpriced" }).state).toBe("unpriced");
  });
});

describe("the catalogue", () => {
  it("reads decimals exactly, and rounds only what has more than nine places", () => {
    const price = catalogue("openai", "gpt-4o-mini");
    expect(price).toMatchObject({ state: "priced", list: { source: "catalogue" } });
    // 0.075 has no exact binary form.
    expect(price.state === "priced" && price.list.base.cacheRead).toBe(75_000_000n);
  });

  const listed = Object.entries(PROVIDERS as Record<string, ProviderRow>)
    .filter(([, row]) => row.priceCatalogue !== undefined)
    .map(([provider, row]) => [provider, row.priceCatalogue ?? ""] as const);

  it.each(listed)("compiles every model of %s", (provider, providerId) => {
    const models = findProvider({ providerId })?.models ?? [];
    const lists = models
      .map(({ match }) => getCataloguePrice({ provider, modelName: nameThatMatches(match) }))
      .filter((list) => list !== undefined);
    expect(lists.length).toBeGreaterThan(0);
    for (const { base } of lists) {
      expect(Object.values(base).every((nanos) => nanos >= 0n)).toBe(true);
      expect(base.input + base.output).toBeGreaterThan(0n);
    }
  });

  it("a part without a price of its own costs what its parent costs", () => {
    const price = catalogue("openai", "text-embedding-3-small");
    expect(costUsd({ input: 500_000, cacheRead: 500_000 }, price)).toBe("0.02");
  });
});

describe("what usage costs", () => {
  /*
   * Each amount is worked out by hand from the vendor's list prices, in US dollars per million
   * tokens, for usage as the upstream reports it.
   */
  it("cached tokens are charged once, at their own price (gpt-4o: 2.5, 1.25 cached, 10 out)", () => {
    const usage = usageOfChat({
      prompt_tokens: 10_000,
      completion_tokens: 1_000,
      prompt_tokens_details: { cached_tokens: 8_000 },
    });
    // 2,000 × 2.5 + 8,000 × 1.25 + 1,000 × 10 = 25,000 µ$
    expect(costUsd(usage, catalogue("openai", "gpt-4o"))).toBe("0.025");
  });

  it("more cached than prompt tokens cannot make a cost negative", () => {
    const usage = usageOfChat({
      prompt_tokens: 10,
      completion_tokens: 0,
      prompt_tokens_details: { cached_tokens: 1_000_000 },
    });
    expect(costUsd(usage, catalogue("openai", "gpt-4o"))).toBe("0.0000125");
  });

  it("five-minute and one-hour cache writes have prices of their own", () => {
    const price = override({
      input: usd("3"),
      output: usd("15"),
      cacheRead: usd("0.3"),
      cacheWrite5m: usd("3.75"),
      cacheWrite1h: usd("6"),
    });
    const usage = {
      input: 1_000,
      cacheRead: 40_000,
      cacheWrite5m: 20_000,
      cacheWrite1h: 1_500,
      output: 500,
    };
    // 3,000 + 12,000 + 75,000 + 9,000 + 7,500 = 106,500 µ$
    expect(costUsd(usage, price)).toBe("0.1065");
  });

  it("reasoning is part of the output and is not charged again", () => {
    const price = override({ output: usd("10") });
    expect(costUsd({ output: 1_000, reasoning: 900 }, price)).toBe("0.01");
  });

  it("reasoning that is priced apart is taken out of the output", () => {
    const price = override({ output: usd("8"), reasoning: usd("3") });
    // 100 × 8 + 900 × 3
    expect(costUsd({ output: 1_000, reasoning: 900 }, price)).toBe("0.0035");
  });

  it("sound is charged at its own price", () => {
    const price = override({ input: usd("2.5"), audioIn: usd("32"), audioOut: usd("64") });
    expect(costUsd({ input: 100, audioIn: 1_000, audioOut: 1_000 }, price)).toBe("0.09625");
  });

  it("a fee per call is added to answered calls only", () => {
    const price = override({ input: usd("1"), request: usd("5000") });
    expect(costUsd({ input: 1_000 }, price)).toBe("0.006");
    expect(costUsd({}, price)).toBe("0");
  });

  it("a tier holds for the whole request and is chosen by all input, cached tokens too", () => {
    const tiered: Price = {
      state: "priced",
      list: {
        base: { ...zeroPrices(), input: usd("1"), output: usd("2") },
        tiers: [
          {
            aboveInputTokens: 200,
            prices: { ...zeroPrices(), input: usd("10"), output: usd("20") },
          },
        ],
        source: "catalogue",
      },
    };
    expect(costUsd({ input: 100, cacheRead: 100, output: 1 }, tiered)).toBe("0.000102");
    expect(costUsd({ input: 100, cacheRead: 101, output: 1 }, tiered)).toBe("0.00102");
  });

  it("prices change by date and by time of day without a new snapshot", () => {
    const at = (input: string) => ({ base: { ...zeroPrices(), input: usd(input) }, tiers: [] });
    const price: Price = {
      state: "priced",
      list: {
        ...at("1"),
        source: "catalogue",
        schedule: [
          { prices: at("1") },
          { prices: at("2"), startsAtMs: Date.UTC(2026, 0, 1) },
          { prices: at("3"), daily: { fromSecond: 23 * 3600, toSecond: 3600 } },
        ],
      },
    };
    const cost = (time: string) => costUsd({ input: 1_000_000 }, price, Date.parse(time));
    expect(cost("2025-12-31T12:00:00Z")).toBe("1");
    expect(cost("2026-01-01T12:00:00Z")).toBe("2");
    expect(cost("2025-12-31T23:00:00Z")).toBe("3");
    expect(cost("2026-01-01T00:59:59Z")).toBe("3");
    expect(cost("2026-01-01T01:00:00Z")).toBe("2");
  });

  it("rounds half a nano-dollar up, once for the attempt", () => {
    const price = override({ input: 250_000n, output: 250_000n });
    expect(priceUsage({ ...NO_USAGE, input: 1, output: 1 }, price).costNanos).toBe(1n);
    expect(priceUsage({ ...NO_USAGE, input: 1 }, price).costNanos).toBe(0n);
  });

  it("the snapshot names the unit prices of the parts that were used", () => {
    const usage = { ...NO_USAGE, input: 3, output: 2 };
    expect(priceUsage(usage, catalogue("openai", "gpt-4o")).snapshot).toEqual({
      input: "2.5",
      output: "10",
    });
  });
});

describe("the catalogue's own calculator", () => {
  const models: readonly [string, string][] = [
    ["openai", "gpt-4o"],
    ["openai", "gpt-audio"],
    ["anthropic", "claude-sonnet-4-5"],
    ["anthropic", "claude-opus-4-6"],
    ["google", "gemini-2.5-pro"],
    ["google", "gemini-2.5-flash"],
    ["deepseek", "deepseek-chat"],
    ["mistral", "mistral-medium-latest"],
  ];

  it.each(models)("agrees on %s %s but for the error of its floats", (provider, modelName) => {
    const count = fc.nat(300_000);
    const usages = fc.record({
      input: count,
      cacheRead: count,
      cacheWrite5m: count,
      cacheWrite1h: count,
      output: count,
      audioIn: count,
      audioOut: count,
    });
    const price = catalogue(provider, modelName);
    const at = Date.parse("2026-06-01T12:00:00Z");
    fc.assert(
      fc.property(usages, (parts) => {
        const usage = { ...NO_USAGE, ...parts };
        const cost = Number(priceUsage(usage, price, at).costNanos) / 1e9;
        const expected = calcPrice(
          {
            input_tokens:
              usage.input +
              usage.cacheRead +
              usage.cacheWrite5m +
              usage.cacheWrite1h +
              usage.audioIn,
            cache_read_tokens: usage.cacheRead,
            cache_write_tokens: usage.cacheWrite5m + usage.cacheWrite1h,
            cache_write_1h_tokens: usage.cacheWrite1h,
            input_audio_tokens: usage.audioIn,
            cache_audio_read_tokens: 0,
            output_tokens: usage.output + usage.audioOut,
            output_audio_tokens: usage.audioOut,
          },
          modelName,
          { providerId: provider, timestamp: new Date(at) },
        );
        expect(Math.abs(cost - (expected?.total_price ?? Number.NaN))).toBeLessThan(1e-8);
      }),
    );
  });
});

describe("whatever an upstream reports", () => {
  const tokens = fc.oneof(fc.nat(2_000_000), fc.constantFrom(0, 1));
  const usages: fc.Arbitrary<Usage> = fc.record({
    input: tokens,
    cacheRead: tokens,
    cacheWrite5m: tokens,
    cacheWrite1h: tokens,
    output: tokens,
    reasoning: tokens,
    audioIn: tokens,
    audioOut: tokens,
  });
  const nanos = fc.bigInt({ min: 0n, max: 200_000_000_000n });
  const units = fc.record(
    {
      input: nanos,
      output: nanos,
      cacheRead: nanos,
      cacheWrite5m: nanos,
      cacheWrite1h: nanos,
      audioIn: nanos,
      audioOut: nanos,
      reasoning: nanos,
      request: nanos,
    },
    {
      requiredKeys: [
        "input",
        "output",
        "cacheRead",
        "cacheWrite5m",
        "cacheWrite1h",
        "audioIn",
        "audioOut",
      ],
    },
  );

  it("the parts of usage are never negative and never more than was reported", () => {
    const claim = fc.option(fc.oneof(fc.integer(), fc.double(), fc.nat(100_000)), { nil: null });
    const report = fc.record({
      prompt_tokens: fc.nat(1_000_000),
      completion_tokens: fc.nat(1_000_000),
      prompt_tokens_details: fc.record({
        cached_tokens: claim,
        cache_write_tokens: claim,
        audio_tokens: claim,
      }),
      completion_tokens_details: fc.record({ reasoning_tokens: claim, audio_tokens: claim }),
    });
    fc.assert(
      fc.property(report, (chat) => {
        const usage = usageOfChat(chat);
        expect(Object.values(usage).every((count) => count >= 0)).toBe(true);
        const input = usage.input + usage.cacheRead + usage.cacheWrite5m + usage.audioIn;
        expect(input).toBe(chat.prompt_tokens);
        expect(usage.output + usage.audioOut).toBe(chat.completion_tokens);
        expect(usage.reasoning).toBeLessThanOrEqual(usage.output);
      }),
    );
  });

  it("a cost is never negative, and more tokens never cost less", () => {
    const part = fc.constantFrom(
      "input",
      "cacheRead",
      "cacheWrite5m",
      "cacheWrite1h",
      "output",
      "audioIn",
      "audioOut",
    ) satisfies fc.Arbitrary<keyof Usage>;
    fc.assert(
      fc.property(usages, units, part, fc.nat(10_000), (usage, unit, name, more) => {
        const price = override(unit);
        const cost = priceUsage(usage, price).costNanos;
        expect(cost).toBeGreaterThanOrEqual(0n);
        // More output with the same reasoning, so that only the named part grows.
        const reasoning = Math.min(usage.reasoning, usage.output);
        const grown = { ...usage, reasoning, [name]: usage[name] + more };
        expect(priceUsage(grown, price).costNanos).toBeGreaterThanOrEqual(cost);
      }),
    );
  });

  it("figures that are no whole numbers do not throw in a settlement", () => {
    const odd = {
      ...NO_USAGE,
      input: 1.5,
      output: Number.POSITIVE_INFINITY,
      cacheRead: Number.NaN,
    };
    expect(priceUsage(odd, override({ input: 1_000_000n, output: 1n })).costNanos).toBeGreaterThan(
      0n,
    );
  });
});

/** A model's name at its provider, which is not always its id in the catalogue. */
function nameThatMatches(match: MatchLogic): string {
  if ("or" in match || "and" in match) {
    const [first] = "or" in match ? match.or : match.and;
    return first === undefined ? "" : nameThatMatches(first);
  }
  return Object.values(match).join("");
}

function usd(text: string): bigint {
  return parseUsd(text) ?? -1n;
}

function zeroPrices(): UnitPrices {
  return {
    input: 0n,
    output: 0n,
    cacheRead: 0n,
    cacheWrite5m: 0n,
    cacheWrite1h: 0n,
    audioIn: 0n,
    audioOut: 0n,
  };
}
