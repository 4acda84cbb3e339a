import { checkText, localCheck } from "#lib/testing/rule-check.ts";
import { generateSecrets } from "../generated-secrets.ts";
import { readSet, splitOf } from "../read-set.ts";
import { scoreBenign, scoreSpans } from "../spans.ts";
import { type Suite, totalOf } from "../suite.ts";

/** Kinds that are told by their form or by the words around them. */
const WITHOUT_PREFIX = new Set(["jwt", "private_key", "password", "secret", "url_password"]);

/** What `secrets` finds. */
export const secrets: Suite = {
  title: "Secrets (`secrets`)",
  about:
    "Random keys in the published forms of their issuers, tokens and passwords, in sentences, " +
    "settings and programs. They are generated with a fixed seed, so that no scanner takes this " +
    "repository for one with leaked keys. The forms are those that the rule knows, so its recall " +
    "here shows that none was broken, and not how many other issuers there are.",
  measure: () => {
    const check = localCheck("secrets");
    const scores = scoreSpans(check, generateSecrets());
    const named = scores.filter(({ name }) => WITHOUT_PREFIX.has(name));
    const prefixed = scores.filter(({ name }) => !WITHOUT_PREFIX.has(name));
    const benign = readSet("benign.tsv").map((row) => ({
      split: splitOf(row),
      text: row["text"] ?? "",
    }));
    return [
      ...totalOf("keys of known issuers", prefixed),
      ...named,
      ...totalOf("**all kinds**", scores),
      ...scoreBenign("look-alikes", (text) => checkText(check, text).triggered, benign),
    ];
  },
};
