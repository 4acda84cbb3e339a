import { describe, expect, it } from "vitest";
import type { StreamBatch } from "#lib/contract/answer.ts";
import type { Price } from "#lib/contract/snapshot.ts";
import type { Admission } from "#lib/limits/admit.ts";
import { makeDeployment } from "#lib/testing/deployments.ts";
import { failureOf } from "#lib/testing/wire-bench.ts";
import { chat } from "./endpoints/chat.ts";
import { openExchange } from "./exchange.ts";
import { meter } from "./meter.ts";
import { openStory, type Story } from "./story.ts";

/** A token of output costs 1,000 nano-dollars, one of input nothing. */
const PRICE: Price = {
  state: "priced",
  list: {
    base: {
      input: 0n,
      output: 1_000_000_000n,
      cacheRead: 0n,
      cacheWrite5m: 0n,
      cacheWrite1h: 0n,
      audioIn: 0n,
      audioOut: 0n,
    },
    tiers: [],
    source: "override",
  },
};

/** A request that was reserved at 10 tokens of output, with a budget for `limitNanos`. */
function storyOf(limitNanos: bigint, asked: bigint[]): Story {
  const cut = new AbortController();
  const story = openStory(
    {
      ...openExchange(),
      header: () => undefined,
      readBody: () => Promise.resolve(new Uint8Array()),
      ip: null,
      cut,
      signal: cut.signal,
    },
    chat,
  );
  const admission: Admission = {
    headers: {},
    reservation: { store: "memory", budgetIds: ["b"], estimateNanos: 10_000n },
    topUp: (totalNanos) => {
      asked.push(totalNanos);
      return Promise.resolve(totalNanos <= limitNanos);
    },
    settle: () => Promise.resolve(),
    release: () => Promise.resolve(),
  };
  return Object.assign(story, { admission, deployment: makeDeployment("one", { price: PRICE }) });
}

async function* answer(texts: readonly string[]): AsyncGenerator<StreamBatch> {
  for (const content of texts) {
    const choices = [{ index: 0, delta: { content }, finish_reason: null }];
    const chunk = { id: "c", object: "chat.completion.chunk" as const, created: 1, model: "m" };
    yield { events: [{ chunk: { ...chunk, choices } }] };
  }
}

async function read(story: Story, texts: readonly string[]): Promise<number> {
  let batches = 0;
  for await (const _ of meter(story, answer(texts))) {
    batches += 1;
  }
  return batches;
}

describe("an answer that grows", () => {
  it("asks for no more while the reservation covers it", async () => {
    const asked: bigint[] = [];
    expect(await read(storyOf(0n, asked), ["你好", "abcdefghijkl", "mnopqrstuvwx"])).toBe(3);
    expect(asked).toEqual([]);
  });

  it("asks by what it costs: a token for a Chinese character, in steps of a tenth", async () => {
    const asked: bigint[] = [];
    const texts = Array.from({ length: 20 }, () => "好");
    expect(await read(storyOf(1_000_000n, asked), texts)).toBe(20);
    // At 11, 13, 15, 17 and 19 tokens, each time with a tenth to spare.
    expect(asked).toEqual([12_100n, 14_300n, 16_500n, 18_700n, 20_900n]);
  });

  it("is cut where the budget has no more, and what came before it was delivered", async () => {
    const story = storyOf(12_100n, []);
    const error = await failureOf(
      read(
        story,
        Array.from({ length: 20 }, () => "好"),
      ),
    );
    expect(error.code).toBe("budget_exceeded");
    expect(story.deliveredText).toHaveLength(13);
  });
});
