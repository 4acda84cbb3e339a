import type { ComponentProps } from "react";
import { cn } from "../cn.ts";
import { fieldFocusRing } from "./focus-ring.ts";

/** How every box one types into looks. */
export const inputClass = cn(
  fieldFocusRing,
  "h-9 w-full min-w-0 rounded-md border border-input bg-bg px-2.5 text-fg text-sm placeholder:text-muted-fg any-pointer-coarse:text-base",
  "disabled:cursor-not-allowed disabled:opacity-50 [&[readonly]]:bg-surface aria-invalid:border-danger aria-invalid:outline-danger",
);

/** `<Input name="email" type="email" autoComplete="username" />`, inside a `Field`. */
export function Input({ className, type = "text", ...rest }: ComponentProps<"input">) {
  return <input type={type} className={cn(inputClass, className)} {...rest} />;
}
