import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "./cn.ts";

const chipClass = cva(
  "inline-flex h-6 max-w-full items-center gap-1 whitespace-nowrap rounded-full px-2 font-medium text-xs [&_svg]:size-3.5 [&_svg]:shrink-0",
  {
    variants: {
      tone: {
        success: "bg-chip-success-bg text-chip-success-fg",
        warning: "bg-chip-warning-bg text-chip-warning-fg",
        danger: "bg-chip-danger-bg text-chip-danger-fg",
        info: "bg-chip-info-bg text-chip-info-fg",
        neutral: "bg-chip-neutral-bg text-chip-neutral-fg",
      },
    },
    defaultVariants: { tone: "neutral" },
  },
);

export interface ChipProps extends ComponentProps<"span">, VariantProps<typeof chipClass> {
  /** A sign beside the word; colour is never the only difference. */
  icon?: ReactNode;
}

/** `<Chip tone="warning" icon={<Clock />}>Expires soon</Chip>` */
export function Chip({ tone, icon, className, children, ...rest }: ChipProps) {
  return (
    <span className={cn(chipClass({ tone }), className)} {...rest}>
      {icon}
      <span className="truncate">{children}</span>
    </span>
  );
}
