"use client";

import { deferred, fromFirstOpen } from "./deferred.tsx";

const { part } = deferred(() => import("./alert-dialog-parts.tsx"));

/** A question that must be answered; a press outside does not close it. Use `ConfirmDialog` in pages. */
export const AlertDialog = fromFirstOpen(part("AlertDialogRoot"));
export const AlertDialogContent = part("AlertDialogContent");
export const AlertDialogTitle = part("AlertDialogTitle");
export const AlertDialogDescription = part("AlertDialogDescription");
