"use client";

import { Radio as BaseRadio } from "@base-ui/react/radio";
import { RadioGroup as BaseGroup } from "@base-ui/react/radio-group";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "../cn.ts";
import { focusRing } from "./focus-ring.ts";

/** `<RadioGroup value={v} onValueChange={setV} aria-labelledby={id}><RadioOption value="a" label="A" /></RadioGroup>` */
export function RadioGroup<Value>({ className, ...rest }: ComponentProps<typeof BaseGroup<Value>>) {
  return <BaseGroup className={cn("flex flex-col items-start gap-2", className)} {...rest} />;
}

function Radio({ className, ...rest }: ComponentProps<typeof BaseRadio.Root>) {
  return (
    <BaseRadio.Root
      className={cn(
        focusRing,
        "relative inline-flex size-4 shrink-0 items-center justify-center rounded-full border border-input bg-bg before:absolute before:-inset-1 before:content-['']",
        "data-checked:border-primary data-disabled:opacity-50",
        className,
      )}
      {...rest}
    >
      <BaseRadio.Indicator className="size-2 rounded-full bg-primary data-unchecked:hidden" />
    </BaseRadio.Root>
  );
}

export interface RadioOptionProps extends ComponentProps<typeof BaseRadio.Root> {
  label: ReactNode;
  /** A second, smaller line: what the choice means. */
  hint?: ReactNode;
}

/** A radio button with its words, inside a `RadioGroup`. */
export function RadioOption({ label, hint, ...rest }: RadioOptionProps) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the Radio inside.
    <label className="flex min-h-6 cursor-pointer items-start gap-2 text-sm">
      <Radio className="mt-0.5" {...rest} />
      <span className="flex min-w-0 flex-col">
        {label}
        {hint === undefined ? null : <span className="text-muted-fg text-xs">{hint}</span>}
      </span>
    </label>
  );
}
