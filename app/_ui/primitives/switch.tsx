"use client";

import { Switch as Base } from "@base-ui/react/switch";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "../cn.ts";
import { focusRing } from "./focus-ring.ts";

/** Acts at once, unlike a checkbox in a form: `<Switch checked={on} onCheckedChange={setOn} aria-label="Active" />`. */
export function Switch({ className, ...rest }: ComponentProps<typeof Base.Root>) {
  return (
    <Base.Root
      className={cn(
        focusRing,
        "relative inline-flex h-5 w-9 shrink-0 cursor-pointer items-center rounded-full border border-input bg-muted p-px transition-colors duration-100 before:absolute before:-inset-1 before:content-[''] motion-reduce:transition-none",
        "data-checked:border-primary data-checked:bg-primary data-disabled:cursor-not-allowed data-disabled:opacity-50",
        className,
      )}
      {...rest}
    >
      <Base.Thumb className="size-4 rounded-full bg-muted-fg transition-transform duration-100 data-checked:translate-x-4 data-checked:bg-on-primary motion-reduce:transition-none" />
    </Base.Root>
  );
}

export interface SwitchOptionProps extends ComponentProps<typeof Base.Root> {
  label: ReactNode;
  hint?: ReactNode;
}

/** `<SwitchOption label="Single-key shortcuts" checked={on} onCheckedChange={setOn} />` */
export function SwitchOption({ label, hint, ...rest }: SwitchOptionProps) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the Switch inside.
    <label className="flex min-h-6 cursor-pointer items-start gap-3 text-sm">
      <Switch {...rest} />
      <span className="flex min-w-0 flex-col">
        {label}
        {hint === undefined ? null : <span className="text-muted-fg text-xs">{hint}</span>}
      </span>
    </label>
  );
}
