"use client";

import { Toggle as BaseToggle } from "@base-ui/react/toggle";
import { ToggleGroup as BaseGroup } from "@base-ui/react/toggle-group";
import type { ReactNode } from "react";
import { cn } from "../cn.ts";
import { focusRing } from "./focus-ring.ts";

export interface ToggleOption<Value extends string> {
  value: Value;
  label: ReactNode;
  /** Needed when the label is an icon. */
  "aria-label"?: string;
}

export interface ToggleGroupProps<Value extends string> {
  "aria-label": string;
  options: readonly ToggleOption<Value>[];
  value: Value;
  onValueChange: (value: Value) => void;
  disabled?: boolean;
  className?: string;
}

/** One of a few, all visible: `<ToggleGroup aria-label="Group by" options={[…]} value={v} onValueChange={setV} />`. */
export function ToggleGroup<Value extends string>({
  options,
  value,
  onValueChange,
  className,
  ...rest
}: ToggleGroupProps<Value>) {
  return (
    <BaseGroup
      value={[value]}
      onValueChange={([next]) => {
        const chosen = options.find((option) => option.value === next);
        if (chosen !== undefined) {
          onValueChange(chosen.value);
        }
      }}
      className={cn(
        "inline-flex h-8 gap-0.5 rounded-md border border-input bg-bg p-0.5",
        className,
      )}
      {...rest}
    >
      {options.map((option) => (
        <BaseToggle
          key={option.value}
          value={option.value}
          aria-label={option["aria-label"]}
          className={cn(
            focusRing,
            "inline-flex min-w-6 cursor-pointer items-center justify-center gap-1 rounded-[4px] px-2 text-[13px] text-muted-fg hover:text-fg data-pressed:bg-muted data-pressed:font-medium data-pressed:text-fg [&_svg]:size-4",
          )}
        >
          {option.label}
        </BaseToggle>
      ))}
    </BaseGroup>
  );
}
