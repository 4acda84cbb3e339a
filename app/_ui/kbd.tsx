import type { ReactNode } from "react";

export interface KbdProps {
  children: ReactNode;
}

/** A key one presses: `<Kbd>G</Kbd>`. */
export function Kbd({ children }: KbdProps) {
  return (
    <kbd className="inline-flex h-5 min-w-5 items-center justify-center rounded-[4px] border border-border bg-surface px-1 font-sans text-muted-fg text-xs">
      {children}
    </kbd>
  );
}
