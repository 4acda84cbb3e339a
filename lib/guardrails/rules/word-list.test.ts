import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foundIn, localCheck } from "#lib/testing/rule-check.ts";

const find = (text: string, words: string[], settings: object = {}) =>
  foundIn(localCheck("word_list", { words, ...settings }), text);

describe("a word is found however it is written", () => {
  it.each([
    ["Project Falcon is late", "Project Falcon"],
    ["PROJECT   falcon", "PROJECT   falcon"],
    ["project\nfalcon", "project\nfalcon"],
    ["ｐｒｏｊｅｃｔ　ｆａｌｃｏｎ", "ｐｒｏｊｅｃｔ　ｆａｌｃｏｎ"],
    ["pro\u200bject fal\u00adcon", "pro\u200bject fal\u00adcon"],
    ["(project falcon)", "project falcon"],
  ])("%j", (text, found) => {
    expect(find(text, ["project falcon"])).toEqual([`word: ${found}`]);
  });
});

describe("settings", () => {
  it("whole words leave longer words alone", () => {
    expect(find("class, ass, asset", ["ass"])).toEqual(["word: ass"]);
    expect(find("class, ass", ["ass"], { whole_words: false })).toEqual(["word: ass", "word: ass"]);
  });

  it("a script without spaces has no whole words", () => {
    expect(find("これは秘密計画です", ["秘密計画"])).toEqual(["word: 秘密計画"]);
  });

  it("capitals can matter, and the label is the caller's", () => {
    expect(find("IT it", ["IT"], { case_sensitive: true, label: "unit" })).toEqual(["unit: IT"]);
  });
});

it("words that overlap become one match", () => {
  expect(find("abcde", ["abc", "cde", "b"], { whole_words: false })).toEqual(["word: abcde"]);
});

it("finds what a search for each single word finds", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 4 });
  const text = fc.string({ unit: fc.constantFrom("a", "b", "c", " "), maxLength: 60 });
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), text, (words, body) => {
      const covered = new Set<number>();
      for (const one of words) {
        for (let at = body.indexOf(one); at >= 0; at = body.indexOf(one, at + 1)) {
          for (let unit = at; unit < at + one.length; unit += 1) {
            covered.add(unit);
          }
        }
      }
      const check = localCheck("word_list", { words, whole_words: false });
      const { matches } = check.check([{ path: "", origin: "user", text: body }], {
        stage: "pre",
        countTokens: () => 0,
      });
      const found = matches.flatMap(({ start, end }) =>
        Array.from({ length: end - start }, (_, offset) => start + offset),
      );
      expect(new Set(found)).toEqual(covered);
      expect(found).toHaveLength(covered.size);
    }),
  );
});

it("five thousand words are searched for at once, and a longer list is refused", () => {
  const words = Array.from({ length: 5_000 }, (_, at) => `codename${at}`);
  expect(find("nothing but codename4711 here", words)).toEqual(["word: codename4711"]);
  expect(() => localCheck("word_list", { words: [...words, "one more"] })).toThrow();
});
