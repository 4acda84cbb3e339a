"use client";

import { X } from "lucide-react";
import { cn } from "./cn.ts";
import { focusRing } from "./primitives/focus-ring.ts";

export interface FilterChipProps {
  /** What it filters, in words: "Model: not gpt-5.2". */
  text: string;
  /** `ignored` is what the address asks for and the page cannot do. */
  tone?: "filter" | "ignored";
  onRemove: () => void;
}

/** A filter that is set, and the way to take it off. */
export function FilterChip({ text, tone = "filter", onRemove }: FilterChipProps) {
  return (
    <span
      className={cn(
        "inline-flex h-7 max-w-full items-center rounded-full pl-2.5 text-13",
        tone === "filter"
          ? "bg-chip-neutral-bg text-chip-neutral-fg"
          : "bg-chip-warning-bg text-chip-warning-fg",
      )}
    >
      <span className="truncate">{text}</span>
      <button
        type="button"
        aria-label={`Remove ${text}`}
        onClick={onRemove}
        className={cn(focusRing, "flex size-7 shrink-0 items-center justify-center rounded-full")}
      >
        <X aria-hidden className="size-3.5" />
      </button>
    </span>
  );
}
