"use client";

import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "../cn.ts";
import { buttonClass } from "./button.tsx";
import { backdropClass, overlaySurface } from "./focus-ring.ts";

export const DialogRoot = Base.Root;
export const DialogClose = Base.Close;

export interface DialogContentProps extends ComponentProps<typeof Base.Popup> {
  /** Leave out the cross in the corner, for dialogs that must be answered. */
  hasClose?: boolean;
}

export function DialogContent({
  className,
  children,
  hasClose = true,
  ...rest
}: DialogContentProps) {
  return (
    <Base.Portal>
      <Base.Backdrop className={backdropClass} />
      <Base.Viewport className="fixed inset-0 flex items-end justify-center overflow-y-auto p-0 sm:items-center sm:p-4">
        <Base.Popup
          className={cn(
            overlaySurface,
            "relative flex max-h-dvh w-full flex-col gap-4 overflow-y-auto p-5 sm:max-h-[calc(100dvh-2rem)] sm:max-w-lg",
            className,
          )}
          {...rest}
        >
          {children}
          {hasClose ? (
            <Base.Close
              aria-label="Close"
              className={cn(
                buttonClass({ variant: "ghost", size: "icon-sm" }),
                "absolute top-3 right-3",
              )}
            >
              <X aria-hidden />
            </Base.Close>
          ) : null}
        </Base.Popup>
      </Base.Viewport>
    </Base.Portal>
  );
}

export function DialogTitle({ className, ...rest }: ComponentProps<typeof Base.Title>) {
  return <Base.Title className={cn("pr-8 font-semibold text-base", className)} {...rest} />;
}

export function DialogDescription({ className, ...rest }: ComponentProps<typeof Base.Description>) {
  return <Base.Description className={cn("text-muted-fg text-sm", className)} {...rest} />;
}
