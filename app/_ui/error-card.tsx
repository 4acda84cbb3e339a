"use client";

import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { CopyButton } from "./copy-button.tsx";
import { Button } from "./primitives/button.tsx";

export interface ErrorCardProps {
  /** What failed, plainly: "Could not load spend." */
  title: string;
  /** What still works, or what to try: "Other cards are unaffected." */
  children?: ReactNode;
  /** Names the error in the server's log. */
  errorId?: string | undefined;
  onRetry?: () => void;
  isRetrying?: boolean;
}

/** One failed part of a page, never the whole page: `<ErrorCard title="Could not load spend." errorId={id} onRetry={retry} />`. */
export function ErrorCard({
  title,
  children,
  errorId,
  onRetry,
  isRetrying = false,
}: ErrorCardProps) {
  return (
    <div
      role="alert"
      className="flex flex-col items-start gap-2 rounded-lg border border-border bg-surface p-4 text-sm"
    >
      <p className="flex items-center gap-2 font-medium">
        <CircleAlert aria-hidden className="size-4 shrink-0 text-danger" />
        {title}
      </p>
      {children === undefined ? null : <div className="text-muted-fg">{children}</div>}
      <div className="flex flex-wrap items-center gap-3">
        {onRetry === undefined ? null : (
          <Button onClick={onRetry} isPending={isRetrying}>
            Retry
          </Button>
        )}
        {errorId === undefined ? null : (
          <span className="flex items-center gap-1 text-muted-fg text-xs">
            Error id <code className="break-all font-mono">{errorId}</code>
            <CopyButton text={errorId} what="error id" />
          </span>
        )}
      </div>
    </div>
  );
}
