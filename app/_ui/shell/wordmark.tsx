import Link from "next/link";
import { cn } from "../cn.ts";
import { focusRing } from "../primitives/focus-ring.ts";

export interface WordmarkProps {
  isMarkOnly?: boolean;
}

/** The product's name; leads to the first page. */
export function Wordmark({ isMarkOnly = false }: WordmarkProps) {
  return (
    <Link
      href="/"
      className={cn(focusRing, "flex items-center gap-2 rounded-md p-1 font-semibold text-base")}
    >
      <svg aria-hidden="true" viewBox="0 0 20 20" className="size-5 shrink-0 text-primary">
        <path
          d="M2 6h5a3 3 0 0 1 3 3v2a3 3 0 0 0 3 3h5M2 14h5a3 3 0 0 0 3-3V9a3 3 0 0 1 3-3h5"
          fill="none"
          stroke="currentColor"
          strokeWidth="2"
          strokeLinecap="round"
        />
      </svg>
      <span className={cn("max-xl:sr-only", isMarkOnly && "sr-only")}>Conduit</span>
    </Link>
  );
}
