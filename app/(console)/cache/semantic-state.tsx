import { TriangleAlert } from "lucide-react";
import type { SemanticView } from "#lib/contract/cache-console.ts";

export interface SemanticStateProps {
  semantic: SemanticView;
}

/** Why questions are not matched by meaning though that is turned on; nothing while they are. */
export function SemanticState({ semantic }: SemanticStateProps) {
  if (semantic.state === "waiting") {
    return (
      <p role="status" className="rounded-lg border border-border bg-surface px-4 py-3 text-sm">
        Semantic matching is on and begins with the next question.
      </p>
    );
  }
  if (semantic.state !== "unavailable") {
    return null;
  }
  return (
    <p
      role="status"
      className="flex items-start gap-2 rounded-lg border border-border bg-chip-warning-bg px-4 py-3 text-chip-warning-fg text-sm"
    >
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span className="min-w-0 break-words">
        Semantic matching is turned on and does not work. {semantic.reason}
      </span>
    </p>
  );
}
