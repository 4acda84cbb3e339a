"use client";

import { BookOpen, Keyboard, LogOut, UserRound } from "lucide-react";
import Link from "next/link";
import { useTransition } from "react";
import { THEMES, type Theme } from "#lib/contract/preferences.ts";
import { withBasePath } from "../base-path.ts";
import { Button } from "../primitives/button.tsx";
import {
  Menu,
  MenuContent,
  MenuGroup,
  MenuItem,
  MenuLabel,
  MenuLink,
  MenuRadioGroup,
  MenuRadioItem,
  MenuSeparator,
  MenuTrigger,
} from "../primitives/menu.tsx";
import { usePreferences, useViewer } from "../viewer-context.tsx";
import { DOCUMENTS } from "./nav.ts";
import { applyTheme } from "./theme.ts";

const THEME_LABELS: Readonly<Record<Theme, string>> = {
  system: "As the system",
  light: "Light",
  dark: "Dark",
};

export interface AvatarMenuProps {
  /** Ends the session and leads to the sign-in page. */
  signOut: (input: object) => Promise<unknown>;
  onShowShortcuts: () => void;
}

/** What concerns the person and not a page: theme, profile, documents, the way out. */
export function AvatarMenu({ signOut, onShowShortcuts }: AvatarMenuProps) {
  const { name, email } = useViewer();
  const { preferences, save } = usePreferences();
  const [isLeaving, startLeaving] = useTransition();

  const chooseTheme = (theme: Theme) => {
    applyTheme(theme);
    void save({ theme });
  };

  return (
    <Menu>
      <MenuTrigger render={<Button variant="ghost" size="icon" isPending={isLeaving} />}>
        <span className="sr-only">Account of {name ?? email}</span>
        {isLeaving ? null : (
          <span
            aria-hidden
            className="flex size-6 items-center justify-center rounded-full bg-primary font-medium text-on-primary text-xs"
          >
            {initialsOf(name ?? email)}
          </span>
        )}
      </MenuTrigger>
      <MenuContent className="w-60">
        <div className="min-w-0 px-2 py-1.5">
          {name === null ? null : <p className="truncate font-medium">{name}</p>}
          <p className="truncate text-muted-fg text-xs">{email}</p>
        </div>
        <MenuSeparator />
        <MenuLink render={<Link href="/profile" />} closeOnClick>
          <UserRound aria-hidden />
          Profile
        </MenuLink>
        <MenuItem onClick={onShowShortcuts}>
          <Keyboard aria-hidden />
          Keyboard shortcuts
        </MenuItem>
        {DOCUMENTS.map(({ href, label }) => (
          <MenuLink key={href} href={withBasePath(href)}>
            <BookOpen aria-hidden />
            {label}
          </MenuLink>
        ))}
        <MenuSeparator />
        <MenuGroup>
          <MenuLabel>Theme</MenuLabel>
          <MenuRadioGroup value={preferences.theme} onValueChange={chooseTheme}>
            {THEMES.map((theme) => (
              <MenuRadioItem key={theme} value={theme}>
                {THEME_LABELS[theme]}
              </MenuRadioItem>
            ))}
          </MenuRadioGroup>
        </MenuGroup>
        <MenuSeparator />
        <MenuItem onClick={() => startLeaving(async () => void (await signOut({})))}>
          <LogOut aria-hidden />
          Sign out
        </MenuItem>
      </MenuContent>
    </Menu>
  );
}

/** One or two letters that stand for a person. */
function initialsOf(name: string): string {
  const words = name.split(/[\s.@_-]+/).filter((word) => word !== "");
  return words
    .slice(0, 2)
    .map((word) => word.charAt(0).toUpperCase())
    .join("");
}
