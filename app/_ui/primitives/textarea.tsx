import type { ComponentProps } from "react";
import { cn } from "../cn.ts";
import { inputClass } from "./input.tsx";

/** `<Textarea name="note" rows={3} />`, inside a `Field`. */
export function Textarea({ className, rows = 4, ...rest }: ComponentProps<"textarea">) {
  return <textarea rows={rows} className={cn(inputClass, "h-auto py-2", className)} {...rest} />;
}
