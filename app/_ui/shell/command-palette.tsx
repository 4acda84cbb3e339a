"use client";

import { Command } from "cmdk";
import type { Route } from "next";
import { useRouter, useSearchParams } from "next/navigation";
import { type RefObject, useState } from "react";
import { Dialog, DialogContent, DialogTitle } from "../primitives/dialog.tsx";
import { useViewer } from "../viewer-context.tsx";
import { carriedHref } from "./carried-query.ts";
import { jumpTargetOf } from "./jump-target.ts";
import { navFor } from "./nav.ts";
import { PaletteEntities } from "./palette-entities.tsx";
import { PaletteGroup, PaletteItem } from "./palette-parts.tsx";
import { readRecent, rememberRecent } from "./recent-pages.ts";
import { shortcutRegistry } from "./shortcut-registry.ts";

export interface CommandPaletteProps {
  isOpen: boolean;
  /** What had the focus before, and gets it back. */
  opener: RefObject<HTMLElement | null>;
  onOpenChange: (isOpen: boolean) => void;
}

/** Goes anywhere by typing: pages, what was opened before, a pasted request id, actions of the page. */
export function CommandPalette({ isOpen, opener, onOpenChange }: CommandPaletteProps) {
  return (
    <Dialog open={isOpen} onOpenChange={onOpenChange}>
      <DialogContent
        finalFocus={opener}
        hasClose={false}
        className="gap-0 self-start p-0 sm:mt-[12vh]"
      >
        <DialogTitle className="sr-only">Search</DialogTitle>
        <PaletteBody close={() => onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  );
}

interface PaletteBodyProps {
  close: () => void;
}

function PaletteBody({ close }: PaletteBodyProps) {
  const { role } = useViewer();
  const router = useRouter();
  const query = useSearchParams();
  const [text, setText] = useState("");
  // Read once, as the palette opens: what it lists must not change while one looks for it.
  const [recent] = useState(readRecent);
  const [actions] = useState(() =>
    shortcutRegistry.list().filter(({ keys }) => !keys.startsWith("g ")),
  );
  const target = jumpTargetOf(text);

  const open = (entry: { label: string; href: string }) => {
    rememberRecent(entry);
    close();
    // Addresses of our own tables; the types of routes know only literal ones.
    router.push(entry.href as Route);
  };

  return (
    <Command label="Search" loop>
      <Command.Input
        value={text}
        onValueChange={setText}
        placeholder="Go to a page, or paste a request id or key"
        className="h-12 w-full border-border border-b bg-transparent px-4 text-base outline-none"
      />
      <Command.List className="max-h-[min(24rem,60dvh)] overflow-y-auto overscroll-contain p-1">
        <Command.Empty className="px-3 py-6 text-center text-muted-fg text-sm">
          Nothing is called that. A request is found by its id, a key by its first characters.
        </Command.Empty>
        {target === undefined ? null : (
          <PaletteItem value={text} onSelect={() => open(target)}>
            {target.label}
          </PaletteItem>
        )}
        <PaletteGroup heading="Recent">
          {recent.map((entry) => (
            <PaletteItem
              key={entry.href}
              value={`recent ${entry.label}`}
              onSelect={() => open(entry)}
            >
              {entry.label}
            </PaletteItem>
          ))}
        </PaletteGroup>
        <PaletteGroup heading="Pages">
          {navFor(role).map((row) => (
            <PaletteItem
              key={row.href}
              value={`${row.group} ${row.label}`}
              keys={row.key === undefined ? undefined : `g ${row.key}`}
              onSelect={() =>
                open({ label: row.label, href: carriedHref(row, new URLSearchParams(query)) })
              }
            >
              <row.icon aria-hidden className="size-4 text-muted-fg" />
              {row.label}
            </PaletteItem>
          ))}
        </PaletteGroup>
        <PaletteEntities text={text} onOpen={open} />
        <PaletteGroup heading="Actions">
          {actions.map((action) => (
            <PaletteItem
              key={action.keys}
              value={`action ${action.label}`}
              keys={action.keys}
              onSelect={() => {
                close();
                // The palette has to be gone first, for the action may open something itself.
                setTimeout(action.run, 0);
              }}
            >
              {action.label}
            </PaletteItem>
          ))}
        </PaletteGroup>
      </Command.List>
    </Command>
  );
}
