import { TriangleAlert } from "lucide-react";

export interface DegradedBarProps {
  /** What does not work now and what that means, one sentence each. */
  problems: readonly string[];
}

/** What everybody has to know about the state of the install. */
export function DegradedBar({ problems }: DegradedBarProps) {
  return problems.length === 0 ? null : (
    <div
      role="status"
      className="flex items-start gap-2 bg-chip-warning-bg px-4 py-2 text-chip-warning-fg text-sm"
    >
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
      <p>{problems.join(" ")}</p>
    </div>
  );
}
