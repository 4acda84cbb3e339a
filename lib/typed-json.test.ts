import fc from "fast-check";
import { expect, it } from "vitest";
import { seed } from "./testing/tier.ts";
import { parseTyped, stringifyTyped } from "./typed-json.ts";

it("gives back what it was given, whatever is inside of what", () => {
  const leaf = fc.oneof(
    fc.bigInt(),
    fc.date({ noInvalidDate: true }),
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(tie("tree")),
      fc.array(fc.tuple(fc.string(), tie("tree"))).map((entries) => new Map(entries)),
      fc.array(leaf).map((items) => new Set(items)),
      fc.dictionary(fc.constantFrom("a", "$", "v", "toJSON", "x y"), tie("tree")),
    ),
  }));
  const sameAsBefore = (value: unknown): void => {
    expect(parseTyped(stringifyTyped(value))).toEqual(value);
  };
  fc.assert(fc.property(tree, sameAsBefore), { seed: seed(), numRuns: 300 });
});

it("does not guess what it has not made", () => {
  expect(() => parseTyped('{"$":"function","v":"x"}')).toThrow("no kind");
});
