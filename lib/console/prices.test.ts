import { afterAll, beforeAll, expect, test } from "vitest";
import { NO_USAGE } from "#lib/contract/usage.ts";
import { getSql } from "#lib/db/client.ts";
import { logRowOf } from "#lib/db/request-log-row.ts";
import { insertRecords } from "#lib/db/request-logs.ts";
import { currentSnapshot, refreshSnapshot } from "#lib/db/snapshot.ts";
import { priceUsage } from "#lib/ledger/price.ts";
import { type AdminApi, openAdminApi } from "#lib/testing/admin-api.ts";
import { makePerson } from "#lib/testing/people.ts";
import { makeRecord } from "#lib/testing/records.ts";
import { showUnpricedModels } from "./prices.ts";

let api: AdminApi;
const ids: Record<string, string> = {};
beforeAll(async () => {
  api = await openAdminApi();
  for (const [name, fields] of Object.entries({
    known: { model_name: "gpt-4o" },
    custom: { model_name: "house-model-1" },
    own: {
      model_name: "gpt-4o",
      input_price_per_million_usd: "7",
      output_price_per_million_usd: "8",
    },
  })) {
    const made = await api.ok("POST", "/models/deployments", {
      name,
      provider: "openai",
      api_key: "sk-test-0123456789",
      ...fields,
    });
    ids[name] = made.id;
  }
});
afterAll(() => api.close());

/** What a million tokens in and a million out cost there, in whole dollars. */
function costOf(name: string): string {
  const price = currentSnapshot().deployments.get(ids[name] ?? "")?.price;
  if (price === undefined || price.state !== "priced") {
    return price?.state ?? "missing";
  }
  const usage = { ...NO_USAGE, input: 1_000_000, output: 1_000_000 };
  return String(priceUsage(usage, price).costNanos / 1_000_000_000n);
}

const price = (fields: Record<string, unknown>) => ({
  input_per_million_usd: "1",
  output_per_million_usd: "2",
  ...fields,
});

test("an override stands before the catalogue and after a deployment's own price, at once", async () => {
  expect(costOf("custom")).toBe("unpriced");
  const before = costOf("known");
  const all = await api.ok("POST", "/prices", price({ model_pattern: "house-*" }));
  const made = await api.ok("POST", "/prices/", {
    ...price({ model_pattern: "gpt-4o", provider: "openai" }),
    cache_read_per_million_usd: 0.5,
  });

  expect(made).toMatchObject({ input_per_million_usd: "1", cache_read_per_million_usd: "0.5" });
  expect([costOf("custom"), costOf("known"), costOf("own")]).toEqual(["3", "3", "15"]);

  await api.ok("PATCH", `/prices/${made.id}`, { output_per_million_usd: "9" });
  expect(costOf("known")).toBe("10");
  await api.call("DELETE", `/prices/${made.id}`);
  await api.call("DELETE", `/prices/${all.id}`);
  expect([costOf("known"), costOf("custom")]).toEqual([before, "unpriced"]);
});

test("the most exact pattern wins, then the model's own provider, then the latest that has begun", async () => {
  const far = new Date(Date.now() + 3_600_000).toISOString();
  const made = [
    await api.ok("POST", "/prices", price({ model_pattern: "house-*", input_per_million_usd: 10 })),
    await api.ok("POST", "/prices", price({ model_pattern: "house-model*" })),
    await api.ok("POST", "/prices", {
      ...price({ model_pattern: "house-model*", provider: "openai" }),
      input_per_million_usd: "4",
    }),
    await api.ok("POST", "/prices", {
      ...price({ model_pattern: "house-model-1", effective_from: far }),
      input_per_million_usd: "40",
    }),
    await api.ok(
      "POST",
      "/prices",
      price({ model_pattern: "house-model*", provider: "anthropic" }),
    ),
  ];
  expect(costOf("custom")).toBe("6");
  for (const { id } of made) {
    await api.call("DELETE", `/prices/${id}`);
  }
});

test("a price that begins later comes into force by itself", async () => {
  const soon = new Date(Date.now() + 1500).toISOString();
  const made = await api.ok("POST", "/prices", {
    ...price({ model_pattern: "house-model-1", effective_from: soon }),
  });
  expect(costOf("custom")).toBe("unpriced");
  await expect.poll(() => costOf("custom"), { timeout: 5000 }).toBe("3");
  await api.call("DELETE", `/prices/${made.id}`);
});

test("all zero is free by declaration, and bad figures are refused by field", async () => {
  const free = await api.ok("POST", "/prices", {
    model_pattern: "house-model-1",
    input_per_million_usd: 0,
    output_per_million_usd: 0,
  });
  expect(costOf("custom")).toBe("free");
  await api.call("DELETE", `/prices/${free.id}`);

  const told = [];
  for (const fields of [
    { input_per_million_usd: "-1" },
    { model_pattern: "a*b" },
    { provider: "nobody" },
    { effective_from: "tomorrow" },
    { unknown: 1 },
  ]) {
    const reply = await api.call("POST", "/prices", {
      body: { ...price({ model_pattern: "m" }), ...fields },
    });
    told.push([reply.status, reply.body.error.param]);
  }
  expect(told).toEqual([
    [400, "input_per_million_usd"],
    [400, "model_pattern"],
    [400, "provider"],
    [400, "effective_from"],
    [400, "unknown"],
  ]);
});

test("models that answered without a price are named until they have one", async () => {
  const actor = await makePerson({ role: "admin" });
  const rows = [
    makeRecord({ model: "house-model-1", priceState: "unpriced", costNanos: 0n }),
    makeRecord({ model: "house-model-1", priceState: "unpriced", costNanos: 0n }),
    makeRecord({ model: "gpt-4o" }),
  ];
  await insertRecords(getSql("batch"), `[${rows.map(logRowOf).join(",")}]`);

  expect(await showUnpricedModels(actor)).toEqual([
    { provider: "openai", model: "house-model-1", requests: 2 },
  ]);
  await api.ok("POST", "/prices", price({ model_pattern: "house-*" }));
  await refreshSnapshot();
  expect(await showUnpricedModels(actor)).toEqual([]);
});
