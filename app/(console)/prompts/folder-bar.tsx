"use client";

import type { Route } from "next";
import Link from "next/link";
import { cn } from "../../_ui/cn.ts";
import { focusRing } from "../../_ui/primitives/focus-ring.ts";

export interface FolderBarProps {
  /** All folders, sorted: `mail`, `mail/team`. */
  folders: readonly string[];
  folder: string | null;
}

/** The way to the open folder, and the folders in it. */
export function FolderBar({ folders, folder }: FolderBarProps) {
  const way = folder === null ? [] : pathsOf(folder);
  const inside = folders.filter((each) => parentOf(each) === folder);
  return (
    <nav aria-label="Folders" className="flex min-w-0 flex-wrap items-center gap-1.5 text-sm">
      <FolderLink folder={null} label="All" isCurrent={folder === null} />
      {way.map((path) => (
        <FolderLink
          key={path}
          folder={path}
          label={`/ ${lastOf(path)}`}
          isCurrent={path === folder}
        />
      ))}
      {inside.length === 0 ? null : <span aria-hidden className="mx-1 h-4 w-px bg-border" />}
      {inside.map((path) => (
        <FolderLink key={path} folder={path} label={`${lastOf(path)}/`} isCurrent={false} />
      ))}
    </nav>
  );
}

interface FolderLinkProps {
  folder: string | null;
  label: string;
  isCurrent: boolean;
}

function FolderLink({ folder, label, isCurrent }: FolderLinkProps) {
  const query = folder === null ? "" : `?folder=${encodeURIComponent(folder)}`;
  return (
    <Link
      href={`/prompts${query}` as Route}
      aria-current={isCurrent ? "page" : undefined}
      className={cn(
        focusRing,
        "inline-flex min-h-6 items-center rounded-sm px-1.5 text-muted-fg hover:bg-muted hover:text-fg",
        isCurrent && "font-medium text-fg",
      )}
    >
      {label}
    </Link>
  );
}

function pathsOf(folder: string): string[] {
  return folder.split("/").map((_, at, parts) => parts.slice(0, at + 1).join("/"));
}

function parentOf(folder: string): string | null {
  const at = folder.lastIndexOf("/");
  return at === -1 ? null : folder.slice(0, at);
}

function lastOf(folder: string): string {
  return folder.slice(folder.lastIndexOf("/") + 1);
}
