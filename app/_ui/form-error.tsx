import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";

export interface FormErrorProps {
  /** The sentence; nothing is shown without one. */
  children: ReactNode;
}

/** What is wrong with a form as a whole. It is read out when it appears. */
export function FormError({ children }: FormErrorProps) {
  return (
    <div role="alert" className="empty:hidden">
      {children === null || children === undefined || children === "" ? null : (
        <p className="flex items-start gap-2 rounded-md border border-danger/40 px-3 py-2 text-danger text-sm">
          <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
          <span className="min-w-0 break-words">{children}</span>
        </p>
      )}
    </div>
  );
}
