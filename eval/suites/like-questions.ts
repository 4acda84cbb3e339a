import { isTakenForSame, mockSimilarity } from "#lib/testing/like-questions.ts";
import { readSet, splitOf } from "../read-set.ts";
import type { Score, Split, Suite } from "../suite.ts";

/** The default of the setting `threshold`. */
const THRESHOLD = 0.95;

interface Pair {
  split: Split;
  /** What kind of near miss it is; undefined for two questions that mean the same. */
  kind: string | undefined;
  asked: string;
  stored: string;
}

const guard = ({ asked, stored }: Pair): boolean => isTakenForSame(asked, stored);
const vectors = ({ asked, stored }: Pair): boolean => mockSimilarity(asked, stored) >= THRESHOLD;

/** Which pairs of questions the semantic cache answers alike. */
export const likeQuestions: Suite = {
  title: "Questions of the same meaning (semantic cache)",
  about:
    "Pairs of questions: near misses, which one answer must never serve, and ones that ask for the " +
    "same. Found is a pair of the same meaning that is answered alike, wrong a near miss that is. " +
    "No embedding model runs here. The first row is the worst that any model could do: it holds " +
    "every two questions for alike, and the guard alone decides, so that no false hit in it is none " +
    "with any model and any threshold, and what it finds is the most that a perfect model could. The " +
    "mock's vectors go by shared words and blur small words and numbers as models do; how often a " +
    "real model passes 0.95 is not shown by either.",
  measure: () => {
    const pairs = [...pairsOf("near-misses.tsv"), ...pairsOf("paraphrases.tsv")];
    const kinds = [...new Set(pairs.flatMap(({ kind }) => kind ?? []))];
    return [
      ...scoresOf("every vector alike, guard", pairs, guard),
      ...scoresOf("mock vectors, no guard", pairs, vectors),
      ...scoresOf("mock vectors, guard", pairs, (pair) => vectors(pair) && guard(pair)),
      ...kinds.flatMap((kind) => {
        const ofKind = pairs.filter((pair) => pair.kind === kind);
        return scoresOf(`near misses by ${kind}, guard`, ofKind, guard);
      }),
    ];
  },
};

function pairsOf(file: string): Pair[] {
  return readSet(file).map((row) => ({
    split: splitOf(row),
    kind: row["kind"],
    asked: row["asked"] ?? "",
    stored: row["stored"] ?? "",
  }));
}

function scoresOf(
  name: string,
  pairs: readonly Pair[],
  isAnswered: (pair: Pair) => boolean,
): Score[] {
  return (["dev", "test"] as const)
    .map((split) => ({ split, cases: pairs.filter((pair) => pair.split === split) }))
    .filter(({ cases }) => cases.length > 0)
    .map(({ split, cases }) => {
      const count = (isSame: boolean, answered: boolean) =>
        cases.filter(
          (pair) => (pair.kind === undefined) === isSame && isAnswered(pair) === answered,
        ).length;
      return {
        name,
        split,
        cases: cases.length,
        found: count(true, true),
        wrong: count(false, true),
        missed: count(true, false),
      };
    });
}
