"use client";

import { Slider as Base } from "@base-ui/react/slider";
import { cn } from "../cn.ts";

export interface SliderProps {
  value: number;
  onValueChange: (value: number) => void;
  /** Called once the thumb is let go. */
  onValueCommitted?: (value: number) => void;
  min: number;
  max: number;
  step?: number;
  disabled?: boolean;
  className?: string;
  "aria-label": string;
}

/** `<Slider aria-label="Temperature" min={0} max={2} step={0.1} value={t} onValueChange={setT} />` */
export function Slider({
  value,
  onValueChange,
  onValueCommitted,
  step = 1,
  className,
  disabled = false,
  "aria-label": label,
  ...range
}: SliderProps) {
  return (
    <Base.Root
      value={value}
      step={step}
      disabled={disabled}
      onValueChange={(next) => onValueChange(next)}
      onValueCommitted={(next) => onValueCommitted?.(next)}
      className={cn("w-full", className)}
      {...range}
    >
      <Base.Control className="flex touch-none select-none items-center py-2.5">
        <Base.Track className="h-1 w-full rounded-full bg-input">
          <Base.Indicator className="rounded-full bg-primary" />
          <Base.Thumb
            aria-label={label}
            className="size-4 rounded-full border-2 border-primary bg-bg before:absolute before:-inset-1.5 before:content-[''] has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-primary has-[:focus-visible]:outline-offset-2"
          />
        </Base.Track>
      </Base.Control>
    </Base.Root>
  );
}
