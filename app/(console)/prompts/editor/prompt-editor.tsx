"use client";

import { useRouter } from "next/navigation";
import { type KeyboardEvent, useId, useState } from "react";
import { toast } from "sonner";
import type { ActionResult } from "#lib/contract/action-result.ts";
import type { PromptInfo, PromptVersionInfo } from "#lib/contract/prompt.ts";
import { ActionForm } from "../../../_ui/action-form.tsx";
import { Button } from "../../../_ui/primitives/button.tsx";
import {
  Card,
  CardBody,
  CardDescription,
  CardHeader,
  CardTitle,
} from "../../../_ui/primitives/card.tsx";
import { useActionForm } from "../../../_ui/use-action-form.ts";
import { createPrompt, createVersion } from "../actions.ts";
import { promptHref } from "../prompt-href.ts";
import { RenderPanel } from "../render-panel.tsx";
import { AboutFields } from "./about-fields.tsx";
import { MessageBoxes } from "./message-boxes.tsx";
import { draftOf, newPromptValues, promptInput, valuesOf, versionInput } from "./prompt-values.ts";
import { VariableBoxes } from "./variable-boxes.tsx";

export interface PromptEditorProps {
  /** The version that the next one begins with; without it a new prompt is made. */
  from?: { name: string; version: PromptVersionInfo };
  /** Names that may be asked for. */
  models: readonly string[];
}

const LABELS = {
  name: "Name",
  description: "Description",
  messages: "Messages",
  variables: "Variables",
  model_hint: "Model",
  note: "What changed",
};

/** A prompt's next version, or a new prompt. What is saved stays as it is. */
export function PromptEditor({ from, models }: PromptEditorProps) {
  const router = useRouter();
  const id = useId();
  const [isTrying, setTrying] = useState(false);
  const [initial] = useState(() =>
    from === undefined ? newPromptValues() : valuesOf(from.name, from.version),
  );
  const form = useActionForm({
    name: `prompt-${from?.name ?? "new"}`,
    action: async (input: unknown): Promise<ActionResult<PromptInfo | PromptVersionInfo>> =>
      from === undefined ? await createPrompt(input) : await createVersion(input),
    initial,
    toInput: from === undefined ? promptInput : versionInput,
    onDone: (saved, { name }) => {
      const version = "version" in saved ? saved.version : 1;
      toast(`Version ${version} of ${name.trim()} is saved`);
      router.push(promptHref(name.trim(), { v: version }));
      router.refresh();
    },
  });
  const draft = draftOf(form.values);

  function onKeyDown(event: KeyboardEvent) {
    if (!(event.metaKey || event.ctrlKey)) {
      return;
    }
    if (event.key === "s" || event.key === "Enter") {
      event.preventDefault();
      // Otherwise the form would take Enter for saving.
      event.stopPropagation();
      if (event.key === "s") {
        form.submit();
      } else {
        setTrying(true);
        // Open already, it renders; else the values come first.
        document.querySelector<HTMLFormElement>(`form[id="${id}-try"]`)?.requestSubmit();
      }
    }
  }

  return (
    <div onKeyDownCapture={onKeyDown} className="flex min-w-0 flex-col gap-4">
      <ActionForm form={form} id={id} labels={LABELS}>
        <AboutFields form={form} isNew={from === undefined} models={models} />
        <Card>
          <CardHeader>
            <CardTitle>Messages</CardTitle>
            <CardDescription>
              <code>{"{{name}}"}</code> is a variable, and <code>{"\\{{"}</code> are the braces
              themselves. Values are put in as they are; they cannot add messages or variables.
            </CardDescription>
          </CardHeader>
          <CardBody>
            <MessageBoxes form={form} />
          </CardBody>
        </Card>
        <Card>
          <CardHeader>
            <CardTitle>Variables</CardTitle>
          </CardHeader>
          <CardBody>
            <VariableBoxes form={form} />
          </CardBody>
        </Card>
      </ActionForm>
      <div className="flex flex-wrap items-center gap-2">
        <Button
          type="submit"
          form={id}
          variant="primary"
          isPending={form.isPending}
          title="Ctrl or Cmd and S"
        >
          {from === undefined ? "Create prompt" : "Save as a new version"}
        </Button>
        <Button
          aria-expanded={isTrying}
          title="Ctrl or Cmd and Enter"
          onClick={() => setTrying((before) => !before)}
        >
          Try with values
        </Button>
        {form.isDirty ? <span className="text-muted-fg text-sm">Not saved yet</span> : null}
      </div>
      {isTrying ? (
        <Card>
          <CardHeader>
            <CardTitle>Try with values</CardTitle>
            <CardDescription>The template as it stands above. Nothing is called.</CardDescription>
          </CardHeader>
          <CardBody>
            <RenderPanel
              messages={draft.messages}
              variables={draft.variables}
              formId={`${id}-try`}
              model={form.values.model_hint.trim() === "" ? null : form.values.model_hint.trim()}
            />
          </CardBody>
        </Card>
      ) : null}
    </div>
  );
}
