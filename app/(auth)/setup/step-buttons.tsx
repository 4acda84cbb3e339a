"use client";

import type { ReactNode } from "react";
import { Button } from "../../_ui/primitives/button.tsx";

export interface StepButtonsProps {
  onBack: () => void;
  submitLabel: string;
  isPending: boolean;
  /** Beside them: skip. */
  children?: ReactNode;
}

/** Back to the left, on to the right. */
export function StepButtons({ onBack, submitLabel, isPending, children }: StepButtonsProps) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-2">
      <Button size="lg" onClick={onBack}>
        Back
      </Button>
      <span className="flex flex-wrap gap-2">
        {children}
        <Button type="submit" variant="primary" size="lg" isPending={isPending}>
          {submitLabel}
        </Button>
      </span>
    </div>
  );
}
