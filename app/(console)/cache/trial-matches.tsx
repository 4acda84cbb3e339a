import { CircleCheck, CircleSlash } from "lucide-react";
import type { Route } from "next";
import Link from "next/link";
import type { TrialMatch } from "#lib/contract/cache-console.ts";
import { Chip } from "../../_ui/chip.tsx";
import { formatId } from "../../_ui/format.ts";
import type { TrialAnswer } from "./ask-trial.ts";
import { thresholdText } from "./similarity-bars.ts";

export interface TrialMatchesProps {
  answer: TrialAnswer;
}

/** The nearest stored questions of a trial, each with its verdict. */
export function TrialMatches({ answer }: TrialMatchesProps) {
  if (!answer.ok) {
    return (
      <p role="alert" className="mt-4 text-danger text-sm">
        {answer.message}
      </p>
    );
  }
  const { matches, threshold } = answer.result;
  if (matches.length === 0) {
    return (
      <p role="status" className="mt-4 text-muted-fg text-sm">
        No question of this model is stored.
      </p>
    );
  }
  return (
    <div role="status" className="mt-4 flex flex-col gap-3">
      <p className="text-muted-fg text-xs">
        Given from {thresholdText(threshold)} on, if key or team, parameters and instructions are
        the same.
      </p>
      <ul aria-label="Nearest stored questions" className="flex flex-col gap-2">
        {matches.map((match) => (
          <li key={match.id} className="flex flex-wrap items-start gap-x-4 gap-y-1 text-sm">
            <span className="w-12 tabular-nums">{thresholdText(match.similarity)}</span>
            <Verdict match={match} threshold={threshold} />
            <span className="min-w-0 flex-1 basis-60 break-words">
              {match.question ?? (
                <span className="text-muted-fg">Its words are not kept to be read.</span>
              )}
              <span className="block text-muted-fg text-xs">
                {match.scope},{" "}
                <Link
                  href={`/logs/${match.source_request_id}` as Route}
                  className="font-mono underline underline-offset-4"
                >
                  {formatId(match.source_request_id)}
                </Link>
              </span>
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

interface VerdictProps {
  match: TrialMatch;
  threshold: number;
}

function Verdict({ match: { would_hit: wouldHit, guard, similarity }, threshold }: VerdictProps) {
  if (wouldHit) {
    return (
      <Chip tone="success" icon={<CircleCheck aria-hidden />}>
        Would hit
      </Chip>
    );
  }
  return (
    <Chip icon={<CircleSlash aria-hidden />}>
      {guard !== null && similarity >= threshold
        ? `Held back: ${GUARD_WORDS[guard] ?? guard}`
        : "Too far"}
    </Chip>
  );
}

/** What two questions differ in, as the guard names it. */
const GUARD_WORDS: Readonly<Record<string, string>> = {
  code: "code",
  number: "a number",
  unit: "a unit",
  date: "a date",
  negation: "a negation",
  quantity: "a quantity",
  opposite: "an opposite",
  asked: "what is asked",
  name: "a name",
  word: "a word",
  order: "the order",
};
