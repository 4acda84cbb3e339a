import { expect, test } from "vitest";
import { cacheSettings } from "#lib/contract/cache-settings.ts";
import { cacheInput, cacheValues } from "./cache-values.ts";

const STORED = cacheSettings.parse({
  exact_enabled: true,
  embedding_model: "embed",
  sample_share: 0.035,
  excluded_models: ["secret-model"],
});

test("what is stored comes back as it was, without the threshold", () => {
  const { threshold: _, ...rest } = STORED;
  expect(cacheInput(cacheValues(STORED))).toEqual(rest);
});

test.each([0, 0.0001, 0.02, 0.07, 0.29, 0.57, 1])("a share of %d survives the form", (share) => {
  const values = cacheValues({ ...STORED, sample_share: share });
  expect(cacheInput(values)["sample_share"]).toBe(share);
});

test("what is no number is left to the schema", () => {
  const typed = cacheInput({ ...cacheValues(STORED), ttl_seconds: "an hour", sample_share: "few" });
  expect(typed).toMatchObject({ ttl_seconds: "an hour", sample_share: "few" });
});
