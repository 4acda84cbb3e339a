import { describe, expect, it } from "vitest";
import { fault } from "#lib/testing/reliability-rows.ts";
import { mostConnections } from "./descriptors.ts";

describe(`${fault("F51")}: the bound on connections`, () => {
  it("leaves a descriptor for each caller's provider, and some for everything else", () => {
    for (const [limit, inUse] of [
      [512, 60],
      [1024, 180],
      [20_000, 180],
      [1_048_576, 200],
    ] as const) {
      const most = mostConnections(limit, inUse) ?? 0;
      expect(most).toBeGreaterThan(0);
      expect(limit - inUse - 2 * most).toBeGreaterThanOrEqual(128);
    }
    expect(mostConnections(20_000, 200)).toBeGreaterThan(9_500);
  });

  it("is none where nobody knows the limit", () => {
    expect(mostConnections(undefined, 100)).toBeUndefined();
    expect(mostConnections(1024, undefined)).toBeUndefined();
  });
});
