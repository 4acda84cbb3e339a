import type { LocalCheck, TextOrigin } from "#lib/guardrails/define-rule.ts";
import { checkText, localCheck } from "#lib/testing/rule-check.ts";
import { DISGUISES } from "../disguises.ts";
import { readSet, splitOf } from "../read-set.ts";
import type { Score, Split, Suite } from "../suite.ts";

interface Case {
  split: Split;
  origin: TextOrigin;
  text: string;
}

/** What `injection` finds with its heuristics alone. */
export const injection: Suite = {
  title: "Prompt injection (`injection`)",
  about:
    "Attempts in the words of users, in results and descriptions of tools, and in texts to be " +
    "embedded, at the default threshold and without a judge model; written by hand, the test " +
    "sentences after its patterns were last changed. The disguised rows hold the user's sentences again " +
    "that the rule finds in plain writing, each in one of the ways named, so that they show what a " +
    "disguise hides. New wording gets past patterns more easily than any disguise: recall on test is " +
    "what to expect of it, and a judge model is what raises it.",
  measure: () => {
    const check = localCheck("injection");
    const attempts = casesOf("injection.tsv");
    const requests = casesOf("benign-requests.tsv");
    const data = casesOf("benign.tsv");
    const places = ["user", "tool_result", "tool_definition", "input"] as const;
    return [
      ...(["dev", "test"] as const).map((split) => {
        const [found, missed] = countsOf(check, ofSplit(attempts, split));
        const [wrong] = countsOf(check, ofSplit(requests, split));
        const cases = found + missed + ofSplit(requests, split).length;
        return { name: "**attempts and requests**", split, cases, found, wrong, missed };
      }),
      ...places.flatMap((origin) =>
        scoreAttempts(
          `attempts, ${origin}`,
          check,
          attempts.filter((one) => one.origin === origin),
        ),
      ),
      ...DISGUISES.flatMap(({ name, put }) =>
        scoreAttempts(`in ${name}`, check, disguised(check, attempts, put)),
      ),
      ...scoreHarmless("harmless requests and results", check, requests),
      ...scoreHarmless("look-alikes of data", check, data),
    ];
  },
};

function casesOf(file: string): Case[] {
  return readSet(file).map((row) => ({
    split: splitOf(row),
    // The column holds nothing else; a set without one has what users send.
    origin: (row["origin"] ?? "user") as TextOrigin,
    text: row["text"] ?? "",
  }));
}

function ofSplit(cases: readonly Case[], split: Split): Case[] {
  return cases.filter((one) => one.split === split);
}

function disguised(
  check: LocalCheck,
  attempts: readonly Case[],
  put: (text: string) => string,
): Case[] {
  return attempts
    .filter(({ origin, text }) => origin === "user" && /^[ -~]+$/.test(text))
    .filter(({ text }) => checkText(check, text).triggered)
    .map((one) => ({ ...one, text: put(one.text) }));
}

function countsOf(check: LocalCheck, cases: readonly Case[]): [found: number, not: number] {
  const found = cases.filter(({ text, origin }) => checkText(check, text, origin).triggered).length;
  return [found, cases.length - found];
}

function scoreAttempts(name: string, check: LocalCheck, cases: readonly Case[]): Score[] {
  return (["dev", "test"] as const).map((split) => {
    const [found, missed] = countsOf(check, ofSplit(cases, split));
    return { name, split, cases: found + missed, found, wrong: 0, missed };
  });
}

function scoreHarmless(name: string, check: LocalCheck, cases: readonly Case[]): Score[] {
  return (["dev", "test"] as const).map((split) => {
    const [wrong, right] = countsOf(check, ofSplit(cases, split));
    return { name, split, cases: wrong + right, found: 0, wrong, missed: 0 };
  });
}
