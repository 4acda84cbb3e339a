import Link from "next/link";
import type { PromptPage } from "#lib/contract/prompt-board.ts";
import { cn } from "../../../_ui/cn.ts";
import { focusRing } from "../../../_ui/primitives/focus-ring.ts";
import { Timestamp } from "../../../_ui/timestamp.tsx";
import { LabelChip } from "../label-chips.tsx";
import { type PromptTabId, promptHref } from "../prompt-href.ts";

export interface VersionRailProps {
  page: PromptPage;
  tab: PromptTabId;
}

/** The versions of a prompt, newest first; a press opens one in the part that is open. */
export function VersionRail({ page, tab }: VersionRailProps) {
  const { prompt, version: open, heads, versions } = page;
  return (
    <nav
      aria-label="Versions"
      className="flex max-h-64 min-w-0 flex-col overflow-y-auto rounded-lg border border-border lg:max-h-[70dvh]"
    >
      <ol className="flex flex-col">
        {heads.map((head) => {
          const isOpen = head.version === open.version;
          return (
            <li key={head.version} className="border-border border-b last:border-b-0">
              <Link
                href={promptHref(prompt.name, {
                  v: head.version,
                  tab: tab === "template" ? null : tab,
                })}
                aria-current={isOpen ? "page" : undefined}
                className={cn(
                  focusRing,
                  "-outline-offset-2 flex flex-col gap-1 px-3 py-2 text-sm hover:bg-muted",
                  isOpen && "bg-muted",
                )}
              >
                <span className="flex min-w-0 flex-wrap items-center gap-1.5">
                  <span className={cn("tabular-nums", isOpen && "font-medium")}>
                    Version {head.version}
                  </span>
                  {head.labels.map((label) => (
                    <LabelChip key={label} label={label}>
                      {label}
                    </LabelChip>
                  ))}
                </span>
                <span className="line-clamp-2 break-words">{head.note}</span>
                <span className="flex flex-wrap gap-x-2 text-muted-fg text-xs">
                  <Timestamp at={head.created_at} style="relative" />
                  {head.created_by === null ? null : (
                    <span className="min-w-0 truncate">{head.created_by}</span>
                  )}
                </span>
              </Link>
            </li>
          );
        })}
      </ol>
      {versions > heads.length ? (
        <p className="px-3 py-2 text-muted-fg text-xs">
          The newest {heads.length} of {versions} versions. Older ones open by their number in the
          address.
        </p>
      ) : null}
    </nav>
  );
}
