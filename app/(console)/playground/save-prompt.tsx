"use client";

import Link from "next/link";
import { toast } from "sonner";
import type { ActionResult } from "#lib/contract/action-result.ts";
import type { PromptInfo, PromptVersionInfo } from "#lib/contract/prompt.ts";
import { ActionForm } from "../../_ui/action-form.tsx";
import { EntityCombobox } from "../../_ui/entity-combobox.tsx";
import { Field } from "../../_ui/field.tsx";
import { Button } from "../../_ui/primitives/button.tsx";
import { CheckboxOption } from "../../_ui/primitives/checkbox.tsx";
import {
  Dialog,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogTitle,
} from "../../_ui/primitives/dialog.tsx";
import { Input } from "../../_ui/primitives/input.tsx";
import { ToggleGroup } from "../../_ui/primitives/toggle-group.tsx";
import { useActionForm } from "../../_ui/use-action-form.ts";
import { saveAsPrompt, saveAsVersion } from "./actions.ts";
import type { Panel, Playground } from "./playground-state.ts";
import { promptOf } from "./prompt-content.ts";

export interface SavePromptProps {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  state: Playground;
  /** Whose conversation is saved. */
  panel: Panel;
}

const LABELS = { name: "Name", note: "What changed", messages: "Messages" };

/** What a panel would ask, kept as a managed prompt. */
export function SavePrompt({ isOpen, onOpenChange, state, panel }: SavePromptProps) {
  return (
    <Dialog open={isOpen} onOpenChange={onOpenChange}>
      <DialogContent className="sm:max-w-xl">
        <DialogTitle>Save as a prompt</DialogTitle>
        <DialogDescription>
          The system prompt, the history and the typed message of the panel for {panel.model}.
        </DialogDescription>
        {isOpen ? (
          <SaveForm state={state} panel={panel} onClose={() => onOpenChange(false)} />
        ) : null}
      </DialogContent>
    </Dialog>
  );
}

interface SaveFormProps extends Pick<SavePromptProps, "state" | "panel"> {
  onClose: () => void;
}

function SaveForm({ state, panel, onClose }: SaveFormProps) {
  const form = useActionForm({
    name: "save-as-prompt",
    action: async (input: unknown): Promise<ActionResult<PromptInfo | PromptVersionInfo>> =>
      form.values.isNew ? await saveAsPrompt(input) : await saveAsVersion(input),
    initial: { isNew: true, name: "", note: "", isTemplate: false },
    toInput: ({ isNew, name, note, isTemplate }) => ({
      name: name.trim(),
      messages: promptOf(state, panel, { isTemplate }),
      model_hint: panel.model === "" ? null : panel.model,
      ...(isNew && note.trim() === "" ? {} : { note }),
      ...(isNew ? { labels: ["production"] } : {}),
    }),
    onDone: (_, { name }) => {
      onClose();
      toast(
        <Link href={`/prompts/${encodeURIComponent(name.trim())}`} className="underline">
          {name.trim()} is saved
        </Link>,
      );
    },
  });
  const { isNew, isTemplate, name } = form.values;
  const hasBraces = promptOf(state, panel, { isTemplate: true }).some(({ content }) =>
    content.includes("{{"),
  );
  return (
    <ActionForm form={form} labels={LABELS}>
      <ToggleGroup
        aria-label="Save as"
        options={[
          { value: "new", label: "New prompt" },
          { value: "version", label: "New version" },
        ]}
        value={isNew ? "new" : "version"}
        onValueChange={(value) => {
          form.set("isNew", value === "new");
          form.set("name", "");
        }}
      />
      <Field
        label={isNew ? "Name" : "Prompt"}
        isRequired
        error={form.errors["name"]}
        hint={isNew ? "Folders are written with /. It gets the label production." : undefined}
      >
        {(control) =>
          isNew ? (
            <Input {...control} autoComplete="off" {...form.text("name")} />
          ) : (
            <EntityCombobox
              {...control}
              type="prompt"
              value={name === "" ? null : name}
              onValueChange={(id) => form.set("name", id ?? "")}
            />
          )
        }
      </Field>
      <Field label="What changed" isRequired={!isNew} error={form.errors["note"]}>
        {(control) => (
          <Input {...control} maxLength={500} autoComplete="off" {...form.text("note")} />
        )}
      </Field>
      {hasBraces ? (
        <CheckboxOption
          label="Read {{name}} as a variable"
          hint="Otherwise the braces stay text."
          checked={isTemplate}
          onCheckedChange={(checked) => form.set("isTemplate", checked)}
        />
      ) : null}
      <DialogFooter>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" isPending={form.isPending}>
          Save
        </Button>
      </DialogFooter>
    </ActionForm>
  );
}
