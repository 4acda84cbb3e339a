"use client";

import { Command } from "cmdk";
import type { ReactNode } from "react";
import { cn } from "../cn.ts";
import { Kbd } from "../kbd.tsx";
import { optionRow } from "../primitives/focus-ring.ts";

export interface PaletteGroupProps {
  heading: string;
  children: readonly ReactNode[];
}

/** Lines of the palette under a heading; nothing when there are none. */
export function PaletteGroup({ heading, children }: PaletteGroupProps) {
  return children.length === 0 ? null : (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1.5 [&_[cmdk-group-heading]]:text-muted-fg [&_[cmdk-group-heading]]:text-xs"
    >
      {children}
    </Command.Group>
  );
}

export interface PaletteItemProps {
  /** What is searched; unique in the palette. */
  value: string;
  keys?: string | undefined;
  onSelect: () => void;
  children: ReactNode;
}

/** One line of the palette. */
export function PaletteItem({ value, keys, onSelect, children }: PaletteItemProps) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className={cn(
        optionRow,
        "justify-between data-[disabled=false]:opacity-100 data-[selected=true]:bg-muted",
      )}
    >
      <span className="flex min-w-0 items-center gap-2 truncate">{children}</span>
      {keys === undefined ? null : (
        <span className="flex gap-1">
          {keys.split(" ").map((key) => (
            <Kbd key={key}>{key}</Kbd>
          ))}
        </span>
      )}
    </Command.Item>
  );
}
