"use client";

import {
  CopyPlus,
  Ellipsis,
  FlaskConical,
  Pause,
  Pencil,
  Play,
  RotateCcw,
  Trash2,
} from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import type { DeploymentInfo } from "#lib/contract/deployment.ts";
import { Button } from "../../_ui/primitives/button.tsx";
import {
  Menu,
  MenuContent,
  MenuItem,
  MenuLink,
  MenuSeparator,
  MenuTrigger,
} from "../../_ui/primitives/menu.tsx";
import {
  Sheet,
  SheetBody,
  SheetContent,
  SheetDescription,
  SheetHeader,
  SheetTitle,
} from "../../_ui/primitives/sheet.tsx";
import { ConnectionTest } from "./connection-test.tsx";
import { DeleteDialog } from "./delete-dialog.tsx";
import { DrainDialog } from "./drain-dialog.tsx";
import { ResetDialog } from "./reset-dialog.tsx";

export interface RowMenuProps {
  deployment: DeploymentInfo;
  /** Where to go once it is deleted; the list stays where it is. */
  leaveTo?: "/models";
}

type Asked = "test" | "drain" | "reset" | "delete" | null;

/** What can be done with a deployment beside editing it. */
export function RowMenu({ deployment, leaveTo }: RowMenuProps) {
  const router = useRouter();
  const [asked, setAsked] = useState<Asked>(null);
  const { id, name, is_active: isActive } = deployment;
  const dialog = (which: Asked) => ({
    deployment,
    isOpen: asked === which,
    onOpenChange: (isOpen: boolean) => setAsked(isOpen ? which : null),
  });
  return (
    <>
      <Menu>
        <MenuTrigger
          render={
            <Button size="icon-sm" variant="ghost" aria-label={`Actions for ${name}`}>
              <Ellipsis aria-hidden />
            </Button>
          }
        />
        <MenuContent>
          <MenuItem onClick={() => setAsked("test")}>
            <FlaskConical aria-hidden /> Test connection
          </MenuItem>
          <MenuLink render={<Link href={`/models/${id}?tab=config`} />}>
            <Pencil aria-hidden /> Edit
          </MenuLink>
          <MenuLink render={<Link href={`/models/new?from=${id}`} />}>
            <CopyPlus aria-hidden /> Duplicate
          </MenuLink>
          <MenuSeparator />
          <MenuItem onClick={() => setAsked("drain")}>
            {isActive ? <Pause aria-hidden /> : <Play aria-hidden />}
            {isActive ? "Drain" : "Take requests again"}
          </MenuItem>
          <MenuItem onClick={() => setAsked("reset")}>
            <RotateCcw aria-hidden /> Reset circuit
          </MenuItem>
          <MenuSeparator />
          <MenuItem isDanger onClick={() => setAsked("delete")}>
            <Trash2 aria-hidden /> Delete
          </MenuItem>
        </MenuContent>
      </Menu>
      <Sheet open={asked === "test"} onOpenChange={dialog("test").onOpenChange}>
        <SheetContent>
          <SheetHeader>
            <SheetTitle>Test {name}</SheetTitle>
            <SheetDescription>One tiny call, by the code that serves requests.</SheetDescription>
          </SheetHeader>
          <SheetBody>
            <ConnectionTest input={() => ({ id })} runsAtOnce onResult={() => router.refresh()} />
          </SheetBody>
        </SheetContent>
      </Sheet>
      <DrainDialog {...dialog("drain")} />
      <ResetDialog {...dialog("reset")} />
      <DeleteDialog {...dialog("delete")} leaveTo={leaveTo} />
    </>
  );
}
