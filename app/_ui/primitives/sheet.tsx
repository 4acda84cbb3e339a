"use client";

import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "../cn.ts";
import { buttonClass } from "./button.tsx";
import { backdropClass } from "./dialog.tsx";

/**
 * A panel from the right edge, over the whole screen below 640 px. `modal={false}` on `Sheet` and
 * `hasBackdrop={false}` on `SheetContent` make it a drawer beside a page that stays usable.
 *
 *     <Sheet open={open} onOpenChange={setOpen}>
 *       <SheetContent><SheetHeader><SheetTitle>Edit key</SheetTitle></SheetHeader><SheetBody>…</SheetBody></SheetContent>
 *     </Sheet>
 */
export const Sheet = Base.Root;
export const SheetTrigger = Base.Trigger;

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

export function SheetBody({ className, ...rest }: ComponentProps<"div">) {
  return (
    <div
      className={cn("min-h-0 flex-1 overflow-y-auto overscroll-contain p-4", className)}
      {...rest}
    />
  );
}

export function SheetFooter({ className, ...rest }: ComponentProps<"div">) {
  return (
    <div
      className={cn(
        "flex flex-wrap items-center justify-end gap-2 border-border border-t bg-surface p-4",
        className,
      )}
      {...rest}
    />
  );
}
