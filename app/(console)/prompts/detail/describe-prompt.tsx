"use client";

import { useRouter } from "next/navigation";
import { toast } from "sonner";
import type { PromptInfo } from "#lib/contract/prompt.ts";
import { Field } from "../../../_ui/field.tsx";
import { FormSheet } from "../../../_ui/form-sheet.tsx";
import { Textarea } from "../../../_ui/primitives/textarea.tsx";
import { useActionForm } from "../../../_ui/use-action-form.ts";
import { describePrompt } from "../actions.ts";

export interface DescribePromptProps {
  prompt: PromptInfo;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}

/** What a prompt is for: the only thing about it that can be edited in place. */
export function DescribePrompt({ prompt, isOpen, onOpenChange }: DescribePromptProps) {
  const router = useRouter();
  const form = useActionForm({
    name: `prompt-description-${prompt.id}`,
    action: describePrompt,
    initial: { description: prompt.description ?? "" },
    toInput: ({ description }) => ({
      name: prompt.name,
      description: description.trim() === "" ? null : description.trim(),
    }),
    onDone: () => {
      onOpenChange(false);
      toast("The description is saved");
      router.refresh();
    },
  });
  return (
    <FormSheet
      form={form}
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title="Edit description"
      submitLabel="Save"
    >
      <Field label="Description" hint="What it is for." error={form.errors["description"]}>
        {(control) => (
          <Textarea {...control} rows={4} maxLength={1000} {...form.text("description")} />
        )}
      </Field>
    </FormSheet>
  );
}
