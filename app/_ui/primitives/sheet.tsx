"use client";

import type { ComponentProps } from "react";
import { cn } from "../cn.ts";
import { deferred, fromFirstOpen } from "./deferred.tsx";

const { part } = deferred(() => import("./sheet-parts.tsx"));

/**
 * A panel from the right edge, over the whole screen below 640 px. `modal={false}` on `Sheet` and
 * `hasBackdrop={false}` on `SheetContent` make it a drawer beside a page that stays usable.
 *
 *     <Sheet open={open} onOpenChange={setOpen}>
 *       <SheetContent><SheetHeader><SheetTitle>Edit key</SheetTitle></SheetHeader><SheetBody>…</SheetBody></SheetContent>
 *     </Sheet>
 */
export const Sheet = fromFirstOpen(part("SheetRoot"));
export const SheetContent = part("SheetContent");
/** Title, description, and the closing cross. */
export const SheetHeader = part("SheetHeader");
export const SheetTitle = part("SheetTitle");
export const SheetDescription = part("SheetDescription");

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
