/** `dev` may be looked at while a rule is written; `test` is only ever counted. */
export type Split = "dev" | "test";

/** Counts of one rule, or one kind of what it finds, over the cases of one split. */
export interface Score {
  name: string;
  split: Split;
  /** How many cases there were. */
  cases: number;
  /** Rightly found, wrongly found, and missed. */
  found: number;
  wrong: number;
  missed: number;
}

/** One labelled set with what is measured on it. */
export interface Suite {
  title: string;
  /** Sentences on what the set is and what the numbers can show. */
  about: string;
  measure(): Promise<readonly Score[]> | readonly Score[];
}

/** The suite as a section of the report. */
export function sectionOf(suite: Suite, scores: readonly Score[]): string[] {
  return [
    `## ${suite.title}`,
    "",
    suite.about,
    "",
    "| | split | cases | found | wrong | missed | precision | recall |",
    "|---|---|--:|--:|--:|--:|--:|--:|",
    ...scores.map(rowOf),
    "",
  ];
}

function rowOf({ name, split, cases, found, wrong, missed }: Score): string {
  // Where there is nothing to find, a share of what was found says nothing.
  const precision = shareOf(found, found + missed === 0 ? 0 : found + wrong);
  const recall = shareOf(found, found + missed);
  return `| ${[name, split, cases, found, wrong, missed, precision, recall].join(" | ")} |`;
}

function shareOf(part: number, whole: number): string {
  return whole === 0 ? "-" : `${((100 * part) / whole).toFixed(1)} %`;
}

/** Scores of several names together, one for each split. */
export function totalOf(name: string, scores: readonly Score[]): Score[] {
  return (["dev", "test"] as const).map((split) => {
    const parts = scores.filter((score) => score.split === split);
    const sum = (field: "cases" | "found" | "wrong" | "missed") =>
      parts.reduce((total, score) => total + score[field], 0);
    return {
      name,
      split,
      cases: sum("cases"),
      found: sum("found"),
      wrong: sum("wrong"),
      missed: sum("missed"),
    };
  });
}
