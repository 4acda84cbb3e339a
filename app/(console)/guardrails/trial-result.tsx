"use client";

import type { GuardrailTestResult } from "#lib/contract/guardrail-test.ts";
import { ErrorCard } from "../../_ui/error-card.tsx";
import { ResultChip } from "../../_ui/guardrail-chip.tsx";
import { VerdictTable } from "../../_ui/verdict-table.tsx";
import { TextPair } from "./text-pair.tsx";
import type { Trial } from "./use-trial.ts";

interface TrialResultProps {
  trial: Trial<GuardrailTestResult>;
}

/** What a dry run came to: in one word, by rule, and in the texts themselves. */
export function TrialResult({ trial: { result, problem, isRunning } }: TrialResultProps) {
  return (
    <div aria-live="polite" aria-busy={isRunning} className="flex min-w-0 flex-col gap-4">
      {problem === null ? null : <ErrorCard title="It was not run.">{problem}</ErrorCard>}
      {result === null || problem !== null ? null : <Found result={result} />}
    </div>
  );
}

function Found({ result }: { result: GuardrailTestResult }) {
  if (result.result === null) {
    return <p className="text-muted-fg text-sm">No rule applies to this request.</p>;
  }
  const { blocked } = result;
  return (
    <>
      <div className="flex flex-wrap items-center gap-2 text-sm">
        <ResultChip result={result.result} />
        {blocked === null ? null : (
          <span>
            {blocked.why === "failed"
              ? `${blocked.rule} could not check it, and refuses with 503 guardrail_unavailable.`
              : `${blocked.rule} refuses it with 400 content_blocked.`}
            {blocked.message === null ? null : ` The caller reads: “${blocked.message}”`}
          </span>
        )}
      </div>
      <VerdictTable verdicts={result.verdicts} />
      {result.texts.map((text) => (
        <TextPair key={`${text.side} ${text.path}`} text={text} />
      ))}
    </>
  );
}
