"use client";

import { Tooltip as Base } from "@base-ui/react/tooltip";
import type { ComponentProps, ReactElement, ReactNode } from "react";
import { cn } from "../cn.ts";

/** Stands once around the console, so that a second tooltip opens without a pause. */
export const TooltipProvider = Base.Provider;

export interface TooltipProps {
  /** What it says. It repeats or adds detail; nothing may be readable only here on touch screens. */
  content: ReactNode;
  /** The element it belongs to; must be focusable: `<Button>`, `<a>`, or `<TooltipText>`. */
  children: ReactElement<Record<string, unknown>>;
  side?: "top" | "right" | "bottom" | "left";
}

/** `<Tooltip content="$0.00421308"><TooltipText>$0.0042</TooltipText></Tooltip>` */
export function Tooltip({ content, children, side = "top" }: TooltipProps) {
  return (
    <Base.Root>
      <Base.Trigger render={children} />
      <Base.Portal>
        <Base.Positioner side={side} sideOffset={6} collisionPadding={8}>
          <Base.Popup className="max-w-80 break-words rounded-md bg-fg px-2 py-1 text-bg text-xs tabular-nums shadow-lg transition-opacity duration-100 data-ending-style:opacity-0 data-starting-style:opacity-0 motion-reduce:transition-none">
            {content}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

/** Text with a tooltip that the keyboard reaches too. */
export function TooltipText({ className, ...rest }: ComponentProps<"span">) {
  return (
    <span
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the tooltip has to open by keyboard too.
      tabIndex={0}
      className={cn(
        "cursor-default rounded-sm outline-none focus-visible:outline-2 focus-visible:outline-primary focus-visible:outline-offset-2",
        className,
      )}
      {...rest}
    />
  );
}
