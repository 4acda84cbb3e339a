import type { ComponentProps } from "react";
import { cn } from "../cn.ts";

/** A grey stand-in of the final size: `<Skeleton className="h-8 w-40" />`. Appears after 150 ms. */
export function Skeleton({ className, ...rest }: ComponentProps<"div">) {
  return (
    <div
      aria-hidden
      className={cn(
        "animate-pulse rounded-md bg-muted opacity-100 transition-opacity delay-150 starting:opacity-0 motion-reduce:animate-none motion-reduce:transition-none",
        className,
      )}
      {...rest}
    />
  );
}
