"use client";

import {
  type ComponentProps,
  cloneElement,
  type FocusEvent,
  type ReactElement,
  type ReactNode,
  Suspense,
} from "react";
import { cn } from "../cn.ts";
import { deferred } from "./deferred.tsx";
import { handlersOf, type PopupHandlers, PopupProvider, usePopup } from "./popup.tsx";

const { load, part } = deferred(() => import("./tooltip-parts.tsx"));
const TooltipBubble = part("TooltipBubble");

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
    <PopupProvider load={load}>
      <TooltipTrigger>{children}</TooltipTrigger>
      <Bubble content={content} side={side} />
    </PopupProvider>
  );
}

function Bubble(props: ComponentProps<typeof TooltipBubble>) {
  return usePopup().isUsed ? (
    <Suspense>
      <TooltipBubble {...props} />
    </Suspense>
  ) : null;
}

function TooltipTrigger({ children }: Pick<TooltipProps, "children">) {
  const popup = usePopup();
  const own = children.props as PopupHandlers;
  const { isAsked } = popup;
  // Until the library is here, what it will want to know: whether somebody still looks.
  const looks: PopupHandlers = {
    ...own,
    onMouseEnter: (event) => {
      own["onMouseEnter"]?.(event);
      isAsked.current = true;
    },
    onFocus: (event) => {
      own["onFocus"]?.(event);
      isAsked.current = (event as FocusEvent).target.matches(":focus-visible");
    },
    onMouseLeave: (event) => {
      own["onMouseLeave"]?.(event);
      isAsked.current = false;
    },
    onBlur: (event) => {
      own["onBlur"]?.(event);
      isAsked.current = false;
    },
  };
  return cloneElement(children, {
    ...handlersOf(popup, looks),
    id: popup.id,
    ref: popup.element,
  });
}

/** Text with a tooltip that the keyboard reaches too. */
export function TooltipText({ className, ...rest }: ComponentProps<"span">) {
  return (
    <span
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the tooltip has to open by keyboard too.
      tabIndex={0}
      className={cn(
        "cursor-default rounded-sm focus-visible:outline-2 focus-visible:outline-primary focus-visible:outline-offset-2",
        className,
      )}
      {...rest}
    />
  );
}
