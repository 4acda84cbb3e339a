"use client";

import { type FormEvent, useState, useTransition } from "react";
import { Field } from "../../_ui/field.tsx";
import { Button } from "../../_ui/primitives/button.tsx";
import {
  Card,
  CardBody,
  CardDescription,
  CardHeader,
  CardTitle,
} from "../../_ui/primitives/card.tsx";
import { Combobox } from "../../_ui/primitives/combobox.tsx";
import { Textarea } from "../../_ui/primitives/textarea.tsx";
import { askTrial, type TrialAnswer } from "./ask-trial.ts";
import { TrialMatches } from "./trial-matches.tsx";

export interface LookupTesterProps {
  /** Names that requests may ask for. */
  models: readonly string[];
}

/** Which stored questions lie nearest to one, before anybody asks it. */
export function LookupTester({ models }: LookupTesterProps) {
  const [prompt, setPrompt] = useState("");
  const [model, setModel] = useState<string | null>(null);
  const [answer, setAnswer] = useState<TrialAnswer>();
  const [isPending, startTransition] = useTransition();
  const isReady = prompt.trim() !== "" && model !== null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isReady && !isPending) {
      startTransition(async () => setAnswer(await askTrial({ prompt, model })));
    }
  };
  return (
    <Card>
      <CardHeader>
        <CardTitle>Try a question</CardTitle>
        <CardDescription>
          Asks the embedding model once. Nothing is kept, answered or counted; looking at what
          others asked is noted in the audit log.
        </CardDescription>
      </CardHeader>
      <CardBody>
        <form className="flex flex-col gap-4" onSubmit={submit}>
          <Field label="Question" isRequired>
            {(control) => (
              <Textarea
                {...control}
                rows={3}
                maxLength={8000}
                value={prompt}
                onChange={(event) => setPrompt(event.target.value)}
              />
            )}
          </Field>
          <Field label="Model" isRequired className="max-w-sm">
            {(control) => (
              <Combobox
                {...control}
                options={models.map((name) => ({ value: name, label: name }))}
                value={model}
                onValueChange={setModel}
                placeholder="As callers ask for it"
              />
            )}
          </Field>
          <Button type="submit" className="self-start" disabled={!isReady} isPending={isPending}>
            Look up
          </Button>
        </form>
        {answer === undefined ? null : <TrialMatches answer={answer} />}
      </CardBody>
    </Card>
  );
}
