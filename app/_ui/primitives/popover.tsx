"use client";

import { type ComponentProps, Suspense } from "react";
import { deferred } from "./deferred.tsx";
import {
  type PopupProps,
  PopupProvider,
  PopupTrigger,
  type PopupTriggerProps,
  usePopup,
} from "./popup.tsx";

const { load, part } = deferred(() => import("./popover-parts.tsx"));
const Content = part("PopoverContent");

/** `<Popover><PopoverTrigger render={<Button>3 models</Button>} /><PopoverContent>…</PopoverContent></Popover>` */
export function Popover(props: PopupProps) {
  return <PopupProvider {...props} load={load} />;
}

export function PopoverTrigger(props: PopupTriggerProps) {
  return <PopupTrigger kind="dialog" {...props} />;
}

/** Not there before somebody comes near the trigger. */
export function PopoverContent(props: ComponentProps<typeof Content>) {
  return usePopup().isUsed ? (
    <Suspense>
      <Content {...props} />
    </Suspense>
  ) : null;
}

export const PopoverTitle = part("PopoverTitle");
