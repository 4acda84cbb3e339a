"use client";

import { type ReactNode, useId } from "react";
import { cn } from "./cn.ts";
import { Label } from "./primitives/label.tsx";

/** What a control needs to belong to its label, hint and error. Spread it: `<Input {...control} />`. */
export interface FieldControl {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
}

export interface FieldProps {
  label: ReactNode;
  /** The sentence of the server or the schema; shown under the control and read with it. */
  error?: string | undefined;
  /** Said before anything is wrong: units, what empty means. */
  hint?: ReactNode;
  isRequired?: boolean;
  className?: string;
  children: (control: FieldControl) => ReactNode;
}

/**
 *     <Field label="Name" isRequired error={form.errors.name} hint="1 to 80 characters">
 *       {(control) => <Input {...control} {...form.text("name")} />}
 *     </Field>
 */
export function Field({ label, error, hint, isRequired, className, children }: FieldProps) {
  const id = useId();
  const hasHint = hint !== undefined && hint !== null;
  const describedBy = [hasHint ? `${id}-hint` : "", error === undefined ? "" : `${id}-error`];
  const describedIds = describedBy.filter((each) => each !== "").join(" ");
  return (
    <div className={cn("flex min-w-0 flex-col gap-1.5", className)}>
      <Label htmlFor={id}>
        {label}
        {isRequired ? <span className="font-normal text-muted-fg"> (required)</span> : null}
      </Label>
      {children({
        id,
        "aria-describedby": describedIds === "" ? undefined : describedIds,
        "aria-invalid": error === undefined ? undefined : true,
      })}
      {hasHint ? (
        <p id={`${id}-hint`} className="text-muted-fg text-xs">
          {hint}
        </p>
      ) : null}
      <FieldError id={`${id}-error`} error={error} />
    </div>
  );
}

interface FieldErrorProps {
  id: string;
  error: string | undefined;
}

/** The sentence under a control; give the control `aria-describedby` with this id. */
export function FieldError({ id, error }: FieldErrorProps) {
  return error === undefined ? null : (
    <p id={id} className="text-danger text-xs">
      {sentence(error)}
    </p>
  );
}

/** The contract's messages complete the name of a field: "must be a number". Alone they begin it. */
function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
