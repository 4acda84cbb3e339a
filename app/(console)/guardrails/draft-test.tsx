"use client";

import { useState } from "react";
import type { StageChoice } from "#lib/contract/guardrail.ts";
import { Field } from "../../_ui/field.tsx";
import { Button } from "../../_ui/primitives/button.tsx";
import { Textarea } from "../../_ui/primitives/textarea.tsx";
import { askTest } from "./ask-trial.ts";
import { TrialResult } from "./trial-result.tsx";
import { useTrial } from "./use-trial.ts";

interface DraftTestProps {
  /** The rule as it stands in the form, when the button is pressed. */
  input: () => Readonly<Record<string, unknown>>;
  /** The saved rule that is edited. */
  ruleId: string | undefined;
  stage: StageChoice;
}

/** A sample for the rule that is being written; it needs not be saved first. */
export function DraftTest({ input, ruleId, stage }: DraftTestProps) {
  const [sample, setSample] = useState("");
  const isAnswer = stage === "post";
  const trial = useTrial((signal) => {
    const { name, ...draft } = input();
    return askTest(
      {
        messages: [{ role: "user", content: isAnswer ? "" : sample }],
        ...(stage === "pre" || stage === "during" ? {} : { answer: sample }),
        draft: name === "" ? draft : { ...draft, name },
        ...(ruleId === undefined ? {} : { rule_id: ruleId }),
        only: true,
      },
      signal,
    );
  });
  return (
    <div className="flex flex-col gap-3">
      <Field label={isAnswer ? "An answer" : "A message of a user"}>
        {(control) => (
          <Textarea
            {...control}
            rows={4}
            value={sample}
            onChange={(event) => setSample(event.target.value)}
          />
        )}
      </Field>
      <Button onClick={trial.run} isPending={trial.isRunning} className="self-start">
        Run on this sample
      </Button>
      <TrialResult trial={trial} />
    </div>
  );
}
