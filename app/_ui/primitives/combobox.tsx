"use client";

import { Suspense } from "react";
import { cn } from "../cn.ts";
import type { ComboboxProps, MultiComboboxProps } from "./combobox-parts.tsx";
import { deferred } from "./deferred.tsx";
import { inputClass } from "./input.tsx";

const { part } = deferred(() => import("./combobox-parts.tsx"), { isAtOnce: true });
const One = part("Combobox");
const Several = part("MultiCombobox");

/** A choice among many, found by typing: `<Combobox options={zones} value={zone} onValueChange={setZone} />`. */
export function Combobox(props: ComboboxProps) {
  return (
    <Suspense fallback={<Place className={props.className} />}>
      <One {...props} />
    </Suspense>
  );
}

/** Several of many, shown as chips: `<MultiCombobox options={models} values={v} onValuesChange={setV} />`. */
export function MultiCombobox(props: MultiComboboxProps) {
  return (
    <Suspense fallback={<Place className={props.className} />}>
      <Several {...props} />
    </Suspense>
  );
}

interface PlaceProps {
  className: string | undefined;
}

/** As high as the box that comes. */
function Place({ className }: PlaceProps) {
  return <div aria-hidden className={cn(inputClass, className)} />;
}
