import { checkText, localCheck } from "#lib/testing/rule-check.ts";
import { generatePersonalData } from "../generated-personal-data.ts";
import { readSet, splitOf } from "../read-set.ts";
import { parseMarked, scoreBenign, scoreSpans } from "../spans.ts";
import { type Suite, totalOf } from "../suite.ts";

/** What `pii` finds in sentences that people wrote for it and in generated ones. */
export const personalData: Suite = {
  title: "Personal data (`pii`)",
  about:
    "Sentences written for this set, 45 of the test ones after the rule was last changed, and " +
    "generated ones with valid check digits; the generated test sentences and ways of writing differ " +
    "from the dev ones. National phone numbers are those of the five countries that the rule is set " +
    "to. The rule and the set have the same author, who thinks of the same ways of writing in both: " +
    "expect less from the field. The last rows are texts in which there is nothing to find.",
  measure: () => {
    const check = localCheck("pii", { phone_regions: ["US", "GB", "DE", "FR", "ES"] });
    const written = readSet("personal-data.tsv").map((row) =>
      parseMarked(splitOf(row), row["text"] ?? ""),
    );
    const cases = [...written, ...generatePersonalData()];
    const scores = scoreSpans(check, cases);
    const benign = readSet("benign.tsv").map((row) => ({
      split: splitOf(row),
      text: row["text"] ?? "",
    }));
    return [
      ...scores,
      ...totalOf("**all kinds**", scores),
      ...scoreBenign("look-alikes", (text) => checkText(check, text).triggered, benign),
    ];
  },
};
