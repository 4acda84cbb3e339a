"use client";

import { Toaster } from "sonner";

/** Where messages appear that pass by themselves; read out politely. */
export function Toasts() {
  return (
    <Toaster
      position="bottom-right"
      duration={8000}
      gap={8}
      mobileOffset={{ bottom: 72 }}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            "flex w-[min(22rem,calc(100vw-2rem))] items-center gap-3 rounded-lg border border-border bg-bg p-3 font-sans text-fg text-sm shadow-lg",
          content: "min-w-0 flex-1",
          title: "break-words",
          description: "text-muted-fg",
          error: "border-danger",
          icon: "text-muted-fg",
          actionButton:
            "shrink-0 cursor-pointer rounded-md border border-input px-2 py-1 font-medium hover:bg-muted",
          closeButton: "shrink-0",
        },
      }}
    />
  );
}
