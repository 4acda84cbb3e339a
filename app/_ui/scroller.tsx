import type { ComponentProps } from "react";
import { cn } from "./cn.ts";

export interface ScrollerProps extends ComponentProps<"section"> {
  /** What is inside, for those who cannot see where the scrolling begins. */
  label: string;
}

/**
 * What is wider or higher than its place: it scrolls inside itself, by keyboard too, and keeps
 * hidden words that are positioned out of sight inside of it. `<Scroller label="Usage by group">`
 */
export function Scroller({ label, className, ...rest }: ScrollerProps) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to scroll by keyboard.
      tabIndex={0}
      className={cn("relative min-w-0 overflow-auto", className)}
      {...rest}
    />
  );
}
