"use client";

import { type ReactNode, useId } from "react";
import { cn } from "./cn.ts";
import { FieldError } from "./field.tsx";

export interface FieldsetProps {
  legend: ReactNode;
  hint?: ReactNode;
  error?: string | undefined;
  className?: string;
  children: ReactNode;
}

/** Several controls that answer one question: `<Fieldset legend="Teams">…checkboxes…</Fieldset>`. */
export function Fieldset({ legend, hint, error, className, children }: FieldsetProps) {
  const id = useId();
  const describedBy = error === undefined ? undefined : `${id}-error`;
  return (
    <fieldset
      className={cn("flex min-w-0 flex-col gap-2", className)}
      aria-describedby={describedBy}
    >
      <legend className="mb-1.5 font-medium text-sm">{legend}</legend>
      {hint === undefined ? null : <p className="-mt-1 text-muted-fg text-xs">{hint}</p>}
      {children}
      <FieldError id={`${id}-error`} error={error} />
    </fieldset>
  );
}
