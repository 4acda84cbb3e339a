"use client";

import { useEffect, useEffectEvent } from "react";
import { shortcutRegistry } from "./shortcut-registry.ts";

export interface ShortcutOptions {
  /** What it does, for the list of shortcuts; starts with a verb. */
  label: string;
  /** Of several that want a key the highest gets it; 0 unless told. A drawer takes 10. */
  priority?: number;
  /** False while there is nothing to do. */
  isEnabled?: boolean;
}

/**
 * Runs `handler` when a key is pressed outside of fields and dialogs:
 * `useShortcut("r", refresh, { label: "Refresh" })`; `g l` is two keys in a row.
 */
export function useShortcut(
  keys: string,
  handler: () => void,
  { label, priority = 0, isEnabled = true }: ShortcutOptions,
): void {
  const run = useEffectEvent(handler);
  useEffect(() => {
    if (!isEnabled) {
      return;
    }
    return shortcutRegistry.add({ keys, label, priority, run: () => run() });
  }, [keys, label, priority, isEnabled]);
}
