"use client";

import { MoreHorizontal } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import type { PersonInfo } from "#lib/contract/people.ts";
import { Button } from "../../_ui/primitives/button.tsx";
import {
  Menu,
  MenuContent,
  MenuItem,
  MenuSeparator,
  MenuTrigger,
} from "../../_ui/primitives/menu.tsx";
import { RemoveDialog } from "./remove-dialog.tsx";
import { ResetLinkDialog } from "./reset-link-dialog.tsx";
import { RoleDialog } from "./role-dialog.tsx";
import { SuspendDialog } from "./suspend-dialog.tsx";

export interface PersonMenuProps {
  person: PersonInfo;
  isSelf: boolean;
}

type Verb = "role" | "suspend" | "reset" | "remove";

/** What an administrator may do about one person. */
export function PersonMenu({ person, isSelf }: PersonMenuProps) {
  const router = useRouter();
  const [verb, setVerb] = useState<Verb | null>(null);
  const isGone = person.status === "removed";
  const isOut = isGone || person.status === "suspended";
  const dialog = {
    person,
    onOpenChange: (isOpen: boolean) => (isOpen ? undefined : setVerb(null)),
    onDone: () => router.refresh(),
  };
  return (
    <>
      <Menu>
        <MenuTrigger
          render={
            <Button variant="ghost" size="icon-sm" aria-label={`Actions for ${person.email}`} />
          }
        >
          <MoreHorizontal aria-hidden />
        </MenuTrigger>
        <MenuContent>
          <MenuItem onClick={() => setVerb("role")} disabled={isGone}>
            {person.role === "admin" ? "Make a member" : "Make an admin"}
          </MenuItem>
          <MenuItem onClick={() => setVerb("reset")} disabled={isOut}>
            Make a password link
          </MenuItem>
          <MenuSeparator />
          <MenuItem onClick={() => setVerb("suspend")} disabled={isSelf}>
            {isOut ? "Lift the suspension" : "Suspend"}
          </MenuItem>
          <MenuItem isDanger onClick={() => setVerb("remove")} disabled={isSelf || isGone}>
            Remove
          </MenuItem>
        </MenuContent>
      </Menu>
      <RoleDialog isOpen={verb === "role"} {...dialog} />
      <SuspendDialog isOpen={verb === "suspend"} {...dialog} />
      <RemoveDialog isOpen={verb === "remove"} {...dialog} />
      <ResetLinkDialog isOpen={verb === "reset"} {...dialog} />
    </>
  );
}
