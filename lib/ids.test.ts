import { describe, expect, it } from "vitest";
import { idTimeMs, isUuid, newId, randomAlphanumeric } from "./ids.ts";

describe("request ids", () => {
  it("are version 7 UUIDs that carry their millisecond", () => {
    const id = newId(1_763_800_000_123);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(idTimeMs(id)).toBe(1_763_800_000_123);
    expect(isUuid(id)).toBe(true);
  });

  it("never repeat within a millisecond, also when the pool of random bytes is refilled", () => {
    const ids = new Set(Array.from({ length: 5000 }, () => newId(1)));
    expect(ids.size).toBe(5000);
  });

  it("sort by time", () => {
    expect(newId(1) < newId(2)).toBe(true);
    expect(newId(0xffff) < newId(0x10000)).toBe(true);
  });
});

it("random text has the asked length and only letters and digits", () => {
  expect(randomAlphanumeric(4096)).toMatch(/^[0-9A-Za-z]{4096}$/);
});
