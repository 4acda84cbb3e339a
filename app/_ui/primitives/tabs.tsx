"use client";

import { Tabs as Base } from "@base-ui/react/tabs";
import type { ComponentProps } from "react";
import { cn } from "../cn.ts";
import { focusRing } from "./focus-ring.ts";

/** How a tab looks, also for tabs that are links to `?tab=` (those carry `aria-current="page"`). */
export const tabClass = cn(
  focusRing,
  "-mb-px inline-flex h-9 shrink-0 cursor-pointer items-center gap-1.5 whitespace-nowrap rounded-t-md border-transparent border-b-2 px-3 text-muted-fg text-sm hover:text-fg",
  "data-active:border-primary data-active:font-medium data-active:text-fg aria-[current=page]:border-primary aria-[current=page]:font-medium aria-[current=page]:text-fg",
);

/** The row that tabs stand in; it scrolls sideways inside itself. */
export const tabListClass = "flex gap-1 overflow-x-auto border-border border-b pb-px";

/** `<Tabs defaultValue="a"><TabList><Tab value="a">A</Tab></TabList><TabPanel value="a">…</TabPanel></Tabs>` */
export function Tabs({ className, ...rest }: ComponentProps<typeof Base.Root>) {
  return <Base.Root className={cn("flex min-w-0 flex-col gap-3", className)} {...rest} />;
}

export function TabList({ className, ...rest }: ComponentProps<typeof Base.List>) {
  return <Base.List className={cn(tabListClass, className)} {...rest} />;
}

export function Tab({ className, ...rest }: ComponentProps<typeof Base.Tab>) {
  return <Base.Tab className={cn(tabClass, className)} {...rest} />;
}

export function TabPanel({ className, ...rest }: ComponentProps<typeof Base.Panel>) {
  return <Base.Panel className={cn(focusRing, "min-w-0 rounded-md", className)} {...rest} />;
}
