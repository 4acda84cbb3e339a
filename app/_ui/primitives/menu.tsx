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

const { load, part } = deferred(() => import("./menu-parts.tsx"));
const Content = part("MenuContent");

/**
 *     <Menu>
 *       <MenuTrigger render={<Button size="icon" aria-label="More actions">…</Button>} />
 *       <MenuContent><MenuItem onClick={…}>Rotate</MenuItem><MenuItem isDanger>Revoke</MenuItem></MenuContent>
 *     </Menu>
 *
 * A menu closes before the dialog that one of its items opens.
 */
export function Menu(props: PopupProps) {
  return <PopupProvider {...props} load={load} />;
}

export function MenuTrigger(props: PopupTriggerProps) {
  return <PopupTrigger kind="menu" {...props} />;
}

/** Not there before somebody comes near the trigger. */
export function MenuContent(props: ComponentProps<typeof Content>) {
  return usePopup().isUsed ? (
    <Suspense>
      <Content {...props} />
    </Suspense>
  ) : null;
}

export const MenuGroup = part("MenuGroup");
export const MenuRadioGroup = part("MenuRadioGroup");
export const MenuItem = part("MenuItem");
export const MenuLink = part("MenuLink");
export const MenuLabel = part("MenuLabel");
export const MenuSeparator = part("MenuSeparator");
export const MenuCheckboxItem = part("MenuCheckboxItem");
export const MenuRadioItem = part("MenuRadioItem");
