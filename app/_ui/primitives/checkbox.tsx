"use client";

import { Checkbox as Base } from "@base-ui/react/checkbox";
import { Check, Minus } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "../cn.ts";
import { focusRing } from "./focus-ring.ts";

/** The box alone, for tables: `<Checkbox aria-label="Select Billing" … />`. In forms `CheckboxOption`. Target is 24 px. */
function Checkbox({ className, ...rest }: ComponentProps<typeof Base.Root>) {
  return (
    <Base.Root
      className={cn(
        focusRing,
        "relative inline-flex size-4 shrink-0 items-center justify-center rounded-[4px] border border-input bg-bg text-on-primary before:absolute before:-inset-1 before:content-['']",
        "data-checked:border-primary data-checked:bg-primary data-indeterminate:border-primary data-indeterminate:bg-primary data-disabled:opacity-50 aria-invalid:border-danger",
        className,
      )}
      {...rest}
    >
      <Base.Indicator
        className="flex data-unchecked:hidden"
        render={(props, state) => (
          <span {...props}>
            {state.indeterminate ? (
              <Minus aria-hidden className="size-3" strokeWidth={3} />
            ) : (
              <Check aria-hidden className="size-3" strokeWidth={3} />
            )}
          </span>
        )}
      />
    </Base.Root>
  );
}

export interface CheckboxOptionProps extends ComponentProps<typeof Base.Root> {
  label: ReactNode;
  /** A second, smaller line. */
  hint?: ReactNode;
}

/** `<CheckboxOption label="Include future models" checked={on} onCheckedChange={setOn} />` */
export function CheckboxOption({ label, hint, ...rest }: CheckboxOptionProps) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the Checkbox inside.
    <label className="flex min-h-6 cursor-pointer items-start gap-2 text-sm">
      <Checkbox className="mt-0.5" {...rest} />
      <span className="flex min-w-0 flex-col">
        {label}
        {hint === undefined ? null : <span className="text-muted-fg text-xs">{hint}</span>}
      </span>
    </label>
  );
}
