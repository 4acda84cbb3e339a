import { checkText, localCheck } from "#lib/testing/rule-check.ts";
import { readSet, splitOf } from "../read-set.ts";
import { scoreBenign } from "../spans.ts";
import { type Score, type Suite, totalOf } from "../suite.ts";

/** What `content_filter` finds with its built-in lists. */
export const content: Suite = {
  title: "Unwanted content (`content_filter`)",
  about:
    "A small set of plain sentences in each category, with the built-in lists at their default " +
    "strictness. The lists know plain English wording only; a moderation model is what finds more. " +
    "The last rows are harmless requests and look-alikes.",
  measure: () => {
    const check = localCheck("content_filter");
    const rows = readSet("content.tsv");
    const scores = [...new Set(rows.map((row) => row["kind"] ?? ""))].flatMap((kind) =>
      (["dev", "test"] as const).map((split): Score => {
        const ofKind = rows.filter((row) => row["kind"] === kind && splitOf(row) === split);
        const found = ofKind.filter((row) =>
          checkText(check, row["text"] ?? "").matches.some((match) => match.kind === kind),
        ).length;
        return {
          name: kind,
          split,
          cases: ofKind.length,
          found,
          wrong: 0,
          missed: ofKind.length - found,
        };
      }),
    );
    const harmless = ["benign-requests.tsv", "benign.tsv"].flatMap((file) => readSet(file));
    const texts = harmless.map((row) => ({ split: splitOf(row), text: row["text"] ?? "" }));
    return [
      ...scores,
      ...totalOf("**all categories**", scores),
      ...scoreBenign("harmless", (text) => checkText(check, text).triggered, texts),
    ];
  },
};
