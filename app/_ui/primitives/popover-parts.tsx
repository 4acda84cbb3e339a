"use client";

import { Popover as Base } from "@base-ui/react/popover";
import type { ComponentProps } from "react";
import { cn } from "../cn.ts";
import { overlaySurface } from "./focus-ring.ts";
import { Adopted, usePopup } from "./popup.tsx";

export const PopoverTitle = Base.Title;

export interface PopoverContentProps extends ComponentProps<typeof Base.Popup> {
  side?: "top" | "right" | "bottom" | "left";
  align?: "start" | "center" | "end";
  /** What it stands beside, when that is not its trigger. */
  anchor?: ComponentProps<typeof Base.Positioner>["anchor"];
}

export function PopoverContent({
  className,
  side = "bottom",
  align = "start",
  anchor,
  ...rest
}: PopoverContentProps) {
  const popup = usePopup();
  return (
    <Base.Root open={popup.isOpen} onOpenChange={popup.setOpen}>
      {anchor === undefined ? (
        <Base.Trigger id={popup.id} render={<Adopted popup={popup} />} />
      ) : null}
      <Base.Portal>
        <Base.Positioner
          side={side}
          align={align}
          anchor={anchor}
          sideOffset={4}
          collisionPadding={8}
        >
          <Base.Popup
            className={cn(
              overlaySurface,
              "max-h-[var(--available-height)] max-w-[min(28rem,var(--available-width))] overflow-y-auto p-3 text-sm",
              className,
            )}
            {...rest}
          />
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
