"use client";

import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "../cn.ts";
import { buttonClass } from "./button.tsx";
import { backdropClass } from "./focus-ring.ts";

export const SheetRoot = Base.Root;

export interface SheetContentProps extends ComponentProps<typeof Base.Popup> {
  hasBackdrop?: boolean;
}

export function SheetContent({
  className,
  children,
  hasBackdrop = true,
  ...rest
}: SheetContentProps) {
  return (
    <Base.Portal>
      {hasBackdrop ? <Base.Backdrop className={backdropClass} /> : null}
      <Base.Popup
        className={cn(
          "fixed inset-y-0 right-0 flex h-dvh w-full flex-col border-border border-l bg-bg text-fg shadow-lg outline-none sm:w-[30rem] sm:max-w-[100vw]",
          "transition-[opacity,transform] duration-150 data-ending-style:translate-x-4 data-starting-style:translate-x-4 data-ending-style:opacity-0 data-starting-style:opacity-0 motion-reduce:transition-none",
          className,
        )}
        {...rest}
      >
        {children}
      </Base.Popup>
    </Base.Portal>
  );
}

/** Title, description, and the closing cross. */
export function SheetHeader({ className, children, ...rest }: ComponentProps<"div">) {
  return (
    <div
      className={cn("relative flex flex-col gap-1 border-border border-b p-4 pr-14", className)}
      {...rest}
    >
      {children}
      <Base.Close
        aria-label="Close"
        className={cn(
          buttonClass({ variant: "ghost", size: "icon-sm" }),
          "absolute top-3.5 right-3",
        )}
      >
        <X aria-hidden />
      </Base.Close>
    </div>
  );
}

export function SheetTitle({ className, ...rest }: ComponentProps<typeof Base.Title>) {
  return <Base.Title className={cn("font-semibold text-base", className)} {...rest} />;
}

export function SheetDescription({ className, ...rest }: ComponentProps<typeof Base.Description>) {
  return <Base.Description className={cn("text-muted-fg text-sm", className)} {...rest} />;
}
