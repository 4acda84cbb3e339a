"use client";

import { useEffect, useEffectEvent } from "react";
import { Button } from "./primitives/button.tsx";

export interface DirtyBarProps {
  isDirty: boolean;
  isPending: boolean;
  onDiscard: () => void;
  /** Saves in another way than by submitting the form around it. */
  onSave?: () => void;
}

/** Stands at the bottom of a section while it has changes; leaving the page asks first. */
export function DirtyBar({ isDirty, isPending, onDiscard, onSave }: DirtyBarProps) {
  useLeaveGuard(isDirty);
  if (!isDirty && !isPending) {
    return null;
  }
  return (
    <section
      aria-label="Unsaved changes"
      className="sticky bottom-16 z-10 flex flex-wrap items-center justify-between gap-2 rounded-lg border border-border bg-surface px-4 py-3 shadow-lg md:bottom-4"
    >
      <p role="status" className="text-sm">
        Unsaved changes
      </p>
      <div className="flex gap-2">
        <Button onClick={onDiscard} disabled={isPending}>
          Discard
        </Button>
        {onSave === undefined ? (
          <Button type="submit" variant="primary" isPending={isPending}>
            Save
          </Button>
        ) : (
          <Button variant="primary" isPending={isPending} onClick={onSave}>
            Save
          </Button>
        )}
      </div>
    </section>
  );
}

function useLeaveGuard(isDirty: boolean): void {
  const guard = useEffectEvent((event: BeforeUnloadEvent) => event.preventDefault());
  useEffect(() => {
    if (!isDirty) {
      return;
    }
    const listener = (event: BeforeUnloadEvent) => guard(event);
    window.addEventListener("beforeunload", listener);
    return () => window.removeEventListener("beforeunload", listener);
  }, [isDirty]);
}
