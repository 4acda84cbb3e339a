import { createParser, parseAsArrayOf, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { BUDGET_CONDITIONS, BUDGET_LEVELS } from "#lib/contract/budget-levels.ts";
import type { BudgetSubjectRef, BudgetTreeQuery } from "#lib/contract/budget-tree.ts";
import { type ReadParams, teamParam } from "../../_ui/search-params.ts";

/** `team:<id>`: which limit is open beside the table. */
const parseAsSubject = createParser<BudgetSubjectRef>({
  parse: (text) => {
    const [level, subject_id = ""] = text.split(":");
    const subject = BUDGET_LEVELS.find((each) => each === level);
    const isId = subject_id.length >= 1 && subject_id.length <= 64;
    return subject !== undefined && isId ? { subject, subject_id } : null;
  },
  serialize: subjectText,
  eq: (one, other) => subjectText(one) === subjectText(other),
});

export function subjectText({ subject, subject_id }: BudgetSubjectRef): string {
  return `${subject}:${subject_id}`;
}

/** The parameters of the page. */
export const BUDGET_PARAMS = {
  ...teamParam,
  level: parseAsArrayOf(parseAsStringLiteral(BUDGET_LEVELS)),
  state: parseAsStringLiteral(BUDGET_CONDITIONS),
  q: parseAsString,
  open: parseAsSubject,
};

type BudgetParams = ReadParams<typeof BUDGET_PARAMS>["values"];

export function budgetQueryOf({ team, level, state, q }: BudgetParams): BudgetTreeQuery {
  return {
    team: team ?? undefined,
    level: level ?? undefined,
    condition: state ?? undefined,
    text: q ?? undefined,
  };
}

export function isNarrowed({ team, level, state, q }: BudgetParams): boolean {
  return [team, level, state, q].some((value) => value !== null);
}
