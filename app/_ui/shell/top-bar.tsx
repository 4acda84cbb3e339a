"use client";

import { Search } from "lucide-react";
import dynamic from "next/dynamic";
import { useEffect, useRef, useState } from "react";
import { Kbd } from "../kbd.tsx";
import { Button } from "../primitives/button.tsx";
import { AvatarMenu } from "./avatar-menu.tsx";
import { TeamSwitcher } from "./team-switcher.tsx";
import { useShortcut } from "./use-shortcut.ts";
import { Wordmark } from "./wordmark.tsx";

// Nobody needs these before a key or a button asks for them.
const CommandPalette = dynamic(() =>
  import("./command-palette.tsx").then((module) => module.CommandPalette),
);
const ShortcutSheet = dynamic(() =>
  import("./shortcut-sheet.tsx").then((module) => module.ShortcutSheet),
);

export interface TopBarProps {
  teams: readonly { id: string; name: string }[];
  signOut: (input: object) => Promise<unknown>;
}

type Overlay = "palette" | "shortcuts";

/** Team, search and account, above every page. */
export function TopBar({ teams, signOut }: TopBarProps) {
  const [overlay, setOverlay] = useState<Overlay | null>(null);
  // Mounted from the first use on, so that closing can be animated and the focus goes back.
  const [used, setUsed] = useState<readonly Overlay[]>([]);
  const opener = useRef<HTMLElement | null>(null);
  const open = (next: Overlay) => {
    // Keys open these too, so that there is no button that would know where the focus was.
    opener.current = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    setUsed((before) => (before.includes(next) ? before : [...before, next]));
    setOverlay(next);
  };
  useShortcut("?", () => open("shortcuts"), { label: "Show the keyboard shortcuts" });
  usePaletteKey(() => open("palette"));

  return (
    <header className="sticky top-0 z-10 flex h-12 items-center gap-2 border-border border-b bg-bg px-3 sm:px-4">
      <div className="md:hidden">
        <Wordmark isMarkOnly />
      </div>
      <TeamSwitcher teams={teams} />
      <div className="ml-auto flex items-center gap-2">
        <Button
          aria-keyshortcuts="Control+K Meta+K"
          onClick={() => open("palette")}
          className="text-muted-fg max-sm:size-8 max-sm:px-0 sm:w-56 sm:justify-start"
        >
          <Search aria-hidden />
          <span className="max-sm:sr-only">Search</span>
          <span aria-hidden className="ml-auto max-sm:hidden">
            <Kbd>Ctrl K</Kbd>
          </span>
        </Button>
        <AvatarMenu signOut={signOut} onShowShortcuts={() => open("shortcuts")} />
      </div>
      {used.includes("palette") ? (
        <CommandPalette
          isOpen={overlay === "palette"}
          opener={opener}
          onOpenChange={(isOpen) => setOverlay(isOpen ? "palette" : null)}
        />
      ) : null}
      {used.includes("shortcuts") ? (
        <ShortcutSheet
          isOpen={overlay === "shortcuts"}
          opener={opener}
          onOpenChange={(isOpen) => setOverlay(isOpen ? "shortcuts" : null)}
        />
      ) : null}
    </header>
  );
}

/** Ctrl K, or Cmd K, opens the palette from anywhere, also from within a field. */
function usePaletteKey(open: () => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        open();
      }
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  });
}
