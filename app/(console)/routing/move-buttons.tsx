"use client";

import { ArrowDown, ArrowUp, Trash2 } from "lucide-react";
import { Button } from "../../_ui/primitives/button.tsx";

interface MoveButtonsProps {
  /** Whose place it is, for "Move gpt-main up". */
  name: string;
  at: number;
  count: number;
  onMove: (to: number) => void;
  onRemove: () => void;
}

/** Up, down and away, by pointer and by keyboard alike. A button at the end stays and does nothing. */
export function MoveButtons({ name, at, count, onMove, onRemove }: MoveButtonsProps) {
  const move = (to: number) => (to < 0 || to >= count ? undefined : onMove(to));
  return (
    <span className="inline-flex items-center">
      <Button
        size="icon-sm"
        variant="ghost"
        aria-label={`Move ${name} up`}
        aria-disabled={at === 0}
        onClick={() => move(at - 1)}
      >
        <ArrowUp aria-hidden />
      </Button>
      <Button
        size="icon-sm"
        variant="ghost"
        aria-label={`Move ${name} down`}
        aria-disabled={at === count - 1}
        onClick={() => move(at + 1)}
      >
        <ArrowDown aria-hidden />
      </Button>
      <Button size="icon-sm" variant="ghost" aria-label={`Remove ${name}`} onClick={onRemove}>
        <Trash2 aria-hidden />
      </Button>
    </span>
  );
}
