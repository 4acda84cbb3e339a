"use client";

import { Search } from "lucide-react";
import { useRef, useState } from "react";
import { Input } from "../../_ui/primitives/input.tsx";
import { useShortcut } from "../../_ui/shell/use-shortcut.ts";

export interface AuditSearchProps {
  /** What the address asks for. */
  text: string;
  onChange: (text: string) => void;
}

/** Finds events by anything that stands in them. */
export function AuditSearch({ text, onChange }: AuditSearchProps) {
  const [typed, setTyped] = useState({ asked: text, text });
  const box = useRef<HTMLInputElement>(null);
  useShortcut("/", () => box.current?.focus(), { label: "Search events", priority: 1 });
  // Going back, or clearing the filters, wins over what stands in the box.
  const shown = typed.asked === text ? typed.text : text;
  return (
    <search className="relative min-w-48 flex-1 sm:max-w-72">
      <Search
        aria-hidden
        className="pointer-events-none absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-muted-fg"
      />
      <Input
        ref={box}
        type="search"
        aria-label="Text in events"
        placeholder="Name, id or value"
        className="h-8 pl-8"
        maxLength={200}
        value={shown}
        onChange={({ target }) => {
          setTyped({ asked: target.value.trim(), text: target.value });
          onChange(target.value.trim());
        }}
      />
    </search>
  );
}
