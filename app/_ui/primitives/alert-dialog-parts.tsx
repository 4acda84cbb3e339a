"use client";

import { AlertDialog as Base } from "@base-ui/react/alert-dialog";
import type { ComponentProps } from "react";
import { cn } from "../cn.ts";
import { backdropClass, overlaySurface } from "./focus-ring.ts";

export const AlertDialogRoot = Base.Root;

export function AlertDialogContent({ className, ...rest }: ComponentProps<typeof Base.Popup>) {
  return (
    <Base.Portal>
      <Base.Backdrop className={backdropClass} />
      <Base.Viewport className="fixed inset-0 flex items-end justify-center overflow-y-auto sm:items-center sm:p-4">
        <Base.Popup
          className={cn(
            overlaySurface,
            "flex max-h-dvh w-full flex-col gap-4 overflow-y-auto p-5 sm:max-w-md",
            className,
          )}
          {...rest}
        />
      </Base.Viewport>
    </Base.Portal>
  );
}

export function AlertDialogTitle({ className, ...rest }: ComponentProps<typeof Base.Title>) {
  return <Base.Title className={cn("font-semibold text-base", className)} {...rest} />;
}

export function AlertDialogDescription({
  className,
  ...rest
}: ComponentProps<typeof Base.Description>) {
  return <Base.Description className={cn("text-muted-fg text-sm", className)} {...rest} />;
}
