import { expect, test } from "vitest";
import { usdInput } from "./amounts.ts";

test.each<[string | number, bigint]>([
  ["50.00", 50_000_000_000n],
  [50, 50_000_000_000n],
  [0, 0n],
  ["0.000000001", 1n],
  [1e-9, 1n],
  [0.1, 100_000_000n],
  ["9000000", 9_000_000_000_000_000n],
])("%j dollars are %d nano-dollars exactly", (given, nanos) => {
  expect(usdInput.parse(given)).toBe(nanos);
});

test.each([
  "",
  "x",
  "1,5",
  "1e3",
  "0.0000000001",
  "-1",
  -0.01,
  9_000_001,
  "9000000.000000001",
  Number.NaN,
  0.1 + 0.2,
  12_345_678.123456789,
  true,
  null,
])("%j is no amount", (given) => {
  expect(usdInput.safeParse(given).success).toBe(false);
});

test("an empty amount is asked for in plain words", () => {
  expect(usdInput.safeParse("").error?.issues[0]?.message).toBe("must be an amount, such as 12.50");
});
