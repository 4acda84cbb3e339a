"use client";

import { Ellipsis } from "lucide-react";
import type { Route } from "next";
import Link from "next/link";
import { Button } from "../../_ui/primitives/button.tsx";
import {
  Menu,
  MenuContent,
  MenuItem,
  MenuLink,
  MenuSeparator,
  MenuTrigger,
} from "../../_ui/primitives/menu.tsx";
import type { KeyVerb } from "./use-key-verbs.tsx";

export interface KeyMenuProps {
  keyId: string;
  name: string;
  isActive: boolean;
  isRevoked: boolean;
  onVerb: (verb: KeyVerb) => void;
}

/** What can be done with one key of the list. */
export function KeyMenu({ keyId, name, isActive, isRevoked, onVerb }: KeyMenuProps) {
  return (
    <Menu>
      <MenuTrigger
        render={<Button variant="ghost" size="icon-sm" aria-label={`Actions for ${name}`} />}
      >
        <Ellipsis aria-hidden />
      </MenuTrigger>
      <MenuContent>
        <MenuLink render={<Link href={`/keys/${keyId}` as Route} />}>Open</MenuLink>
        <MenuLink render={<Link href={`/logs?key=${keyId}` as Route} />}>View logs</MenuLink>
        {isRevoked ? null : (
          <>
            <MenuItem onClick={() => onVerb("rotate")}>Rotate</MenuItem>
            <MenuItem onClick={() => onVerb(isActive ? "disable" : "enable")}>
              {isActive ? "Disable" : "Enable"}
            </MenuItem>
            <MenuSeparator />
            <MenuItem isDanger onClick={() => onVerb("revoke")}>
              Revoke
            </MenuItem>
          </>
        )}
      </MenuContent>
    </Menu>
  );
}
