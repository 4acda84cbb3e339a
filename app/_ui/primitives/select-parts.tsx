"use client";

import { Select as Base } from "@base-ui/react/select";
import { Check, ChevronsUpDown } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "../cn.ts";
import { optionRow, overlaySurface } from "./focus-ring.ts";
import { inputClass } from "./input.tsx";

export interface SelectOption<Value extends string> {
  value: Value;
  label: string;
  /** A second line: what the choice means. */
  hint?: string;
  disabled?: boolean;
}

export interface SelectProps<Value extends string> {
  options: readonly SelectOption<Value>[];
  value: Value | null;
  onValueChange: (value: Value) => void;
  id?: string;
  name?: string;
  placeholder?: string;
  disabled?: boolean;
  required?: boolean;
  className?: string;
  /** 32 px high instead of 36: toolbars, not forms. */
  isCompact?: boolean;
  icon?: ReactNode;
  "aria-label"?: string;
  "aria-labelledby"?: string;
  "aria-describedby"?: string | undefined;
  "aria-invalid"?: boolean | undefined;
}

/** `<Select options={[{ value: "day", label: "Daily" }]} value={v} onValueChange={setV} />` */
export function Select<Value extends string>({
  options,
  value,
  onValueChange,
  placeholder = "Choose",
  className,
  isCompact = false,
  icon,
  id,
  name,
  disabled,
  required,
  ...aria
}: SelectProps<Value>) {
  return (
    <Base.Root
      items={options}
      value={value}
      onValueChange={(next) => {
        if (next !== null) {
          onValueChange(next);
        }
      }}
      {...(name === undefined ? {} : { name })}
      {...(disabled === undefined ? {} : { disabled })}
      {...(required === undefined ? {} : { required })}
    >
      <Base.Trigger
        id={id}
        className={cn(
          inputClass,
          "inline-flex cursor-pointer select-none items-center justify-between gap-2 text-left hover:bg-muted",
          isCompact && "h-8 w-auto",
          className,
        )}
        {...aria}
      >
        {icon}
        <Base.Value className="min-w-0 flex-1 truncate data-placeholder:text-muted-fg">
          {(current: Value | null) =>
            options.find((option) => option.value === current)?.label ?? placeholder
          }
        </Base.Value>
        <Base.Icon>
          <ChevronsUpDown aria-hidden className="size-4 text-muted-fg" />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner
          className="select-none outline-none"
          sideOffset={4}
          alignItemWithTrigger={false}
        >
          <Base.Popup className={cn(overlaySurface, "min-w-[var(--anchor-width)]")}>
            <Base.List className="max-h-[min(22rem,var(--available-height))] overflow-y-auto p-1">
              {options.map((option) => (
                <Base.Item
                  key={option.value}
                  value={option.value}
                  disabled={option.disabled ?? false}
                  className={optionRow}
                >
                  <span className="flex size-4 shrink-0 items-center">
                    <Base.ItemIndicator>
                      <Check aria-hidden className="size-4 text-primary" />
                    </Base.ItemIndicator>
                  </span>
                  <span className="flex min-w-0 flex-col">
                    <Base.ItemText>{option.label}</Base.ItemText>
                    {option.hint === undefined ? null : (
                      <span className="text-muted-fg text-xs">{option.hint}</span>
                    )}
                  </span>
                </Base.Item>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
