"use client";

import { useState } from "react";
import type { AliasPlan } from "#lib/contract/alias.ts";
import type { AliasBoardMember } from "#lib/contract/alias-board.ts";
import { EntityCombobox } from "../../_ui/entity-combobox.tsx";
import { ErrorCard } from "../../_ui/error-card.tsx";
import { Field } from "../../_ui/field.tsx";
import { Fieldset } from "../../_ui/fieldset.tsx";
import { Button } from "../../_ui/primitives/button.tsx";
import {
  Card,
  CardBody,
  CardDescription,
  CardHeader,
  CardTitle,
} from "../../_ui/primitives/card.tsx";
import { CheckboxOption } from "../../_ui/primitives/checkbox.tsx";
import { Input } from "../../_ui/primitives/input.tsx";
import { Skeleton } from "../../_ui/primitives/skeleton.tsx";
import { useIsland } from "../../_ui/use-island.ts";
import { PlanList } from "./plan-list.tsx";

interface SimulatePanelProps {
  name: string;
  members: readonly AliasBoardMember[];
}

interface Question {
  keyId: string | null;
  input: string;
  output: string;
  open: readonly string[];
  /** Draws weighted choices anew. */
  seed: number;
}

const FIRST: Question = { keyId: null, input: "1000", output: "500", open: [], seed: 0 };

/** Who would be asked now, and after whom, as the alias is saved. Nothing is called. */
export function SimulatePanel({ name, members }: SimulatePanelProps) {
  const [question, setQuestion] = useState(FIRST);
  const [asked, setAsked] = useState<Question | null>(null);
  const plan = useIsland<AliasPlan>(asked === null ? null : pathOf(name, asked));
  const set = (part: Partial<Question>) => setQuestion((before) => ({ ...before, ...part }));
  return (
    <Card>
      <CardHeader>
        <CardTitle>Simulate</CardTitle>
        <CardDescription>
          The order for one request, as the alias is saved. Nothing is called.
        </CardDescription>
      </CardHeader>
      <CardBody>
        <form
          className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            setAsked({ ...question, seed: (asked?.seed ?? 0) + 1 });
          }}
        >
          <Field label="For the key" hint="Empty plans without a key's own rules.">
            {(control) => (
              <EntityCombobox
                {...control}
                type="key"
                value={question.keyId}
                onValueChange={(keyId) => set({ keyId })}
                placeholder="Any key"
              />
            )}
          </Field>
          <div className="grid grid-cols-2 gap-3">
            <Field label="Tokens in">
              {(control) => (
                <Input
                  {...control}
                  inputMode="numeric"
                  value={question.input}
                  onChange={(event) => set({ input: event.target.value })}
                />
              )}
            </Field>
            <Field label="Tokens out">
              {(control) => (
                <Input
                  {...control}
                  inputMode="numeric"
                  value={question.output}
                  onChange={(event) => set({ output: event.target.value })}
                />
              )}
            </Field>
          </div>
          {members.length === 0 ? null : (
            <Fieldset legend="Pretend that the circuit is open">
              {members.map(({ deployment_id: id, deployment }) => (
                <CheckboxOption
                  key={id}
                  label={deployment}
                  checked={question.open.includes(id)}
                  onCheckedChange={(isOpen) =>
                    set({
                      open: isOpen
                        ? [...question.open, id]
                        : question.open.filter((each) => each !== id),
                    })
                  }
                />
              ))}
            </Fieldset>
          )}
          <Button type="submit" isPending={plan.isLoading || plan.isRefreshing}>
            {asked === null ? "Simulate" : "Simulate again"}
          </Button>
        </form>
        <div aria-live="polite" className="mt-4">
          {plan.isLoading ? <Skeleton className="h-24" /> : null}
          {plan.error === null ? null : (
            <ErrorCard title="Nobody would be asked." errorId={plan.error.requestId ?? undefined}>
              {plan.error.message}
            </ErrorCard>
          )}
          {plan.data === undefined ? null : <PlanList plan={plan.data} />}
        </div>
      </CardBody>
    </Card>
  );
}

function pathOf(name: string, question: Question): `/api/console/${string}` {
  const query = new URLSearchParams({
    name,
    seed: String(question.seed),
    input_tokens: question.input,
    output_tokens: question.output,
  });
  if (question.keyId !== null) {
    query.set("key_id", question.keyId);
  }
  for (const id of question.open) {
    query.append("pretend_open", id);
  }
  return `/api/console/routing/simulate?${query}`;
}
