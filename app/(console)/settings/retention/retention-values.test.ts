import { expect, test } from "vitest";
import type { RetentionSettings } from "#lib/contract/settings.ts";
import { retentionInput, retentionValues, shorterDays } from "./retention-values.ts";

const STORED: RetentionSettings = { payload_storage: "full", payload_days: 30, log_days: 180 };

test("what is stored comes back as it was", () => {
  expect(retentionInput(retentionValues(STORED))).toEqual(STORED);
});

test("only days that remove more than before are asked about", () => {
  const with_ = (change: object) => ({ ...retentionValues(STORED), ...change });
  expect(shorterDays(with_({}), STORED)).toBeUndefined();
  expect(shorterDays(with_({ log_days: "365", payload_days: "31" }), STORED)).toBeUndefined();
  expect(shorterDays(with_({ payload_storage: "metadata" }), STORED)).toBeUndefined();
  expect(shorterDays(with_({ log_days: "90" }), STORED)).toEqual({ logDays: 90, payloadDays: 30 });
  expect(shorterDays(with_({ log_days: "365", payload_days: "7" }), STORED)).toEqual({
    logDays: 365,
    payloadDays: 7,
  });
});

test("what is no number of days is left to the schema", () => {
  const typed = { ...retentionValues(STORED), log_days: "soon" };
  expect(shorterDays(typed, STORED)).toBeUndefined();
  expect(retentionInput(typed)["log_days"]).toBe("soon");
  expect(shorterDays({ ...typed, log_days: "0" }, STORED)).toBeUndefined();
});
