"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import type { PromptMessage, PromptVariable } from "#lib/contract/managed-prompt.ts";
import type { PromptRendered } from "#lib/contract/prompt.ts";
import { ErrorCard } from "../../_ui/error-card.tsx";
import { Button } from "../../_ui/primitives/button.tsx";
import { putHandoff } from "../../_ui/prompts/handoff.ts";
import { ValueFields } from "../../_ui/prompts/value-fields.tsx";
import { problemsOf, type ValueTexts, valuesOf } from "../../_ui/prompts/value-texts.ts";
import { requestRender } from "./render-request.ts";
import { RenderedView } from "./rendered-view.tsx";

export interface RenderPanelProps {
  messages: readonly PromptMessage[];
  variables: readonly PromptVariable[];
  model: string | null;
  /** For whoever submits the form from outside of it. */
  formId?: string;
}

type Outcome =
  | { state: "none" }
  | { state: "pending" }
  | { state: "failed"; message: string }
  | { state: "done"; rendered: PromptRendered };

/** A template with values: what a request would send, how long it is and what it would cost. */
export function RenderPanel({ messages, variables, model, formId }: RenderPanelProps) {
  const router = useRouter();
  const [texts, setTexts] = useState<ValueTexts>({});
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  const [outcome, setOutcome] = useState<Outcome>({ state: "none" });

  async function render(event: FormEvent) {
    event.preventDefault();
    event.stopPropagation();
    const problems = problemsOf(variables, texts);
    setErrors(problems);
    if (Object.keys(problems).length > 0) {
      setOutcome({ state: "none" });
      return;
    }
    setOutcome({ state: "pending" });
    setOutcome(await outcomeOf({ messages, variables, texts }));
  }

  function openPlayground(rendered: PromptRendered) {
    if (putHandoff({ messages: rendered.messages, model })) {
      router.push("/playground");
    } else {
      toast.error("This browser keeps nothing for another page. Copy the messages instead.");
    }
  }

  return (
    <div className="flex min-w-0 flex-col gap-4">
      <form id={formId} noValidate onSubmit={render} className="flex min-w-0 flex-col gap-4">
        {variables.length === 0 ? (
          <p className="text-muted-fg text-sm">There are no variables to fill in.</p>
        ) : null}
        <ValueFields
          variables={variables}
          texts={texts}
          errors={errors}
          onChange={(name, text) => setTexts((before) => ({ ...before, [name]: text }))}
        />
        <Button
          type="submit"
          variant="primary"
          className="self-start"
          isPending={outcome.state === "pending"}
        >
          Render
        </Button>
      </form>
      <div aria-live="polite" className="min-w-0">
        {outcome.state === "failed" ? (
          <ErrorCard title="It cannot be rendered.">{outcome.message}</ErrorCard>
        ) : null}
        {outcome.state === "done" ? (
          <RenderedView
            rendered={outcome.rendered}
            onOpenPlayground={() => openPlayground(outcome.rendered)}
          />
        ) : null}
      </div>
    </div>
  );
}

async function outcomeOf({
  messages,
  variables,
  texts,
}: Pick<RenderPanelProps, "messages" | "variables"> & { texts: ValueTexts }): Promise<Outcome> {
  try {
    const rendered = await requestRender({
      messages: [...messages],
      variables: [...variables],
      values: valuesOf(variables, texts),
    });
    return { state: "done", rendered };
  } catch (error) {
    return { state: "failed", message: error instanceof Error ? error.message : String(error) };
  }
}
