"use client";

import { Progress as Base } from "@base-ui/react/progress";
import { cn } from "../cn.ts";

export interface ProgressProps {
  /** 0 to 100; `null` while it is unknown how much is left. */
  value: number | null;
  "aria-label": string;
  className?: string;
}

/** `<Progress aria-label="Deleting" value={40} />` */
export function Progress({ value, className, ...rest }: ProgressProps) {
  return (
    <Base.Root value={value} className={cn("w-full", className)} {...rest}>
      <Base.Track className="h-1.5 overflow-hidden rounded-full bg-muted">
        <Base.Indicator className="rounded-full bg-primary transition-[width] duration-150 data-indeterminate:w-1/3 data-indeterminate:animate-pulse motion-reduce:transition-none" />
      </Base.Track>
    </Base.Root>
  );
}
