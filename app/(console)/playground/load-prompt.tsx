"use client";

import { type FormEvent, useState } from "react";
import type { PromptMessage } from "#lib/contract/managed-prompt.ts";
import type { PromptPage } from "#lib/contract/prompt-board.ts";
import { renderPrompt } from "#lib/contract/prompt-values.ts";
import { isConduitError } from "#lib/errors.ts";
import { EntityCombobox } from "../../_ui/entity-combobox.tsx";
import { Field } from "../../_ui/field.tsx";
import { Button } from "../../_ui/primitives/button.tsx";
import {
  Dialog,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogTitle,
} from "../../_ui/primitives/dialog.tsx";
import { Select } from "../../_ui/primitives/select.tsx";
import { ValueFields } from "../../_ui/prompts/value-fields.tsx";
import { problemsOf, type ValueTexts, valuesOf } from "../../_ui/prompts/value-texts.ts";
import { useIsland } from "../../_ui/use-island.ts";

export interface LoadPromptProps {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  onLoad: (loaded: { messages: PromptMessage[]; model: string | null }) => void;
}

/** A version of a managed prompt, with its variables filled in. */
export function LoadPrompt({ isOpen, onOpenChange, onLoad }: LoadPromptProps) {
  return (
    <Dialog open={isOpen} onOpenChange={onOpenChange}>
      <DialogContent className="max-h-[90dvh] overflow-y-auto sm:max-w-xl">
        <DialogTitle>Load a prompt</DialogTitle>
        <DialogDescription>
          Its messages take the place of what every panel has now.
        </DialogDescription>
        {isOpen ? (
          <LoadForm
            onCancel={() => onOpenChange(false)}
            onLoad={(loaded) => {
              onOpenChange(false);
              onLoad(loaded);
            }}
          />
        ) : null}
      </DialogContent>
    </Dialog>
  );
}

interface LoadFormProps extends Pick<LoadPromptProps, "onLoad"> {
  onCancel: () => void;
}

function LoadForm({ onLoad, onCancel }: LoadFormProps) {
  const [name, setName] = useState<string | null>(null);
  const [version, setVersion] = useState<string | null>(null);
  const [texts, setTexts] = useState<ValueTexts>({});
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  const [problem, setProblem] = useState<string | null>(null);
  const { data: page, error } = useIsland<PromptPage | null>(pathOf(name, version));
  const chosen = page?.version;

  function load(event: FormEvent) {
    event.preventDefault();
    event.stopPropagation();
    if (chosen === undefined) {
      return;
    }
    const problems = problemsOf(chosen.variables, texts);
    setErrors(problems);
    if (Object.keys(problems).length > 0) {
      return;
    }
    try {
      const values = valuesOf(chosen.variables, texts);
      const messages = renderPrompt(chosen, { values, param: "variables" });
      onLoad({ messages, model: chosen.model_hint });
    } catch (thrown) {
      setProblem(isConduitError(thrown) ? thrown.message : "It cannot be rendered.");
    }
  }

  return (
    <form noValidate onSubmit={load} className="flex min-w-0 flex-col gap-4">
      <Field label="Prompt">
        {(control) => (
          <EntityCombobox
            {...control}
            type="prompt"
            value={name}
            onValueChange={(next) => {
              setName(next);
              setVersion(null);
              setErrors({});
            }}
          />
        )}
      </Field>
      {page === undefined || page === null ? null : (
        <Field label="Version">
          {(control) => (
            <Select
              {...control}
              options={page.heads.map(({ version: number, labels }) => ({
                value: String(number),
                label: [`Version ${number}`, ...labels].join(", "),
              }))}
              value={String(page.version.version)}
              onValueChange={setVersion}
            />
          )}
        </Field>
      )}
      {chosen === undefined ? null : (
        <ValueFields
          variables={chosen.variables}
          texts={texts}
          errors={errors}
          onChange={(field, text) => setTexts((before) => ({ ...before, [field]: text }))}
        />
      )}
      {error === null && problem === null ? null : (
        <p role="alert" className="text-danger text-sm">
          {error?.message ?? problem}
        </p>
      )}
      <DialogFooter>
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" variant="primary" disabled={chosen === undefined}>
          Load
        </Button>
      </DialogFooter>
    </form>
  );
}

function pathOf(name: string | null, version: string | null): `/api/console/${string}` | null {
  if (name === null) {
    return null;
  }
  const query = new URLSearchParams({ name, ...(version === null ? {} : { version }) });
  return `/api/console/prompts/version?${query}`;
}
