"use client";

import { Suspense } from "react";
import { cn } from "../cn.ts";
import { deferred } from "./deferred.tsx";
import { inputClass } from "./input.tsx";
import type { SelectProps } from "./select-parts.tsx";

const { part } = deferred(() => import("./select-parts.tsx"), { isAtOnce: true });
const Found = part("Select");

/** `<Select options={[{ value: "day", label: "Daily" }]} value={v} onValueChange={setV} />` */
export function Select<Value extends string>(props: SelectProps<Value>) {
  const { isCompact = false, className } = props;
  const place = cn(inputClass, "inline-flex", isCompact && "h-8 w-auto", className);
  return (
    <Suspense fallback={<span aria-hidden className={place} />}>
      <Found {...props} />
    </Suspense>
  );
}
