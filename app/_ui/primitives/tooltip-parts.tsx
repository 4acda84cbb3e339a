"use client";

import { Tooltip as Base } from "@base-ui/react/tooltip";
import type { ReactNode } from "react";
import { Adopted, usePopup } from "./popup.tsx";

const REST_MS = 300;

export interface TooltipBubbleProps {
  content: ReactNode;
  side: "top" | "right" | "bottom" | "left";
}

export function TooltipBubble({ content, side }: TooltipBubbleProps) {
  const popup = usePopup();
  return (
    <Base.Root open={popup.isOpen} onOpenChange={popup.setOpen}>
      <Base.Trigger
        id={popup.id}
        delay={REST_MS}
        render={<Adopted popup={popup} onAsked={() => popup.setOpen(true)} />}
      />
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
