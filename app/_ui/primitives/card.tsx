import type { ComponentProps } from "react";
import { cn } from "../cn.ts";

/** `<Card><CardHeader><CardTitle>Spend</CardTitle></CardHeader><CardBody>…</CardBody></Card>` */
export function Card({ className, ...rest }: ComponentProps<"section">) {
  return (
    <section
      className={cn("@container min-w-0 rounded-lg border border-border bg-bg", className)}
      {...rest}
    />
  );
}

/** Title to the left, actions to the right; wraps when narrow. */
export function CardHeader({ className, ...rest }: ComponentProps<"div">) {
  return (
    <div
      className={cn(
        "flex flex-wrap items-center justify-between gap-x-4 gap-y-1 px-4 pt-4",
        className,
      )}
      {...rest}
    />
  );
}

export function CardTitle({ className, ...rest }: ComponentProps<"h2">) {
  return <h2 className={cn("font-medium text-base text-fg", className)} {...rest} />;
}

export function CardDescription({ className, ...rest }: ComponentProps<"p">) {
  return <p className={cn("w-full text-muted-fg text-sm", className)} {...rest} />;
}

export function CardBody({ className, ...rest }: ComponentProps<"div">) {
  return <div className={cn("p-4", className)} {...rest} />;
}
