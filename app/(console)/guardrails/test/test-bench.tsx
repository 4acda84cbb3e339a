"use client";

import { useState } from "react";
import { MODE_WORDS } from "#lib/catalog/guardrail-words.ts";
import type { RuleMode } from "#lib/contract/guardrail-verdict.ts";
import { EntityCombobox } from "../../../_ui/entity-combobox.tsx";
import { Field } from "../../../_ui/field.tsx";
import { Button } from "../../../_ui/primitives/button.tsx";
import { Card, CardBody, CardHeader, CardTitle } from "../../../_ui/primitives/card.tsx";
import { Select } from "../../../_ui/primitives/select.tsx";
import { Textarea } from "../../../_ui/primitives/textarea.tsx";
import { askTest } from "../ask-trial.ts";
import { TrialResult } from "../trial-result.tsx";
import { useTrial } from "../use-trial.ts";
import { LoadRequest } from "./load-request.tsx";
import { MessageEditor } from "./message-editor.tsx";
import { EMPTY_SAMPLE, inputOf, type Sample } from "./sample.ts";

interface TestBenchProps {
  rules: readonly { id: string; name: string; mode: RuleMode }[];
  /** A request to begin with. */
  requestId: string | null;
}

const IN_FORCE = "in_force";

/** A request to make up, and what the rules say of it. */
export function TestBench({ rules, requestId }: TestBenchProps) {
  const [sample, setSample] = useState<Sample>(EMPTY_SAMPLE);
  const set = (part: Partial<Sample>) => setSample((before) => ({ ...before, ...part }));
  const trial = useTrial((signal) => askTest(inputOf(sample), signal));
  return (
    <div className="grid items-start gap-4 xl:grid-cols-2">
      <Card>
        <CardHeader>
          <CardTitle>Request</CardTitle>
        </CardHeader>
        <CardBody>
          <form
            className="flex flex-col gap-4"
            onSubmit={(event) => {
              event.preventDefault();
              trial.run();
            }}
          >
            <LoadRequest requestId={requestId} onLoad={set} />
            <MessageEditor messages={sample.messages} onChange={(messages) => set({ messages })} />
            <Field
              label="Answer"
              hint="What a model would say. Empty leaves out the rules for answers."
            >
              {(control) => (
                <Textarea
                  {...control}
                  rows={3}
                  value={sample.answer}
                  onChange={(event) => set({ answer: event.target.value })}
                />
              )}
            </Field>
            <div className="grid gap-4 sm:grid-cols-2">
              <Field label="Asks for the alias" hint="Empty leaves out rules of aliases.">
                {(control) => (
                  <EntityCombobox
                    {...control}
                    type="alias"
                    value={sample.model}
                    onValueChange={(model) => set({ model })}
                    placeholder="Any model"
                  />
                )}
              </Field>
              <Field label="With the key" hint="Empty leaves out rules of keys and teams.">
                {(control) => (
                  <EntityCombobox
                    {...control}
                    type="key"
                    value={sample.keyId}
                    onValueChange={(keyId) => set({ keyId })}
                    placeholder="Any key"
                  />
                )}
              </Field>
              <Field label="Rules" className="sm:col-span-2">
                {(control) => (
                  <Select
                    {...control}
                    options={[
                      { value: IN_FORCE, label: "Those that are enforced or in shadow mode" },
                      ...rules.map(({ id, name, mode }) => ({
                        value: id,
                        label: `${name} alone, as if enforced`,
                        hint: MODE_WORDS[mode],
                      })),
                    ]}
                    value={sample.ruleId ?? IN_FORCE}
                    onValueChange={(id) => set({ ruleId: id === IN_FORCE ? null : id })}
                  />
                )}
              </Field>
            </div>
            <Button
              type="submit"
              variant="primary"
              className="self-start"
              isPending={trial.isRunning}
            >
              Run
            </Button>
          </form>
        </CardBody>
      </Card>
      <Card>
        <CardHeader>
          <CardTitle>Result</CardTitle>
        </CardHeader>
        <CardBody>
          {trial.result === null && trial.problem === null ? (
            <p className="text-muted-fg text-sm">Run the request to see what the rules find.</p>
          ) : null}
          <TrialResult trial={trial} />
        </CardBody>
      </Card>
    </div>
  );
}
