"use client";

import { type RefObject, useSyncExternalStore } from "react";
import { Kbd } from "../kbd.tsx";
import { Dialog, DialogContent, DialogDescription, DialogTitle } from "../primitives/dialog.tsx";
import { usePreferences } from "../viewer-context.tsx";
import { type Shortcut, shortcutRegistry } from "./shortcut-registry.ts";

const NONE: readonly Shortcut[] = [];

/** Keys that overlays and fields hear themselves. */
const ALWAYS = [
  { keys: "Ctrl K", label: "Search pages and things" },
  { keys: "Esc", label: "Close what is on top" },
];

export interface ShortcutSheetProps {
  isOpen: boolean;
  /** What had the focus before, and gets it back. */
  opener: RefObject<HTMLElement | null>;
  onOpenChange: (isOpen: boolean) => void;
}

/** Every shortcut that works on the page at hand. */
export function ShortcutSheet({ isOpen, opener, onOpenChange }: ShortcutSheetProps) {
  const listed = useSyncExternalStore(
    shortcutRegistry.subscribe,
    shortcutRegistry.list,
    () => NONE,
  );
  const { shortcuts } = usePreferences().preferences;
  return (
    <Dialog open={isOpen} onOpenChange={onOpenChange}>
      <DialogContent finalFocus={opener}>
        <DialogTitle>Keyboard shortcuts</DialogTitle>
        <DialogDescription>
          {shortcuts
            ? "Single keys work outside of fields and dialogs. Your profile can turn them off."
            : "Single keys are turned off in your profile."}
        </DialogDescription>
        <dl className="grid grid-cols-1 gap-x-8 sm:grid-cols-2">
          {[...ALWAYS, ...(shortcuts ? listed : NONE)].map(({ keys, label }) => (
            <div
              key={keys}
              className="flex items-center justify-between gap-4 border-border border-b py-1.5"
            >
              <dt>{label}</dt>
              <dd className="flex shrink-0 gap-1">
                {keys.split(" ").map((key) => (
                  <Kbd key={key}>{key}</Kbd>
                ))}
              </dd>
            </div>
          ))}
        </dl>
      </DialogContent>
    </Dialog>
  );
}
