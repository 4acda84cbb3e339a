"use client";

import { Link as LinkIcon } from "lucide-react";
import { useState } from "react";
import type { Interval } from "#lib/contract/time-range.ts";
import { CopyButton } from "../../_ui/copy-button.tsx";
import { Button } from "../../_ui/primitives/button.tsx";
import {
  Popover,
  PopoverContent,
  PopoverTitle,
  PopoverTrigger,
} from "../../_ui/primitives/popover.tsx";
import { SwitchOption } from "../../_ui/primitives/switch.tsx";

export interface PinnedLinkProps {
  interval: Interval;
}

/** The page's address: as it is, or with the times of now, so that it always shows the same. */
export function PinnedLink({ interval }: PinnedLinkProps) {
  const [isPinned, setPinned] = useState(false);
  const [isOpen, setOpen] = useState(false);
  const text = isOpen ? addressOf(isPinned ? interval : null) : "";
  return (
    <Popover open={isOpen} onOpenChange={setOpen}>
      <PopoverTrigger
        render={
          <Button>
            <LinkIcon aria-hidden className="text-muted-fg" />
            Link
          </Button>
        }
      />
      <PopoverContent className="flex w-72 flex-col gap-3" align="end">
        <PopoverTitle className="font-medium">Copy link</PopoverTitle>
        <SwitchOption
          label="Pin times"
          hint="The link shows this time, whenever it is opened."
          checked={isPinned}
          onCheckedChange={setPinned}
        />
        <CopyButton text={text} what="link" hasLabel variant="outline" className="self-start" />
      </PopoverContent>
    </Popover>
  );
}

function addressOf(interval: Interval | null): string {
  const url = new URL(window.location.href);
  if (interval !== null) {
    url.searchParams.delete("range");
    url.searchParams.set("from", new Date(interval.fromMs).toISOString());
    url.searchParams.set("to", new Date(interval.toMs).toISOString());
  }
  return url.href;
}
