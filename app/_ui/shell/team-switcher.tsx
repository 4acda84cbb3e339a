"use client";

import { Check, ChevronsUpDown } from "lucide-react";
import type { Route } from "next";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useTransition } from "react";
import { Button } from "../primitives/button.tsx";
import { Menu, MenuContent, MenuItem, MenuTrigger } from "../primitives/menu.tsx";
import { useViewer } from "../viewer-context.tsx";
import { type NavRow, navRowOf } from "./nav.ts";

export interface TeamSwitcherProps {
  teams: readonly { id: string; name: string }[];
}

/** Narrows the pages that know teams to one of them; absent from the others. */
export function TeamSwitcher({ teams }: TeamSwitcherProps) {
  const { role } = useViewer();
  const router = useRouter();
  const pathname = usePathname();
  const query = useSearchParams();
  const [isPending, startTransition] = useTransition();
  const row: NavRow | undefined = navRowOf(pathname);
  if (row?.carries === undefined || teams.length === 0) {
    return null;
  }
  const chosen = query.get("team");
  const everything = role === "admin" ? "All teams" : "Everything I may see";

  const choose = (id: string | null) => {
    const next = new URLSearchParams(query);
    next.delete("team");
    // The rows of another team have other places in the list.
    next.delete("cursor");
    if (id !== null) {
      next.set("team", id);
    }
    const text = next.toString();
    // The page that is open, with another query.
    startTransition(() => router.push((text === "" ? pathname : `${pathname}?${text}`) as Route));
  };

  return (
    <Menu>
      <MenuTrigger
        render={
          <Button variant="ghost" isPending={isPending} className="min-w-0 shrink max-sm:px-1.5" />
        }
      >
        <span className="sr-only">Team:</span>
        <span className="max-w-44 truncate">
          {teams.find(({ id }) => id === chosen)?.name ?? everything}
        </span>
        <ChevronsUpDown aria-hidden className="text-muted-fg" />
      </MenuTrigger>
      <MenuContent align="start">
        {[{ id: null, name: everything }, ...teams].map(({ id, name }) => (
          <MenuItem key={id ?? "all"} onClick={() => choose(id)}>
            <Check aria-hidden className={id === chosen ? "text-primary" : "invisible"} />
            <span className="max-w-64 truncate">{name}</span>
            {id === chosen ? <span className="sr-only">(chosen)</span> : null}
          </MenuItem>
        ))}
      </MenuContent>
    </Menu>
  );
}
