"use client";

import { Menu as Base } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "../cn.ts";
import { optionRow, overlaySurface } from "./focus-ring.ts";
import { Adopted, usePopup } from "./popup.tsx";

export const MenuGroup = Base.Group;
export const MenuRadioGroup = Base.RadioGroup;

export interface MenuContentProps extends ComponentProps<typeof Base.Popup> {
  side?: "top" | "right" | "bottom" | "left";
  align?: "start" | "center" | "end";
}

export function MenuContent({
  className,
  side = "bottom",
  align = "end",
  ...rest
}: MenuContentProps) {
  const popup = usePopup();
  return (
    <Base.Root open={popup.isOpen} onOpenChange={popup.setOpen}>
      <Base.Trigger id={popup.id} render={<Adopted popup={popup} />} />
      <Base.Portal>
        <Base.Positioner
          className="outline-none"
          side={side}
          align={align}
          sideOffset={4}
          collisionPadding={8}
        >
          <Base.Popup
            className={cn(
              overlaySurface,
              "max-h-[var(--available-height)] min-w-44 overflow-y-auto p-1",
              className,
            )}
            {...rest}
          />
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

export interface MenuItemProps extends ComponentProps<typeof Base.Item> {
  isDanger?: boolean;
}

export function MenuItem({ className, isDanger = false, ...rest }: MenuItemProps) {
  return (
    <Base.Item
      className={cn(
        optionRow,
        "[&_svg]:size-4 [&_svg]:text-muted-fg",
        isDanger && "text-danger [&_svg]:text-danger",
        className,
      )}
      {...rest}
    />
  );
}

/** A menu line that goes somewhere: `<MenuLink render={<Link href="/keys" />}>Keys</MenuLink>`. */
export function MenuLink({ className, ...rest }: ComponentProps<typeof Base.LinkItem>) {
  return (
    <Base.LinkItem
      className={cn(optionRow, "[&_svg]:size-4 [&_svg]:text-muted-fg", className)}
      {...rest}
    />
  );
}

export function MenuLabel({ className, ...rest }: ComponentProps<typeof Base.GroupLabel>) {
  return (
    <Base.GroupLabel
      className={cn("px-2 py-1.5 font-medium text-muted-fg text-xs", className)}
      {...rest}
    />
  );
}

export function MenuSeparator({ className, ...rest }: ComponentProps<typeof Base.Separator>) {
  return <Base.Separator className={cn("-mx-1 my-1 h-px bg-border", className)} {...rest} />;
}

interface TickProps {
  children: ReactNode;
}

function Tick({ children }: TickProps) {
  return <span className="flex size-4 shrink-0 items-center text-primary">{children}</span>;
}

export function MenuCheckboxItem({
  className,
  children,
  ...rest
}: ComponentProps<typeof Base.CheckboxItem>) {
  return (
    <Base.CheckboxItem className={cn(optionRow, className)} {...rest}>
      <Tick>
        <Base.CheckboxItemIndicator>
          <Check aria-hidden className="size-4" />
        </Base.CheckboxItemIndicator>
      </Tick>
      {children}
    </Base.CheckboxItem>
  );
}

export function MenuRadioItem({
  className,
  children,
  ...rest
}: ComponentProps<typeof Base.RadioItem>) {
  return (
    <Base.RadioItem className={cn(optionRow, className)} {...rest}>
      <Tick>
        <Base.RadioItemIndicator>
          <Check aria-hidden className="size-4" />
        </Base.RadioItemIndicator>
      </Tick>
      {children}
    </Base.RadioItem>
  );
}
