"use client";

import type { ComponentProps } from "react";
import { cn } from "../cn.ts";
import { deferred, fromFirstOpen } from "./deferred.tsx";

const { part } = deferred(() => import("./dialog-parts.tsx"));

/**
 * A small modal window: at most three fields, or a message. Bigger forms go into a `Sheet`.
 *
 *     <Dialog open={open} onOpenChange={setOpen}>
 *       <DialogContent><DialogTitle>Rename key</DialogTitle>…<DialogFooter>…</DialogFooter></DialogContent>
 *     </Dialog>
 */
export const Dialog = fromFirstOpen(part("DialogRoot"));
export const DialogClose = part("DialogClose");
export const DialogContent = part("DialogContent");
export const DialogTitle = part("DialogTitle");
export const DialogDescription = part("DialogDescription");

export function DialogFooter({ className, ...rest }: ComponentProps<"div">) {
  return (
    <div
      className={cn("flex flex-col-reverse gap-2 sm:flex-row sm:justify-end", className)}
      {...rest}
    />
  );
}
