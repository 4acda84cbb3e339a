import type { ComponentProps } from "react";
import { cn } from "../cn.ts";

/** `<Label htmlFor={id}>Name</Label>` */
export function Label({ className, htmlFor, children, ...rest }: ComponentProps<"label">) {
  return (
    <label htmlFor={htmlFor} className={cn("font-medium text-fg text-sm", className)} {...rest}>
      {children}
    </label>
  );
}
