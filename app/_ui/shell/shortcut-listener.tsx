"use client";

import type { Route } from "next";
import { useRouter, useSearchParams } from "next/navigation";
import { useEffect } from "react";
import { usePreferences, useViewer } from "../viewer-context.tsx";
import { carriedHref } from "./carried-query.ts";
import { navFor } from "./nav.ts";
import { shortcutRegistry } from "./shortcut-registry.ts";

/** What has the keys for itself while it is open, unless it lets them through. */
const COVERS = '[role="dialog"],[role="alertdialog"],[role="menu"],[role="listbox"]';
const LETS_THROUGH = '[data-shortcuts="on"]';

/** Hears the keys of this tab and runs their shortcuts; adds those that open a page. */
export function ShortcutListener() {
  const { role } = useViewer();
  const { shortcuts } = usePreferences().preferences;
  const router = useRouter();
  const query = useSearchParams();

  useEffect(() => {
    const removals = navFor(role).flatMap((row) =>
      row.key === undefined
        ? []
        : shortcutRegistry.add({
            keys: `g ${row.key}`,
            label: `Go to ${row.label.toLowerCase()}`,
            priority: 0,
            // Addresses of the table of pages; the types of routes know only literal ones.
            run: () => router.push(carriedHref(row, new URLSearchParams(query)) as Route),
          }),
    );
    return () => {
      for (const remove of removals) {
        remove();
      }
    };
  }, [role, router, query]);

  useEffect(() => {
    if (!shortcuts) {
      return;
    }
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || event.repeat) {
        return;
      }
      const found = shortcutRegistry.press({
        key: event.key.length === 1 ? event.key.toLowerCase() : event.key,
        hasModifier: event.ctrlKey || event.metaKey || event.altKey,
        isTyping: isTyping(event.target),
        isCovered: isCovered(),
        atMs: event.timeStamp,
      });
      if (found !== undefined) {
        event.preventDefault();
        found.run();
      }
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [shortcuts]);

  return null;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.closest("input, textarea, select, [role=textbox]") !== null)
  );
}

function isCovered(): boolean {
  return [...document.querySelectorAll(COVERS)].some(
    (layer) => layer.closest(LETS_THROUGH) === null && layer.checkVisibility(),
  );
}
