import type { ReactNode } from "react";
import { cn } from "./cn.ts";

export interface EmptyStateProps {
  /** What is missing: "No keys yet." */
  title: string;
  /** Why, and what will appear. */
  children?: ReactNode;
  /** The one thing to do about it. */
  action?: ReactNode;
  icon?: ReactNode;
  className?: string;
}

/** `<EmptyState title="No keys yet." action={<CreateKey />}>A key lets one app call the gateway.</EmptyState>` */
export function EmptyState({ title, children, action, icon, className }: EmptyStateProps) {
  return (
    <div
      className={cn(
        "flex flex-col items-center gap-2 rounded-lg border border-border border-dashed px-4 py-10 text-center",
        className,
      )}
    >
      {icon === undefined ? null : (
        <span aria-hidden className="text-muted-fg [&_svg]:size-6">
          {icon}
        </span>
      )}
      <p className="font-medium text-base">{title}</p>
      {children === undefined ? null : (
        <div className="max-w-prose text-muted-fg text-sm">{children}</div>
      )}
      {action === undefined ? null : <div className="mt-2">{action}</div>}
    </div>
  );
}
