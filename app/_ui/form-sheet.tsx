"use client";

import { type ReactNode, useId, useState } from "react";
import { ActionForm } from "./action-form.tsx";
import { DiscardDialog } from "./discard-dialog.tsx";
import { Button } from "./primitives/button.tsx";
import {
  Sheet,
  SheetBody,
  SheetContent,
  SheetDescription,
  SheetFooter,
  SheetHeader,
  SheetTitle,
} from "./primitives/sheet.tsx";
import type { ActionForm as Form, FormValues } from "./use-action-form.ts";

export interface FormSheetProps<Values extends FormValues> {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  title: string;
  description?: ReactNode;
  /** The verb: "Create key". */
  submitLabel: string;
  form: Form<Values>;
  /** Names of fields, for the list of problems. */
  labels?: Readonly<Record<string, string>>;
  className?: string;
  children: ReactNode;
}

/**
 * Create and edit, in a panel from the right. Closing it asks first when something was typed; call
 * `onOpenChange(false)` yourself in the form's `onDone`.
 */
export function FormSheet<Values extends FormValues>({
  isOpen,
  onOpenChange,
  title,
  description,
  submitLabel,
  form,
  labels = {},
  className,
  children,
}: FormSheetProps<Values>) {
  const id = useId();
  const [isLeaving, setLeaving] = useState(false);

  function changeOpen(open: boolean) {
    if (!open && form.isDirty) {
      setLeaving(true);
      return;
    }
    onOpenChange(open);
  }

  function discard() {
    setLeaving(false);
    form.reset();
    onOpenChange(false);
  }

  return (
    <Sheet open={isOpen} onOpenChange={changeOpen}>
      <SheetContent className={className} initialFocus={() => firstField(id)}>
        <SheetHeader>
          <SheetTitle>{title}</SheetTitle>
          {description === undefined ? null : <SheetDescription>{description}</SheetDescription>}
        </SheetHeader>
        <SheetBody>
          <ActionForm form={form} id={id} labels={labels}>
            {children}
          </ActionForm>
        </SheetBody>
        <SheetFooter>
          <Button onClick={() => changeOpen(false)}>Cancel</Button>
          <Button type="submit" form={id} variant="primary" isPending={form.isPending}>
            {submitLabel}
          </Button>
        </SheetFooter>
      </SheetContent>
      <DiscardDialog isOpen={isLeaving} onKeep={() => setLeaving(false)} onDiscard={discard} />
    </Sheet>
  );
}

/** Typing can begin at once; a form without fields leaves the focus to the panel. */
function firstField(formId: string): HTMLElement | true {
  const form = document.getElementById(formId);
  return form?.querySelector<HTMLElement>("input:not([type=hidden]), textarea, button") ?? true;
}
