import type { ReactNode } from "react";
import { cn } from "./cn.ts";

export interface PageBodyProps {
  /** Tables that take the whole width: logs, usage, playground. */
  isWide?: boolean;
  children: ReactNode;
}

/** A page's own place in the frame, with its margins: `<PageBody><PageHeader … />…</PageBody>`. */
export function PageBody({ isWide = false, children }: PageBodyProps) {
  return (
    <div
      className={cn(
        "mx-auto flex w-full min-w-0 flex-col gap-6 px-4 py-6 md:px-6",
        !isWide && "max-w-[80rem]",
      )}
    >
      {children}
    </div>
  );
}
